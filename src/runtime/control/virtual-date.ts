/**
 * `Date` with another clock: `new Date()` and `Date()` ask it, everything else is the real one's, `instanceof` too. Dates
 * that are made by it are the real one's.
 */
export function virtualDate(real: DateConstructor, now: () => number): DateConstructor {
  const virtual: DateConstructor = new Proxy(real, {
    construct: (_, args, maker) => Reflect.construct(real, args.length === 0 ? [now()] : args, maker === virtual ? real : maker) as object,
    apply: () => new real(now()).toString(),
  });
  return virtual;
}
