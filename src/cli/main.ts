// The door: the only file that touches `process`.
import { publicWords, secretsIn } from "../model/public-name.js";
import { setMaxListeners } from "node:events";
import { dispatch } from "./dispatch.js";
import type { Io, Sink } from "./io.js";
import { NO_PROJECT } from "./project.js";

const abort = new AbortController();
setMaxListeners(0, abort.signal); // each of a hundred targets listens
for (const name of ["SIGINT", "SIGTERM", "SIGHUP"] as const) {
  process.on(name, () => {
    if (abort.signal.aborted) process.exit(130);
    abort.abort(new Error("interrupted"));
  });
}

/** A reader that went away (`unpark … | head`) is no error. */
function sink(stream: NodeJS.WriteStream): Sink {
  stream.on("error", (error: NodeJS.ErrnoException) => {
    if (error.code === "EPIPE" || stream === process.stderr) return;
    process.stderr.write(`unpark: the output could not be written (${error.code ?? error.message})\n`);
    process.exit(2);
  });
  const drained = (): Promise<void> =>
    new Promise((done) => {
      const over = (): void => {
        stream.off("drain", over).off("close", over).off("error", over);
        done();
      };
      stream.on("drain", over).on("close", over).on("error", over);
    });
  // One listener for all who wait: many may write before one reads.
  let waiting: Promise<void> | undefined;
  return {
    write: (data) => void stream.write(data),
    slow: () => (stream.writableNeedDrain && !stream.destroyed ? (waiting ??= drained().finally(() => (waiting = undefined))) : undefined),
  };
}

/** What `ps` shows to everybody on the machine: without a password that stood on the command line. */
const words = process.argv.slice(2);
if (secretsIn(words).length > 0) process.title = publicWords(["unpark", ...words]).join(" ");

const io: Io = {
  stdout: sink(process.stdout),
  stderr: sink(process.stderr),
  stdin: process.stdin,
  env: process.env,
  cwd: process.cwd(),
  isTTY: { stdout: process.stdout.isTTY === true, stderr: process.stderr.isTTY === true },
  colour: process.stdout.isTTY === true && !process.env["NO_COLOR"] && process.env["TERM"] !== "dumb",
  get columns() {
    return process.stdout.columns ?? 80;
  },
  get rows() {
    return process.stdout.rows ?? 24;
  },
  onResize: (changed) => {
    process.stdout.on("resize", changed);
    return () => void process.stdout.off("resize", changed);
  },
  signal: abort.signal,
  self: [...new Set([process.execPath, process.argv[1] ?? process.execPath])], // a single executable is its own script
  project: NO_PROJECT,
};

const code = await dispatch(words, io);
// Leave only once both streams are written; a worker that is still stopping must not hold the process.
await Promise.all([process.stdout, process.stderr].map((s) => new Promise((done) => s.write("", () => done(undefined)))));
process.exit(code);
