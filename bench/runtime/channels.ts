/* eslint-disable @typescript-eslint/no-unsafe-call, @typescript-eslint/no-unsafe-return, @typescript-eslint/no-unsafe-assignment, @typescript-eslint/no-unsafe-member-access --
   the types of ts-chan do not resolve under "moduleResolution": "NodeNext" */
// Channels side by side in one run: this runtime, the maintained channel packages of npm, a bare promise queue, and Go
// itself. `node --expose-gc dist/bench/runtime/channels.js > bench/runtime/channels.txt`. Each program runs once in turn
// with the other peers in many short rounds, and the best round of each counts, for the machine is shared.
import { execFileSync } from "node:child_process";
import { cpus } from "node:os";
import { fileURLToPath } from "node:url";
import { Channel as AsyncChannel } from "async-channel";
import { Chan as TsChan, Select as TsSelect, recv as tsRecv } from "ts-chan";
import { channel as thingChannel } from "@thi.ng/csp";
import { Chan, go, recv, runtime, select, sync } from "../../src/index.js";

interface Pipe {
  send(value: number): PromiseLike<unknown>;
  recv(): PromiseLike<unknown>;
}
interface Peer {
  readonly name: string;
  readonly pipe: (size: number) => Pipe;
  readonly start: (body: () => Promise<void>) => void;
  /** Receives `n` values from any of the pipes. */
  readonly selectFrom?: (pipes: readonly Pipe[], n: number) => Promise<void>;
}

const loose = (body: () => Promise<void>): void => void body();

/** What one would write without a library: a queue of values, a queue of waiting receivers, senders wait for both. */
class PromiseQueue implements Pipe {
  readonly #senders: { readonly value: number; readonly taken: () => void }[] = [];
  readonly #receivers: ((value: number) => void)[] = [];

