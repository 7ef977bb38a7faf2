import {
  after, close, condsignal, condwait, lock, onRecv, recv, rlock, rmw, runlock, select, send, sleep, spawn, unlock, wgadd, wgwait, wlock,
  wunlock, type ModelProgramText, type Op,
} from "../../src/explore/testing/model-operations.js";

const DONE = 90;
/** Goroutines that main starts and waits for, as the Rust programs join their threads. */
const joined = (...bodies: readonly (readonly Op[])[]): readonly Op[] => [
  ...bodies.map(() => wgadd(DONE)),
  ...bodies.map((body) => spawn(...body, wgadd(DONE, -1))),
  wgwait(DONE),
];
const times = <T>(n: number, make: (i: number) => T): T[] => Array.from({ length: n }, (_, i) => make(i));

/** The same five as in rust/src/main.rs; `traces`: how many schedules differ, and why. */
export const COMPARED: readonly { readonly name: string; readonly traces: number; readonly why: string; readonly text: ModelProgramText }[] = [
  { name: "three threads, one lock", traces: 6, why: "3!", text: { main: joined(...times(3, () => [lock(1), rmw(2), unlock(1)])) } },
  { name: "two threads, three increments each", traces: 20, why: "6 choose 3", text: { main: joined(...times(2, () => times(3, () => rmw(1)))) } },
  {
    name: "three values through a channel", traces: 1, why: "the buffer keeps their order",
    text: { channels: { 1: 3 }, main: [...joined(times(3, (i) => send(1, i))).slice(0, -1), recv(1), recv(1), recv(1), wgwait(DONE)] },
  },
  {
    name: "three threads, a lock each, twice", traces: 1, why: "nothing in common",
    text: { main: joined(...times(3, (i) => [lock(i + 1), unlock(i + 1), lock(i + 1), unlock(i + 1)])) },
  },
  {
    name: "two readers, one writer", traces: 4, why: "each reader before or after the writer",
    text: { main: joined([rlock(1), runlock(1)], [rlock(1), runlock(1)], [...wlock(1), rmw(2), wunlock(1)]) },
  },
];

const noise = (object: number, n: number): readonly Op[] => times(n, () => [lock(object), rmw(object + 1), unlock(object)]).flat();

/** Programs with a bug that only some schedules show: a deadlock, a leak, a panic. */
export const BUGS: readonly { readonly name: string; readonly text: ModelProgramText; readonly shows: (signature: string) => boolean }[] = [
  {
    name: "lock order, two locks", shows: (s) => s.endsWith("deadlock"),
    text: { main: [spawn(lock(1), lock(2), unlock(2), unlock(1)), lock(2), lock(1), unlock(1), unlock(2)] },
  },
  {
    name: "lock order behind 20 other steps", shows: (s) => s.endsWith("deadlock"),
    text: { main: [spawn(...noise(10, 6), lock(1), lock(2), unlock(2), unlock(1)), ...noise(20, 6), lock(2), lock(1), unlock(1), unlock(2)] },
  },
  {
    name: "three philosophers, two meals", shows: (s) => s.endsWith("deadlock"),
    text: { main: joined(...times(3, (i) => times(2, () => [lock(1 + i), lock(1 + ((i + 1) % 3)), unlock(1 + ((i + 1) % 3)), unlock(1 + i)]).flat())) },
  },
  {
    name: "sender abandoned after a timeout", shows: (s) => s.includes("1.1@1["),
    text: { channels: { 1: 0, 2: 1 }, main: [spawn(sleep(5), send(1)), after(2, 10), select([onRecv(1), onRecv(2)])] },
  },
  {
    name: "signal before wait", shows: (s) => s.includes("w["),
    text: { main: [spawn(lock(1), ...condwait(2, 1), unlock(1)), ...noise(20, 3), lock(1), condsignal(2), unlock(1)] },
  },
  {
    name: "send on closed channel, among four senders", shows: (s) => s.includes("closed channel"),
    text: { channels: { 1: 4 }, main: [...times(4, (i) => spawn(...noise(10 * (i + 1), 2), send(1, i))), ...times(3, () => recv(1)), close(1)] },
  },
];
