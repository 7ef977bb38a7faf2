type Method = (this: object, ...args: unknown[]) => unknown;

/** Puts `around` in the place of a method until it is undone; `around` calls the method itself. */
export function patchMethod(owner: object, name: string, around: (real: Method) => Method): () => void {
  const before = Object.getOwnPropertyDescriptor(owner, name);
  const real = before?.value as Method | undefined;
  if (before === undefined || real === undefined) return () => undefined;
  const patched = around(real);
  Object.defineProperty(patched, "name", { value: name });
  Object.defineProperty(owner, name, { ...before, value: patched });
  return () => void Object.defineProperty(owner, name, before);
}