  send(value: number): Promise<void> {
    const receiver = this.#receivers.shift();
    if (receiver) {
      receiver(value);
      return Promise.resolve();
    }
    return new Promise((taken) => this.#senders.push({ value, taken }));
  }

  recv(): Promise<number> {
    const sender = this.#senders.shift();
    if (!sender) return new Promise((resolve) => this.#receivers.push(resolve));
    sender.taken();
    return Promise.resolve(sender.value);
  }
}

const PEERS: readonly Peer[] = [
  {
    name: "unpark",
    pipe: (size) => new Chan<number>(size),
    start: go,
    async selectFrom(pipes, n) {
      const cases = (pipes as readonly Chan<number>[]).map((pipe) => recv(pipe));
      for (let i = 0; i < n; i++) await select(...cases);
    },
  },
  { name: "unpark (buffer of 1)", pipe: (size) => new Chan<number>(Math.max(1, size)), start: go },
  {
    name: "ts-chan",
    pipe: (size) => new TsChan<number>(size),
    start: loose,
    async selectFrom(pipes, n) {
      const ready = new TsSelect((pipes as readonly TsChan<number>[]).map((pipe) => tsRecv(pipe)));
      for (let i = 0; i < n; i++) {
        const at = await ready.wait();
        ready.recv(ready.cases[at] as never);
      }
    },
  },
  {
    name: "async-channel",
    pipe(size) {
      const pipe = new AsyncChannel<number>(size);
      return { send: (value) => pipe.push(value), recv: () => pipe.get() };
    },
    start: loose,
  },
  {
    name: "@thi.ng/csp (buffer of 1)", // it has no unbuffered channels: its writer does not wait for the reader
    pipe(size) {
      const pipe = thingChannel<number>(Math.max(1, size));
      return { send: (value) => pipe.write(value), recv: () => pipe.read() };
    },
    start: loose,
  },
  { name: "promise queue (no buffer)", pipe: () => new PromiseQueue(), start: loose },
];

async function pingPong({ pipe, start }: Peer, n: number): Promise<void> {
  const a = pipe(0);
  const b = pipe(0);
  start(async () => {
    for (let i = 0; i < n; i++) {
      await a.recv();
      await b.send(i);
    }
  });
  for (let i = 0; i < n; i++) {
    await a.send(i);
    await b.recv();
  }
}

async function pipeline({ pipe, start }: Peer, n: number): Promise<void> {
  const stages = [pipe(64), pipe(64), pipe(64), pipe(64)];
  for (let s = 0; s < 3; s++) {
    start(async () => {
      for (let i = 0; i < n; i++) await stages[s + 1]!.send((await stages[s]!.recv()) as number);
    });
  }
  start(async () => {
    for (let i = 0; i < n; i++) await stages[0]!.send(i);
  });
  for (let i = 0; i < n; i++) await stages[3]!.recv();
}

async function fanIn({ pipe, start }: Peer, n: number): Promise<void> {
  const into = pipe(0);
  for (let s = 0; s < 1000; s++) {
    start(async () => {
      for (let i = 0; i < n / 1000; i++) await into.send(i);
    });
  }
  for (let i = 0; i < n; i++) await into.recv();
}

async function selectTen(peer: Peer, n: number): Promise<void> {
  const pipes = Array.from({ length: 10 }, () => peer.pipe(0));
  for (const pipe of pipes) {
    peer.start(async () => {
      for (let i = 0; i < n / 10; i++) await pipe.send(i);
    });
  }
  await peer.selectFrom!(pipes, n);
}

async function mutex(_peer: Peer, n: number): Promise<void> {
  const mu = new sync.Mutex();
  const wg = new sync.WaitGroup();
  for (let g = 0; g < 10; g++) {
    await wg.go(async () => {
      for (let i = 0; i < n / 10; i++) {
        await mu.lock();
        await runtime.gosched();
        await mu.unlock();
      }
    });
  }
  await wg.wait();
}

const PROGRAMS = { "ping-pong": pingPong, pipeline, "fan-in": fanIn, "select of 10": selectTen, mutex } as const;
const N = 20_000;
const ROUNDS = 40;

/** The main of each measurement is a goroutine where the peer has goroutines. */
const measured = (peer: Peer, body: () => Promise<void>): Promise<number> =>
  new Promise((resolve, reject) => {
    peer.start(async () => {
      try {
        const start = performance.now();
        await body();
        resolve(performance.now() - start);
      } catch (error) {
        reject(error instanceof Error ? error : new Error(String(error)));
      }
    });
  });

/** Best rate of each peer that can do it; the peers take turns, so that a busy second hits all alike. */
async function rates(peers: readonly Peer[], program: (peer: Peer, n: number) => Promise<void>): Promise<Map<Peer, number>> {
  const best = new Map<Peer, number>();
  for (let round = 0; round < ROUNDS; round++) {
    for (const peer of peers) {
      const took = await measured(peer, () => program(peer, N));
      best.set(peer, Math.max(best.get(peer) ?? 0, (N * 1000) / took));
    }
  }
  return best;
}

async function parked(peer: Peer): Promise<number> {
  const n = 100_000;
  const forEver = peer.pipe(0);
  const before = heap();
  for (let i = 0; i < n; i++) {
    peer.start(async () => {
      await forEver.recv();
    });
  }
  await new Promise((resolve) => setTimeout(resolve, 300));
  return (heap() - before) / n;
}

function heap(): number {
  gc!();
  return process.memoryUsage().heapUsed;
}

function can(peer: Peer, program: string): boolean {
  if (program === "mutex") return peer.name === "unpark";
  if (program === "select of 10") return peer.selectFrom !== undefined;
  return program !== "pipeline" || !peer.name.startsWith("promise queue");
}

const thousands = (n: number): string => Math.round(n).toString().replace(/\B(?=(\d{3})+$)/g, ",").padStart(12);
const row = (name: string, cells: readonly string[]): void => console.log(name.padEnd(32) + cells.map((c) => c.padStart(14)).join(""));

const columns = [...Object.keys(PROGRAMS), "parked bytes"];
console.log(`node ${process.version}, ${process.arch}, ${cpus().length} x ${cpus()[0]!.model}; ${execFileSync("go", ["version"], { encoding: "utf8" }).trim()}`);
console.log(`operations a second (ping-pong: round trips), best of ${ROUNDS} rounds of ${N} (Go: one of 300,000); bytes of heap for each of 100,000 parked receivers\n`);
row("", columns);
const table = new Map<string, Map<Peer, number>>();
for (const [name, program] of Object.entries(PROGRAMS)) table.set(name, await rates(PEERS.filter((peer) => can(peer, name)), program));
/** csp takes at most 1,024 waiting readers; a buffer changes nothing for who waits to receive. */
const limited = (peer: Peer): boolean => peer.name.endsWith("(buffer of 1)");
for (const peer of PEERS) {
  const cells = Object.keys(PROGRAMS).map((name) => (table.get(name)!.has(peer) ? thousands(table.get(name)!.get(peer)!) : "-"));
  row(peer.name, [...cells, limited(peer) ? "-" : thousands(await parked(peer))]);
}
const folder = fileURLToPath(new URL("../../../bench/runtime/go", import.meta.url));
const inGo = JSON.parse(execFileSync("go", ["run", "."], { cwd: folder, encoding: "utf8" })) as Readonly<Record<string, number>>;
row("Go", columns.map((name) => thousands(inGo[name]!)));
process.exit(0);
