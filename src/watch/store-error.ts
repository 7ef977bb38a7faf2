/** The store could not do it: one sentence that says what, where and what to do next. */
export class StoreError extends Error {
  /** Somebody else holds the database at this moment: worth another attempt. */
  readonly busy: boolean;

  constructor(file: string, cause: unknown) {
    const { code = "", message } = cause as { readonly code?: string; readonly message: string };
    const text = `${code} ${message}`;
    super(`${file}: ${WORDS.find(([pattern]) => pattern.test(text))?.[1] ?? `the store could not be used (${message})`}`);
    this.name = "StoreError";
    this.busy = /SQLITE_BUSY|SQLITE_LOCKED|is locked|^40001|^40P01|^55P03|^23514/.test(text);
  }
}

/** By SQLite's result codes (sqlite.org/rescode.html), or, where a driver does not say them, by its words; by SQLSTATE (23514: the day's part of the table is not there any more), and by the system's words for connections. */
const WORDS: readonly (readonly [RegExp, string])[] = [
  [/SQLITE_BUSY|SQLITE_LOCKED|is locked/, "another process holds the store"],
  [/SQLITE_FULL|is full/, "the disk is full"],
  [/SQLITE_CORRUPT|SQLITE_NOTADB|malformed|not a database|not valid JSON|Unexpected token|Unexpected end/, "the store is damaged; move it away, or name another with --store FILE"],
  [/SQLITE_READONLY|readonly/, "the store may not be written"],
  [/SQLITE_CANTOPEN|unable to open/, "the store cannot be opened; is its folder there, and may it be written?"],
  [/SQLITE_IOERR|disk I\/O/, "the disk does not read or write (I/O error)"],
  [/^40001|^40P01|^55P03|^23514/, "another watch was at it at the same moment"],
  [/^53100/, "the server's disk is full"],
  [/^53300/, "the server has no connection left (max_connections)"],
  [/^28|^3D000/, "the server does not let this user in, or has no such database"],
  [/^42501/, "this user may not do it there; the tables belong to whoever made them"],
  [/^08|^57P|^ECONN|^EPIPE|^ETIMEDOUT|^ENOTFOUND|^EAI_AGAIN|^EHOST|^ENETUNREACH|^ENOENT|timeout|terminated|closed the connection|not queryable/, "the server cannot be reached"],
];
