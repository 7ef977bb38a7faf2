import type { Io } from "../io.js";
import { NO_PROJECT } from "../project.js";

interface FakeIo extends Io {
  readonly out: () => string;
  readonly err: () => string;
}

/** An `Io` for tests: nothing is a terminal, what is written is kept. */
export function fakeIo(overrides: Partial<Io> = {}): FakeIo {
  const out: Uint8Array[] = [];
  const err: Uint8Array[] = [];
  const keep = (list: Uint8Array[]) => ({ write: (data: string | Uint8Array) => void list.push(Buffer.from(data)) });
  return {
    stdout: keep(out),
    stderr: keep(err),
    stdin: (async function* () {})(),
    env: {},
    cwd: "/",
    isTTY: { stdout: false, stderr: false },
    colour: false,
    columns: 80,
    rows: 24,
    signal: new AbortController().signal,
    self: ["unpark"],
    project: NO_PROJECT,
    ...overrides,
    out: () => Buffer.concat(out).toString(),
    err: () => Buffer.concat(err).toString(),
  };
}
