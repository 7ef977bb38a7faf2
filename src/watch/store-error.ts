/** The store could not do it: one sentence that says what, where and what to do next. */
export class StoreError extends Error {
  /** Somebody else holds the database at this moment: worth another attempt. */
  readonly busy: boolean;

  constructor(file: string, cause: unknown) {
    const { code = "", message } = cause as { readonly code?: string; readonly message: string };
    const text = `${code} ${message}`;
    super(`${file}: ${WORDS.find(([pattern]) => pattern.test(text))?.[1] ?? `the store could not be used (${message})`}`);
    this.name = "StoreError";
    this.busy = /SQLITE_BUSY|SQLITE_LOCKED|is locked/.test(text);
  }
}

/** By SQLite's result codes (sqlite.org/rescode.html), or, where a driver does not say them, by its words. */
const WORDS: readonly (readonly [RegExp, string])[] = [
  [/SQLITE_BUSY|SQLITE_LOCKED|is locked/, "another process holds the store"],
  [/SQLITE_FULL|is full/, "the disk is full"],
  [/SQLITE_CORRUPT|SQLITE_NOTADB|malformed|not a database|not valid JSON|Unexpected token|Unexpected end/, "the store is damaged; move it away, or name another with --store FILE"],
  [/SQLITE_READONLY|readonly/, "the store may not be written"],
  [/SQLITE_CANTOPEN|unable to open/, "the store cannot be opened; is its folder there, and may it be written?"],
  [/SQLITE_IOERR|disk I\/O/, "the disk does not read or write (I/O error)"],
];
