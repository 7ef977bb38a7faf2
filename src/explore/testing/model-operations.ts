import type { ObjectId } from "../../model/ids.js";

/**
 * The language of the small programs that the explorer is tested with: each goroutine is a list of operations. What a
 * goroutine saw (values received and loaded, select cases, failed trylocks) goes into its log, so that two runs that
 * differ for any goroutine differ in the logs.
 */
export type Op =
  | { readonly op: "send"; readonly object: ObjectId; readonly value: number }
  | { readonly op: "recv" | "close"; readonly object: ObjectId }
  | { readonly op: "select"; readonly cases: readonly Case[]; readonly orElse: boolean }
  | { readonly op: "lock" | "unlock" | "trylock"; readonly object: ObjectId }
  | { readonly op: "rlock" | "runlock" | "wlock" | "wacquire" | "wunlock"; readonly object: ObjectId }
  | { readonly op: "wgadd"; readonly object: ObjectId; readonly value: number }
  | { readonly op: "wgwait"; readonly object: ObjectId }
  | { readonly op: "condwait"; readonly object: ObjectId; readonly mutex: ObjectId }
  | { readonly op: "condsignal" | "condbroadcast"; readonly object: ObjectId }
  | { readonly op: "load" | "rmw"; readonly object: ObjectId }
  | { readonly op: "store"; readonly object: ObjectId; readonly value: number }
  | { readonly op: "sleep"; readonly value: number }
  /** `time.After`: puts a value into the channel when its time has come. */
  | { readonly op: "timerreset"; readonly object: ObjectId; readonly value: number }
  | { readonly op: "timerstop"; readonly object: ObjectId }
  | { readonly op: "random"; readonly value: number }
  | { readonly op: "yield" }
  // What no other goroutine can notice by itself; done together with the operation before it.
  | { readonly op: "spawn"; readonly body: readonly Op[] }
  /** Unless the last entry of the goroutine's log is `value`, leaves out the next `count` operations. */
  | { readonly op: "unless"; readonly value: number; readonly count: number }
  | { readonly op: "panic"; readonly message: string };

export type Case =
  | { readonly direction: "send"; readonly object: ObjectId; readonly value: number }
  | { readonly direction: "recv"; readonly object: ObjectId };

/** What a program is made of. Objects that are not listed as channels are whatever they are first used as. */
export interface ModelProgramText {
  readonly name?: string;
  /** Sizes of the channels, by object. */
  readonly channels?: Readonly<Record<number, number>>;
  readonly main: readonly Op[];
  /** Virtual time after which a run ends. Default 1,000. */
  readonly horizon?: number;
}

/** What it touches first. */
export const objectOf = (op: Op): ObjectId | undefined => (op.op === "select" ? op.cases[0]?.object : "object" in op ? op.object : undefined);

// Shorthands. Objects are small positive numbers; 0 is the clock.
const id = (n: number): ObjectId => n as ObjectId;
export const send = (n: number, value = 1): Op => ({ op: "send", object: id(n), value });
export const recv = (n: number): Op => ({ op: "recv", object: id(n) });
export const close = (n: number): Op => ({ op: "close", object: id(n) });
export const select = (cases: readonly Case[], orElse = false): Op => ({ op: "select", cases, orElse });
export const onSend = (n: number, value = 1): Case => ({ direction: "send", object: id(n), value });
export const onRecv = (n: number): Case => ({ direction: "recv", object: id(n) });
export const lock = (n: number): Op => ({ op: "lock", object: id(n) });
export const unlock = (n: number): Op => ({ op: "unlock", object: id(n) });
export const trylock = (n: number): Op => ({ op: "trylock", object: id(n) });
export const rlock = (n: number): Op => ({ op: "rlock", object: id(n) });
export const runlock = (n: number): Op => ({ op: "runlock", object: id(n) });
export const wlock = (n: number): readonly Op[] => [{ op: "wlock", object: id(n) }, { op: "wacquire", object: id(n) }];
export const wunlock = (n: number): Op => ({ op: "wunlock", object: id(n) });
export const wgadd = (n: number, value = 1): Op => ({ op: "wgadd", object: id(n), value });
export const wgwait = (n: number): Op => ({ op: "wgwait", object: id(n) });
export const condwait = (n: number, mutex: number): readonly Op[] => [
  { op: "condwait", object: id(n), mutex: id(mutex) },
  lock(mutex),
];
export const condsignal = (n: number): Op => ({ op: "condsignal", object: id(n) });
export const condbroadcast = (n: number): Op => ({ op: "condbroadcast", object: id(n) });
export const load = (n: number): Op => ({ op: "load", object: id(n) });
export const store = (n: number, value = 1): Op => ({ op: "store", object: id(n), value });
export const rmw = (n: number): Op => ({ op: "rmw", object: id(n) });
export const sleep = (value: number): Op => ({ op: "sleep", value });
export const after = (n: number, value: number): Op => ({ op: "timerreset", object: id(n), value });
export const stopTimer = (n: number): Op => ({ op: "timerstop", object: id(n) });
export const random = (value: number): Op => ({ op: "random", value });
export const yields = (): Op => ({ op: "yield" });
export const spawn = (...body: readonly Op[]): Op => ({ op: "spawn", body });
export const unless = (value: number, count: number): Op => ({ op: "unless", value, count });
export const panics = (message: string): Op => ({ op: "panic", message });
