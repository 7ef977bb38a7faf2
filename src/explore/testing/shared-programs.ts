import { LAZY_CLOCK, type ClockPolicy } from "../fairness.js";
import { after, load, lock, onRecv, panics, recv, rmw, select, send, sleep, spawn, store, unless, unlock, type ModelProgramText, type Op } from "./model-operations.js";

/** A program whose schedules several explore together, and the clock under which they do. */
export type SharedProgramCase = readonly [title: string, text: ModelProgramText, clock: ClockPolicy];

export const times = <T>(n: number, make: (i: number) => T): T[] => Array.from({ length: n }, (_, i) => make(i));
export const spawns = (n: number, body: (i: number) => readonly Op[]): Op[] => times(n, (i) => spawn(...body(i)));

const EARLY: ClockPolicy = { kind: "any", early: 2 };

/** n goroutines that take one lock: n! schedules that differ. */
export const lockedBy = (n: number): ModelProgramText => ({ main: spawns(n, () => [lock(1), unlock(1)]) });

/** Of each kind one that has parts to give away: channels, time, and what a single order in many shows. */
export const SHARED_PROGRAMS: readonly SharedProgramCase[] = [
  ["senders, receivers and a select", {
    channels: { 1: 0, 2: 1 },
    main: [...spawns(3, (i) => [send(1, i)]), ...spawns(2, (i) => [send(2, i)]), ...spawns(3, () => [select([onRecv(1), onRecv(2)])]), recv(1)],
  }, LAZY_CLOCK],
  ["timers and an early clock", {
    channels: { 1: 0, 2: 1, 3: 1 },
    main: [
      spawn(sleep(5), send(1)), spawn(after(3, 4), select([onRecv(3), onRecv(1)])), ...spawns(2, (i) => [sleep(3 + i), rmw(9)]),
      after(2, 10), select([onRecv(1), onRecv(2)]),
    ],
  }, EARLY],
  ["a panic that others would prevent", {
    main: [...spawns(4, (i) => [lock(2), unlock(2), store(1, i)]), load(1), unless(0, 1), panics("too early"), lock(2), unlock(2)],
  }, EARLY],
];
