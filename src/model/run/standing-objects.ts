import type { ObjectId } from "../ids.js";

/**
 * The variables of a program in a language where nothing shows which of them a step reads and writes: one object, which
 * every step accesses as `rmw`.
 */
export const VARIABLES_OBJECT = -2 as ObjectId;

/** The clock is an object too: steps that read the time access it by `load`, the clock's own step by `clock`. */
export const CLOCK_OBJECT = 0 as ObjectId;
