import { mkdirSync, rmSync, writeFileSync } from "node:fs";
import { createServer, type Server, type Socket } from "node:net";
import { availableParallelism, homedir } from "node:os";
import { join } from "node:path";
import { getHeapStatistics } from "node:v8";
import { awaitSource } from "../observe/await-source.js";
import { dump, stack } from "../observe/dump-text.js";
import { scheduler } from "../core/current-runtime.js";

/**
 * An agent that the `gops` command talks to (github.com/google/gops, agent/agent.go and signal/signal.go): a port on
 * 127.0.0.1, its number in a file named by the process id, one byte of request, text in answer, and the end.
 */
const SIGNALS: Readonly<Record<number, () => string>> = {
  0x1: () => stack() + awaitsText(),
  0x2: () => (typeof gc === "function" ? (void gc(), "") : "start node with --expose-gc to let gops collect garbage\n"),
  0x3: memory,
  0x4: () => `unpark on node ${process.version}\n`,
  0x7: () =>
    `goroutines: ${scheduler.all.size}\nOS threads: 1\nGOMAXPROCS: 1\nnum CPU: ${availableParallelism()}\n`,
};

/** As goroutines, while they are sampled. */
function awaitsText(): string {
  const goroutines = awaitSource.current?.goroutines() ?? [];
  return goroutines.length === 0 ? "" : `\n${dump({ provenance: { source: "unpark runtime", how: "run" }, goroutines, losses: [] })}`;
}

/** A running agent. */
export interface GopsAgent {
  /** Where it listens, on 127.0.0.1. */
  readonly port: number;
  /** Ends it, and removes its file. */
  close(): Promise<void>;
}

/**
 * An agent that the `gops` command talks to, on 127.0.0.1. `close` ends it and removes its file. It does not keep the process alive.
 *
 * @param options `port`: where it listens; default: a free one.
 * @throws what listening is rejected with: a port that is taken.
 * @example
 * const agent = await gopsAgent();
 * assert.ok(agent.port > 0);
 * await agent.close();
 */
export async function gopsAgent(options: { readonly port?: number } = {}): Promise<GopsAgent> {
  const sockets = new Set<Socket>();
  const server = createServer((socket) => {
    sockets.add(socket.unref());
    socket.once("close", () => sockets.delete(socket));
    serve(socket);
  });
  await new Promise<void>((resolve, reject) => {
    server.once("error", reject);
    server.listen(options.port ?? 0, "127.0.0.1", resolve);
  });
  server.on("error", () => undefined); // one connection that could not be taken
  server.maxConnections = MOST_CONNECTIONS;
  server.unref();
  const { port } = server.address() as { port: number };
  const file = join(configFolder(), String(process.pid));
  mkdirSync(configFolder(), { recursive: true, mode: 0o700 });
  writeFileSync(file, String(port), { mode: 0o600 });
  const remove = (): void => rmSync(file, { force: true });
  process.once("exit", remove);
  return { port, close: () => end(server, sockets, remove) };
}

function end(server: Server, sockets: ReadonlySet<Socket>, remove: () => void): Promise<void> {
  process.off("exit", remove);
  remove();
  for (const socket of sockets) socket.destroy(); // one that asks nothing would hold the server open
  return new Promise((resolve) => server.close(() => resolve()));
}

function serve(socket: Socket): void {
  socket.setTimeout(SILENCE, () => socket.destroy());
  socket.on("error", () => socket.destroy());
  socket.once("data", (bytes) => socket.end(replyTo(bytes[0]!)));
}

/** Whatever the byte is, it ends in words: this runs in the middle of somebody's service. */
function replyTo(signal: number): string {
  try {
    return SIGNALS[signal]?.() ?? `unpark's agent does not know signal 0x${signal.toString(16)}\n`;
  } catch (error) {
    return `it could not be told: ${error instanceof Error ? error.message : String(error)}\n`;
  }
}

const MOST_CONNECTIONS = 16;
/** Milliseconds: who connects asks at once. */
const SILENCE = 10_000;

/** internal/internal.go: $GOPS_CONFIG_DIR, else the user's configuration folder. */
function configFolder(): string {
  const { GOPS_CONFIG_DIR, XDG_CONFIG_HOME } = process.env;
  return GOPS_CONFIG_DIR ?? join(XDG_CONFIG_HOME ?? join(homedir(), ".config"), "gops");
}

function memory(): string {
  const { used_heap_size, total_heap_size, heap_size_limit } = getHeapStatistics();
  return `alloc: ${used_heap_size} bytes\nsys: ${total_heap_size} bytes\nheap-limit: ${heap_size_limit} bytes\n`;
}
