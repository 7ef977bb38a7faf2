/**
 * Leaves out the fields that are undefined: with exactOptionalPropertyTypes a missing field and an undefined one differ.
 *
 * Not for what runs at each step or for each record: a conditional spread of one field costs less there.
 *
 * @example
 * ```ts
 * optional({ line: 3, column: undefined }); // { line: 3 }
 * ```
 */
export function optional<T extends object>(fields: T): { [K in keyof T]?: Exclude<T[K], undefined> } {
  const kept: Record<string, unknown> = {};
  // No entries and no copies: it runs once for each exploration, and those of small programs take microseconds.
  for (const key in fields) if (fields[key] !== undefined) kept[key] = fields[key];
  return kept as { [K in keyof T]?: Exclude<T[K], undefined> };
}
