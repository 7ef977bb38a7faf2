/**
 * `unpark run program.ts` explores what the program would run as main: it takes the body, once, in place of running it.
 * Undefined in every other process.
 */
export const mainHook: { take: ((body: () => unknown) => Promise<void>) | undefined } = { take: undefined };
