import fc from "fast-check";
import {
  after, close, condbroadcast, condsignal, condwait, load, lock, onRecv, onSend, recv, rlock, rmw, runlock, select, send,
  sleep, spawn, stopTimer, store, trylock, unless, unlock, wgadd, wgwait, wlock, wunlock, type ModelProgramText, type Op,
} from "./model-operations.js";

/** Which operations a random program is made of. */
export type Family =
  | "mutex" | "rwmutex" | "buffered" | "unbuffered" | "select" | "atomic" | "waitgroup" | "cond" | "sleep" | "timer";

type Snippet = readonly Op[];
const one = (...snippets: readonly Snippet[]): fc.Arbitrary<Snippet> => fc.constantFrom(...snippets);

/** Objects: mutexes 1, 2; RWMutex 3; unbuffered 4, 5; buffered 6 (size 1), 7 (size 2); atomics 8, 9; WaitGroup 10; … */
const SNIPPETS: Readonly<Record<Family, fc.Arbitrary<Snippet>>> = {
  mutex: one([lock(1), unlock(1)], [lock(2), unlock(2)], [lock(1), lock(2), unlock(2), unlock(1)],
    [lock(2), lock(1), unlock(1), unlock(2)], [trylock(1)], [lock(1)], [lock(1), rmw(8), unlock(1)]),
  rwmutex: one([rlock(3), runlock(3)], [...wlock(3), wunlock(3)], [rlock(3), rmw(8), runlock(3)], [rlock(3), rlock(3), runlock(3), runlock(3)]),
  buffered: one([send(6, 1)], [send(6, 2)], [recv(6)], [send(7, 3)], [recv(7)], [recv(7), unless(3, 1), send(6, 4)], [close(6)]),
  unbuffered: one([send(4, 1)], [send(4, 2)], [recv(4)], [send(5, 1)], [recv(5)], [recv(4), unless(1, 1), send(5, 3)], [close(5)]),
  select: one([select([onRecv(4), onSend(5, 2)])], [select([onRecv(6), onRecv(4)], true)], [select([onSend(6, 5), onRecv(5)])],
    [select([onSend(6, 1)], true)], [select([onRecv(6)], true), unless(0, 1), rmw(9)], [send(4, 7)], [recv(5)], [send(6, 8)], [recv(6)], [close(4)]),
  atomic: one([load(8)], [store(8, 5)], [rmw(8)], [load(9)], [load(8), unless(5, 1), store(9, 6)], [rmw(9)]),
  waitgroup: one([wgadd(10, 1)], [wgadd(10, -1)], [wgwait(10)], [wgadd(10, 1), wgadd(10, -1)], [wgwait(10), rmw(8)]),
  cond: one([lock(1), ...condwait(11, 1), unlock(1)], [condsignal(11)], [condbroadcast(11)], [lock(1), rmw(8), condsignal(11), unlock(1)]),
  sleep: one([sleep(5)], [sleep(10)], [sleep(5), rmw(8)], [load(8)]),
  timer: one([after(12, 5), recv(12)], [after(12, 7), select([onRecv(12), onRecv(4)])], [after(13, 5), select([onRecv(13), onSend(4, 9)])], [stopTimer(12)]),
};

const CHANNELS = { 4: 0, 5: 0, 6: 1, 7: 2, 12: 1, 13: 1 };

/** Main and up to three goroutines of up to three snippets each. */
export function randomProgram(families: readonly Family[]): fc.Arbitrary<ModelProgramText> {
  const snippet = fc.oneof(...families.map((family) => SNIPPETS[family]));
  const body = fc.array(snippet, { minLength: 1, maxLength: 3 }).map((snippets) => snippets.flat());
  return fc.tuple(fc.array(body, { minLength: 1, maxLength: 3 }), body).map(([children, main]) => ({
    channels: CHANNELS,
    main: [...children.map((child) => spawn(...child)), ...main],
  }));
}
