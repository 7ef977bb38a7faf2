/** Closes a switch over a union: does not compile while a member is missing. */
export function unreachable(value: never): never {
  throw new Error(`unpark: unexpected value ${JSON.stringify(value)}; this is a bug in unpark`);
}
