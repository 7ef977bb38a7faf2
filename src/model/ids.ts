import type { Brand } from "../base/brand.js";

/**
 * A goroutine's name: which child of which goroutine it is. `"1"` is the scope's own (main, the test), `"1.2"` the
 * second that it started, `"0.k"` the k-th that was there before the scope began. Equivalent runs give equal names,
 * which the runtime's own numbers do not.
 */
export type GoroutineName = Brand<string, "GoroutineName">;

/** An object (channel, mutex, timer …) within one run. Stable along one prefix of choices; not across programs. */
export type ObjectId = Brand<number, "ObjectId">;

/** Nanoseconds, of virtual or of real time. */
export type Nanos = Brand<bigint, "Nanos">;

export const goroutineName = (name: string): GoroutineName => name as GoroutineName;
export const objectId = (id: number): ObjectId => id as ObjectId;
export const nanos = (value: bigint): Nanos => value as Nanos;
