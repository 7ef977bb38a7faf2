/** How far a run is followed by default. */

/** Nanoseconds of virtual time after which the clock no longer moves: ten minutes. */
export const DEFAULT_HORIZON = 600e9;
/** Steps. */
export const DEFAULT_STEPS = 20_000;
/** Steps of the longest run that is recorded, explored and replayed; a longer natural run only shows whether the program passes. */
export const RECORDED_STEPS = 200_000;
