/**
 * What a function was called with, as Go's compiler tells its tracebacks (funcdata ArgInfo): values without names and types.
 * A string is a group of an address and a length, a slice one of three words, a struct a group of its fields.
 */
export type Argument =
  | { readonly kind: "word"; readonly size: number; readonly value: bigint }
  /** `text`: where it may be a string, the first bytes of it. */
  | { readonly kind: "group"; readonly parts: readonly Argument[]; readonly text?: string }
  /** There are more, which Go does not tell. */
  | { readonly kind: "cut" };
