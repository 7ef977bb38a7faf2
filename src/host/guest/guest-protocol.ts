/** What the host and go/runtime/unpark_box.go agree on: the layout of unparkBox, and the numbers of events. */

/** Byte offsets in unparkBox. */
export const BOX = {
  hooks: 0,
  idle: 4,
  trace: 8,
  npcs: 12,
  pollUntil: 16,
  ns: 24,
  timer: 32,
  leakGC: 36,
  faults: 40,
  watched: 44,
  late: 48,
  passes: 52,
  passed: 56,
  acted: 60,
  wake: 64,
  more: 68,
  touched: 72,
  channels: 72 + 64 * 4,
  pcs: 72 + 128 * 4,
  layout: 72 + 128 * 4 + 64 * 8,
} as const;

/**
 * Callers whose atomics are no choice in this program, 1,024 u32, each at the place of its hash: the guest asks no more about
 * them (unparkPasses). No copy of a world takes them back.
 */
export const PASSING = 8192;
export const PASSING_END = PASSING + 4 * 1024;
export const passingAt = (pc: number): number => PASSING + 4 * (Math.imul(pc, 0x9e3779b1) >>> 22);

/** The u32 fields behind `BOX.layout`, in order: where things are in this Go version's structs. */
export const LAYOUT_FIELDS = [
  "chanQcount",
  "chanDataqsiz",
  "chanClosed",
  "chanTimer",
  "chanRecvq",
  "chanSendq",
  "timerWhen",
  "scaseSize",
  "gGoid",
  "gM",
  "gCase",
  "gSeed",
  "mCurg",
  "timeTimer",
  "bloc", // the address of the runtime's break, not an offset
  "mutable", // the address of the first data that is ever written: what lies before (types, line tables) is not copied
  "gBubble", // 0: this Go version has no synctest bubbles
  "timerIsFake",
  "gGopc",
  "gStartpc",
  "timerArg",
  "gSched",
  "heap", // the address behind the last variable
  "chanBubble",
  "bubbleNow",
] as const;
export type Layout = Readonly<Record<(typeof LAYOUT_FIELDS)[number], number>>;

export const EVENT = { main: 1, test: 2, skip: 3, end: 4, timer: 5, touch: 6, collector: 7, effect: 8, handOver: 9, rest: 10, fail: 11 } as const;

/** What `point` answers: stop here, go on without stopping, or give the caller's name first. */
export const POINT = { park: 0, goOn: 1, nameIt: 2, nameOuter: 3 } as const;

/** What `state` answers besides the number of the operation that a goroutine cannot go on with; `nil` is added to it. */
export const STATE = { other: -1, runnable: -2, nil: 64 } as const;

/** What `idle` answers, and stands in BOX.wake, besides a goroutine's address. */
export const IDLE = { stepOver: 0, clockMoved: -1, asWithoutUs: -2 } as const;

/** The parent of the goroutine in which control begins. */
export const SCOPE = 0xffffffff;

/** `unparkCase`: wait in the queues, for the partner in the same step. */
export const CASE_WAIT = -2;
/** After the run: its select waits though it could go on, and the leak collection is to know that. */
export const CASE_WAIT_READY = -3;
