import { systemWallClock } from "../base/wall-clock.js";
import { publicWords } from "../model/public-name.js";
import { CollectError, type CollectedBytes, type CollectOptions } from "./collected.js";
import { readFileChunks } from "./file.js";
import { sourceName, type Source } from "./source.js";
import { unpack } from "./unpack.js";

/** The world → bytes with their provenance. Nothing is asked for before `chunks` is read. */
export function collect(source: Source, options: CollectOptions): CollectedBytes {
  const name = sourceName(source);
  return {
    source: name,
    // A text that was saved or pasted was taken at any time; profiles say theirs themselves.
    ...(source.kind === "file" || source.kind === "stdin" ? {} : { at: options.now() }),
    ...(source.kind === "pid" || source.kind === "gops" ? { how: "gops" } : {}),
    chunks: source.kind === "file" || source.kind === "stdin" ? unpack(rawChunks(source, name, options), name, options) : inTime(unpack(rawChunks(source, name, options), name, options), name, options),
  };
}

/**
 * What little bytes of a service unpack to is read within the time that its whole answer may take: half a megabyte may be
 * 250 million lines, and would keep a processor busy for minutes at each look.
 */
async function* inTime(chunks: AsyncIterable<Uint8Array>, name: string, { steady = () => systemWallClock.now(), timeoutMs }: CollectOptions): AsyncGenerator<Uint8Array> {
  const end = steady() + timeoutMs;
  let isLate = false;
  for await (const chunk of chunks) {
    const over = steady() - end;
    if (over <= 0) yield chunk;
    else isLate = true;
    if (over > LAST_WORDS_MS) break;
  }
  if (isLate) throw new CollectError(`${name}: what it sent is not read within ${timeoutMs / 1000} s; --timeout allows more`);
}

/** So long it is read on, and dropped: a service that still sends is ended by its transport's limit, which began a moment later, and whose words say more. */
const LAST_WORDS_MS = 50;

/** A program of our own starting, stopped by SIGQUIT after a while. */
export function collectChild(argv: readonly string[], afterMs: number, options: CollectOptions): CollectedBytes {
  const name = publicWords(argv).join(" ");
  return { source: name, at: options.now(), how: "SIGQUIT", chunks: unpack(viaSignal(argv, afterMs, options), name, options) };
}

function rawChunks(source: Source, name: string, options: CollectOptions): AsyncIterable<Uint8Array> {
  switch (source.kind) {
    case "stdin":
      return options.stdin;
    case "file":
      return readFileChunks(source.path, options);
    case "url":
    case "unix":
      return viaHttp(source, options);
    case "pyroscope":
      return viaPyroscope(source, name, options);
    case "pid":
      return viaAgent(source.pid, name, options);
    case "gops":
      return viaGops(source, name, options);
  }
}

// Loaded when they are asked for: a file needs neither Node's network nor its processes.

async function* viaSignal(argv: readonly string[], afterMs: number, options: CollectOptions): AsyncGenerator<Uint8Array> {
  yield* (await import("./child.js")).quitChild(argv, afterMs, options);
}

async function* viaHttp(source: Extract<Source, { kind: "url" | "unix" }>, options: CollectOptions): AsyncGenerator<Uint8Array> {
  yield* (await import("./http.js")).fetchProfile(source, options);
}

async function* viaPyroscope(source: Extract<Source, { kind: "pyroscope" }>, name: string, options: CollectOptions): AsyncGenerator<Uint8Array> {
  yield* (await import("./pyroscope.js")).lastProfile(source, name, options);
}

async function* viaGops(source: Extract<Source, { kind: "gops" }>, name: string, options: CollectOptions): AsyncGenerator<Uint8Array> {
  yield* (await import("./gops.js")).askAgent(source, "stack", name, options);
}

async function* viaAgent(pid: number, name: string, options: CollectOptions): AsyncGenerator<Uint8Array> {
  const { agentOf, askAgent } = await import("./gops.js");
  yield* askAgent(await agentOf(pid, options.env), "stack", name, options);
}
