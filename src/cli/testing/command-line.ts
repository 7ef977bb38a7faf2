import { Readable } from "node:stream";
import { BIN } from "./bin.js";
import { KeptThreads } from "../../pipeline/pool/kept-threads.js";
import { dispatch } from "../dispatch.js";
import type { Io } from "../io.js";
import { NO_PROJECT } from "../project.js";

interface Call {
  readonly cwd?: string;
  readonly env?: Readonly<Record<string, string | undefined>>;
  readonly input?: string;
}

/** As `spawnSync` tells it, with `encoding: "utf8"`. */
interface Said {
  readonly status: number;
  readonly stdout: string;
  readonly stderr: string;
}

/**
 * `unpark ARGV` in the test's own process, as its door (main.ts) would begin it with pipes for streams: no process starts and no module is loaded twice,
 * which is half of a small exploration's time of processors. Tests about the process itself (signals, pipes, exit) start bin/unpark.js.
 */
export async function unpark(argv: readonly string[], { cwd = process.cwd(), env = process.env, input = "" }: Call = {}): Promise<Said> {
  const said = { stdout: [] as Uint8Array[], stderr: [] as Uint8Array[] };
  const sink = (stream: keyof typeof said): Io["stdout"] => ({ write: (data) => void said[stream].push(Buffer.from(data)) });
  const status = await dispatch(argv, {
    stdout: sink("stdout"), stderr: sink("stderr"), stdin: Readable.from(input === "" ? [] : [Buffer.from(input)]),
    env, cwd, isTTY: { stdout: false, stderr: false }, colour: false, columns: 80, rows: 24,
    signal: new AbortController().signal, self: [process.execPath, BIN], threads, project: NO_PROJECT,
  });
  return { status, stdout: Buffer.concat(said.stdout).toString(), stderr: Buffer.concat(said.stderr).toString() };
}

const threads = new KeptThreads();
