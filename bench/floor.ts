// What a run's time goes to: `node --enable-source-maps dist/bench/floor.js [words of the programs' names]`. For each program of host.ts and
// net.ts: runs a second of CPU time, and which share of that is Go's compiled code, the host's, putting memory back, and collecting
// garbage, by V8's profile of this thread, of which the samples are counted (a sample of a thread that does not run is none). Other threads
// are V8's, which collect and compile. "floor" is what a host would reach that costs nothing: Go's code alone. That has in it what the host
// put there (stores that note their page, jumps that are counted, the hooks of go/) and the calls to the host.
// Output kept in floor.txt.
import { readFileSync } from "node:fs";
import { Session, type Profiler } from "node:inspector";
import { cpus } from "node:os";
import { Prng } from "../src/base/prng.js";
import * as own from "../test/guest-fixture.js";
import { drawnRun, hostPrograms, naturalRun, NET, netPrograms, type BenchProgram } from "./programs.js";

const SECONDS = 3;
const WARM_UP = 6;
const SAMPLE_MICROS = 250;
/** To ask for the processor time costs as much as a small run. */
const AT_ONCE = 32;

const KINDS = ["go", "host", "copies", "gc", "rest", "threads"] as const;
type Kind = (typeof KINDS)[number];
type Shares = Readonly<Record<Kind, number>>;

const cpu = (): number => {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1e6;
};

/** Of this thread alone, in seconds. */
const threadCpu = (): number => Number(readFileSync(`/proc/self/task/${process.pid}/schedstat`, "utf8").split(" ")[0]) / 1e9;

/** What V8's samples stand in. A function of V8's own (an array's, a Map's, a copy) counts as who calls it. */
function kindOf({ callFrame: { functionName, url } }: Profiler.ProfileNode, caller: Kind): Kind {
  if (url.startsWith("wasm:")) return "go";
  if (functionName === "(garbage collector)") return "gc";
  if (functionName === "(program)" || functionName === "(idle)" || functionName === "(root)") return "rest";
  if (/memory-copies|instance-snapshot/.test(url)) return "copies";
  return url === "" ? caller : "host";
}

function samplesOf({ nodes, samples = [] }: Profiler.Profile): Readonly<Record<Kind, number>> {
  const kinds = new Map<number, Kind>();
  const byId = new Map(nodes.map((node) => [node.id, node]));
  const visit = (id: number, caller: Kind): void => {
    const node = byId.get(id)!;
    const kind = kindOf(node, caller);
    kinds.set(id, kind);
    for (const child of node.children ?? []) visit(child, kind);
  };
  visit(nodes[0]!.id, "rest");
  const counts = { go: 0, host: 0, copies: 0, gc: 0, rest: 0, threads: 0 };
  for (const id of samples) counts[kinds.get(id)!]++;
  return counts;
}

function post<T>(session: Session, method: string, parameters: object = {}): T {
  let answer: T | undefined;
  session.post(method, parameters, (error, result) => {
    if (error) throw new Error(error.message);
    answer = result as T;
  });
  return answer!;
}

interface Measured {
  readonly rate: number;
  readonly shares: Shares;
}

function runFor(seconds: number, one: () => void): number {
  const start = cpu();
  let runs = 0;
  do {
    for (let n = 0; n < AT_ONCE && (n === 0 || cpu() - start < seconds); n++, runs++) one();
  } while (cpu() - start < seconds);
  return runs;
}

/** The rate without a profile; then the shares with it. */
function measure(one: () => void): Measured {
  runFor(WARM_UP, one);
  const began = cpu();
  const runs = runFor(SECONDS, one);
  const rate = runs / (cpu() - began);
  const session = new Session();
  session.connect();
  post(session, "Profiler.enable");
  post(session, "Profiler.setSamplingInterval", { interval: SAMPLE_MICROS });
  post(session, "Profiler.start");
  const [all, thread] = [cpu(), threadCpu()];
  runFor(SECONDS, one);
  const ownShare = Math.min(1, (threadCpu() - thread) / (cpu() - all));
  const { profile } = post<{ profile: Profiler.Profile }>(session, "Profiler.stop");
  session.disconnect();
  const samples = samplesOf(profile);
  const total = KINDS.reduce((sum, kind) => sum + samples[kind], 0);
  const share = (kind: Kind): number => (kind === "threads" ? 1 - ownShare : (ownShare * samples[kind]) / total);
  return { rate, shares: { go: share("go"), host: share("host"), copies: share("copies"), gc: share("gc"), rest: share("rest"), threads: share("threads") } };
}

function row({ what }: BenchProgram, one: () => void): void {
  const { rate, shares } = measure(one);
  const cells = KINDS.map((kind) => `${(100 * shares[kind]).toFixed(0).padStart(6)} %`).join("");
  console.log(`${rate.toFixed(0).padStart(8)}${(rate / shares.go).toFixed(0).padStart(9)} ${cells}  ${what}`);
}

const words = process.argv.slice(2);
const isWanted = ({ what }: BenchProgram): boolean => words.length === 0 || words.some((word) => what.includes(word));
console.log(`node ${process.version}, V8 ${process.versions.v8}, ${cpus()[0]?.model ?? "?"}, CPU time of the process`);
console.log(`  runs/s    floor ${["go", "host", "copies", "gc", "rest", "threads"].map((kind) => kind.padStart(8)).join("")}`);
for (const one of (await hostPrograms(own)).filter(isWanted)) {
  const random = new Prng(1);
  row(one, () => void drawnRun(one.program, random));
}
for (const one of (await netPrograms(own, NET)).filter(isWanted)) row(one, () => void naturalRun(one.program));
