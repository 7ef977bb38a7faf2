// A fleet in PostgreSQL: 10,000 targets, a look at each a minute, a day of it, through the store as a watch uses it, in a real server on this
// machine (scripts/postgres.mjs) with Debian's settings: an hour is written through the store and packed by it, and copied on the server until the
// day is full; the last hour is under way, and lies as it was written.
// `node scripts/build.mjs && node dist/bench/watch/postgres.js [targets] > bench/watch/postgres.txt` (10,000 targets: about ten minutes)
import { spawnSync } from "node:child_process";
import { writeFileSync } from "node:fs";
import { Prng } from "../../src/base/prng.js";
import { openPostgresStore } from "../../src/watch/postgres/open-postgres.js";
import type { Look, Store, StoredGroup } from "../../src/watch/store.js";
import { noServer, PostgresServer } from "../../test/postgres/postgres-server.js";

const TARGETS = Number(process.argv[2] ?? "10000");
const SERVICES = 200;
const GROUPS = 30;
const HOURS = 24;
const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const START = Date.UTC(2026, 0, 5);
/** What waits in a second of this fleet, and the most that is put together. */
const SECOND = Math.ceil(TARGETS / 60);
const MOST = 500;

const random = new Prng(1);
const uniform = (): number => random.next() / 2 ** 32;

/** Each service has 30 groups: five of libraries that all have, 25 of its own; means from 1 to 300. */
const services = Array.from({ length: SERVICES }, (_, service) =>
  Array.from({ length: GROUPS }, (__, i): { readonly group: StoredGroup; readonly mean: number } => {
    const fingerprint = i < 5 ? `shared-library-${i}-0123456789` : `service-${service}-group-${i}-0123456789`;
    const frame = { function: `example.com/service${service}/internal/worker.(*Pool).run${i}`, file: `/src/service${service}/internal/worker/pool.go`, line: 10 + i };
    const stack = Array.from({ length: 20 }, (___, depth) => (depth === 0 ? frame : { ...frame, function: `${frame.function}.func${depth}`, line: 100 + depth }));
    return { group: { fingerprint, kind: "receive", waitReason: "chan receive", frame, stack }, mean: Math.ceil(Math.exp(uniform() * 5.7)) };
  }));

function lookAt(target: number, at: number): Look {
  const groups = services[target % SERVICES]!;
  let total = 0;
  const counts = new Map(groups.map(({ group, mean }) => {
    const count = Math.max(0, Math.round(mean + (uniform() + uniform() + uniform() - 1.5) * 2 * Math.sqrt(mean)));
    total += count;
    return [group.fingerprint, count] as const;
  }));
  return { scrape: { target: name(target), at, total, counts }, groups: groups.map(({ group }) => group) };
}

const name = (target: number): string => `http://10.${target >> 12}.${(target >> 4) & 255}.${target & 15}:6060/debug/pprof/goroutine`;
const rounded = (value: number, digits = 1): string => value.toFixed(digits);
const thousands = (value: number): string => Math.round(value).toLocaleString("en-US");

/** Milliseconds of `work`, done `times` times: median, nineteen in twenty, most. */
async function timed(times: number, work: (i: number) => Promise<unknown>): Promise<string> {
  const took: number[] = [];
  for (let i = 0; i < times; i++) {
    const begin = performance.now();
    await work(i);
    took.push(performance.now() - begin);
  }
  took.sort((a, b) => a - b);
  return `median ${rounded(took[times >> 1]!)} ms, 95 % ${rounded(took[Math.floor(times * 0.95)]!)} ms, most ${rounded(took.at(-1)!)} ms (${times})`;
}

async function writeHour(store: Store): Promise<void> {
  const begin = performance.now();
  let looks = 0;
  for (let minute = 0; minute < 60; minute++) {
    for (let first = 0; first < TARGETS; first += MOST) {
      await store.put(Array.from({ length: Math.min(MOST, TARGETS - first) }, (_, i) => lookAt(first + i, START + minute * MINUTE + (first + i) * 6)));
    }
    looks += TARGETS;
    if (minute % 10 === 9) console.error(`${minute + 1} min: ${thousands((looks / (performance.now() - begin)) * 1000)} looks a second`);
  }
  const seconds = (performance.now() - begin) / 1000;
  console.log(`| ${MOST} looks together, one connection, an hour of the fleet | ${thousands(looks / seconds)} | ${thousands((looks * GROUPS) / seconds)} |`);
}

/** The first hour is packed; of the others all but the last are copies of it, and the last one of what it was before. */
async function fillDay(server: PostgresServer, store: Store): Promise<string> {
  server.query(`INSERT INTO unpark_scrape SELECT at + ${(HOURS - 1) * HOUR}, target, total, counts FROM unpark_scrape WHERE at < ${START + HOUR} ORDER BY at, target`);
  const begin = performance.now();
  let turns = 0;
  for (let isDone = false; !isDone; turns++) isDone = await store.pack!(START + HOUR);
  const seconds = (performance.now() - begin) / 1000;
  const first = START / HOUR;
  for (let hour = 1; hour < HOURS - 1; hour++) server.query(`INSERT INTO unpark_hour SELECT target, hour + ${hour}, looks FROM unpark_hour WHERE hour = ${first} ORDER BY target`);
  return `Packing an hour of the fleet (${thousands(TARGETS * 60)} looks) when it is over: ${rounded(seconds, 0)} s in ${turns} turns, one a minute, beside the writing`;
}

