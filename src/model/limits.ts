/** How far a run is followed by default. */

/** Nanoseconds of virtual time after which the clock no longer moves: ten minutes. */
export const DEFAULT_HORIZON = 600e9;
/** Steps. */
export const DEFAULT_STEPS = 20_000;
