/** What is said of a module that ended before control began. */
export const exitsBefore = (code: number): string => `exits with code ${code} before it can be controlled`;

/** Where it ended well, as a TestMain does that lacks something. */
export const QUITS = exitsBefore(0);