async function rate(store: Store, together: number, times: number, at: number): Promise<void> {
  let next = 0;
  const begin = performance.now();
  for (let i = 0; i < times; i++) await store.put(Array.from({ length: together }, () => lookAt(next % TARGETS, at + Math.floor(next++ / TARGETS) * MINUTE + (next % TARGETS) * 6)));
  const seconds = (performance.now() - begin) / 1000;
  console.log(`| ${together === 1 ? "one look at a time" : `${together} looks together: what a second of the fleet brings`} | ${thousands(next / seconds)} | ${thousands((next * GROUPS) / seconds)} |`);
}

async function queries(store: Store, title: string): Promise<void> {
  const end = START + HOURS * HOUR;
  const one = (i: number): string => name((i * 7919) % TARGETS);
  console.log(`\n${title}\n| query | time |\n|---|---|`);
  console.log(`| a target's last 24 h, all groups (a group's curve; what changed) | ${await timed(40, (i) => store.scrapes(one(i), end - 24 * HOUR))} |`);
  console.log(`| a target's last 130 min (what growth needs, at a watch's start) | ${await timed(40, (i) => store.scrapes(one(i + 100), end - 130 * MINUTE))} |`);
  console.log(`| what 30 groups are, with their stacks | ${await timed(40, (i) => store.groups(services[i]!.map(({ group }) => group.fingerprint)))} |`);
  console.log(`| the names of all targets | ${await timed(20, () => store.targets())} |`);
}

async function opened(server: PostgresServer): Promise<Store> {
  const store = await openPostgresStore(server.address(), 30_000);
  if (!store.ok) throw new Error(store.error);
  return store.value;
}

if (noServer !== false) throw new Error(noServer);
const server = await PostgresServer.start();
try {
  const [version] = server.query("SELECT version()");
  const cpu = spawnSync("sh", ["-c", "grep -m1 'model name' /proc/cpuinfo | cut -d: -f2; nproc; grep MemTotal /proc/meminfo"], { encoding: "utf8" }).stdout.split("\n").map((line) => line.trim());
  console.log(`${version}\n${cpu[0]}, ${cpu[1]} cores shared with other work, ${cpu[2]}; Node ${process.version}; pg 8.23.1\n${thousands(TARGETS)} targets of ${SERVICES} services, ${GROUPS} groups each: ${SECOND} looks a second are needed\n`);
  const store = await opened(server);
  console.log("| writes | looks a second | counts a second |\n|---|---|---|");
  await writeHour(store);
  const packing = await fillDay(server, store);
  await rate(store, SECOND, 60, START + 25 * 3_600_000);
  await rate(store, 1, 1000, START + 26 * 3_600_000);
  server.query("CHECKPOINT");
  server.query("VACUUM ANALYZE");
  const day = START / 86_400_000;
  const [sizes] = server.query(`SELECT pg_total_relation_size('unpark_hour_d${day}'), pg_indexes_size('unpark_hour_d${day}'), (SELECT avg(length(looks)) FROM unpark_hour_d${day}), pg_total_relation_size('unpark_scrape_d${day}'), pg_total_relation_size('unpark_group'), pg_total_relation_size('unpark_target'), (SELECT count(*) FROM unpark_group), (SELECT count(*) FROM unpark_stack), pg_total_relation_size('unpark_stack')`);
  const [packed, index, bytes, waiting, groups, targets, groupCount, stackCount, stacks] = sizes!.split("|").map(Number) as [number, number, number, number, number, number, number, number, number];
  const dayBytes = (packed / (HOURS - 1)) * 24;
  console.log(`\n${packing}`);
  console.log(`Disk: ${rounded(dayBytes / 2 ** 30, 2)} GiB for a day of the fleet, ${rounded((dayBytes * 30) / 2 ** 30, 0)} GiB for 30: ${rounded(packed / (HOURS - 1) / 60 / TARGETS)} bytes a look (an hour of a target ${rounded(bytes, 0)} bytes; index ${rounded(index / 2 ** 20, 0)} MiB); besides ${rounded(waiting / 2 ** 30, 2)} GiB where the looks of the hour that is under way lie, and those of the one before did`);
  console.log(`${thousands(groupCount)} groups ${rounded(groups / 2 ** 20)} MiB, their ${thousands(stackCount)} stacks of 20 frames ${rounded(stacks / 2 ** 20)} MiB, ${thousands(TARGETS)} targets ${rounded(targets / 2 ** 20)} MiB`);
  await queries(store, "Queries, as `unpark serve` asks them");
  await store.close();
  await server.kill();
  try {
    spawnSync("sync");
    writeFileSync("/proc/sys/vm/drop_caches", "3");
    await server.start();
    const cold = await opened(server);
    await queries(cold, "The same after the server was started again, with nothing of the disk in memory");
    await cold.close();
  } catch (error) {
    console.log(`\nWith nothing of the disk in memory: not measured (${(error as Error).message})`);
    await server.start();
  }
  const watches = await Promise.all([1, 2, 3].map(() => opened(server)));
  const all = Array.from({ length: TARGETS }, (_, i) => name(i));
  server.query("VACUUM ANALYZE");
  const turns: number[] = [];
  for (let turn = 0; turn < 4; turn++) for (const [i, watch] of watches.entries()) turns[i] = (await watch.sharing!.share(all)).mine.size;
  console.log(`\nLeases: three watches, ${thousands(TARGETS)} targets: ${turns.map(thousands).join(", ")} after four turns; a turn (each renews every 10 s) ${await timed(30, (i) => watches[i % 3]!.sharing!.share(all))}`);
  const begin = performance.now();
  await watches[0]!.prune(START + 2 * 86_400_000);
  console.log(`Forgetting ${HOURS} h: ${rounded((performance.now() - begin) / 1000, 2)} s`);
  await Promise.all(watches.map((watch) => watch.close()));
} finally {
  await server.close();
}
