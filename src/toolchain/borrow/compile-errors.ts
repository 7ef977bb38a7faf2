import { basename, resolve } from "node:path";

/** What keeps a package from being built: a line of the compiler's, or that it has no file for the target (then no `file`). */
export interface CompileError {
  readonly package: string;
  readonly file: string;
  readonly line: number;
  readonly column: number;
  readonly message: string;
}

/** The compiler says no more than ten errors a package, and then that. */
const TOO_MANY = "too many errors";

const HEADER = /^# (\S+)(?: \[\S+\])?$/;
const ERROR = /^(\S.*?\.go):(\d+):(?:(\d+):)? (.*)$/;
const EXCLUDED = /build constraints exclude all Go files in (.+)$/;

/** Reads what `go build` said. `packageAt` names the package whose files are in a folder. */
export function compileErrors(words: string, cwd: string, packageAt: (dir: string) => string | undefined): readonly CompileError[] {
  const found: CompileError[] = [];
  let current = "";
  for (const line of words.split("\n")) {
    const excluded = EXCLUDED.exec(line);
    if (excluded) {
      const path = packageAt(resolve(cwd, excluded[1]!));
      if (path !== undefined && !found.some((one) => one.package === path)) found.push({ package: path, file: "", line: 0, column: 0, message: line.trim() });
      continue;
    }
    current = HEADER.exec(line)?.[1] ?? current;
    const error = ERROR.exec(line);
    if (error) found.push({ package: current, file: basename(error[1]!), line: Number(error[2]), column: Number(error[3] ?? 1), message: error[4]! });
  }
  return found;
}

/** The packages of which more is wrong than was said. */
export const cutShortIn = (words: string): readonly string[] => {
  const cut: string[] = [];
  let current = "";
  for (const line of words.split("\n")) {
    current = HEADER.exec(line)?.[1] ?? current;
    if (line.trim().endsWith(TOO_MANY) && current !== "") cut.push(current);
  }
  return [...new Set(cut)];
};
