import { readdir, readFile } from "node:fs/promises";
import { connect } from "node:net";
import { homedir } from "node:os";
import { join } from "node:path";
import { spellOut } from "../base/spell-out.js";
import type { AgentProcess } from "../model/results/process.js";
import { publicWords } from "../model/public-name.js";
import { CollectError, type CollectOptions } from "./collected.js";

/**
 * The protocol of github.com/google/gops's agent: connect, send one byte, read until it closes (signal/signal.go).
 * A process with an agent writes the port it listens on to a file named by its id (internal/internal.go).
 */
const SIGNALS = { stack: 0x1, memory: 0x3, version: 0x4, stats: 0x7 } as const;
export type GopsSignal = keyof typeof SIGNALS;

type Where = { readonly host: string; readonly port: number };

export async function* askAgent(where: Where, signal: GopsSignal, name: string, options: CollectOptions): AsyncGenerator<Uint8Array> {
  const socket = connect({ host: where.host, port: where.port, signal: options.signal });
  // For all of the answer, not for each byte of it: an agent that drips would never end.
  const late = setTimeout(() => socket.destroy(new CollectError(`${name}: no complete answer of the gops agent within ${options.timeoutMs / 1000} s; --timeout allows more`)), options.timeoutMs);
  socket.write(Uint8Array.of(SIGNALS[signal]));
  try {
    for await (const chunk of socket) yield chunk as Uint8Array;
  } catch (error) {
    if (error instanceof CollectError) throw error;
    const { code, message } = error as NodeJS.ErrnoException;
    throw new CollectError(
      `${name}: ${code === "ECONNREFUSED" ? `no gops agent listens on ${where.host}:${where.port}; did the process end?` : message}`,
    );
  } finally {
    clearTimeout(late);
    socket.destroy();
  }
}

/** Where the agent of a process listens. */
export async function agentOf(pid: number, env: CollectOptions["env"]): Promise<Where> {
  if (!(await isRunning(pid))) throw new CollectError(`pid:${pid}: there is no process with this number`);
  const file = join(agentFolder(env), String(pid));
  let text: string;
  try {
    text = await readFile(file, "utf8");
  } catch (error) {
    const denied = (error as NodeJS.ErrnoException).code === "EACCES";
    throw new CollectError(
      denied
        ? `pid:${pid}: permission denied reading the gops agent's port; run as the user that owns the process`
        : `pid:${pid}: the process has no gops agent; give its pprof address instead, or add github.com/google/gops/agent to it`,
    );
  }
  const port = Number(text.trim());
  if (!Number.isInteger(port) || port < 1 || port > 65535) throw new CollectError(`pid:${pid}: the gops agent's port file holds '${text.slice(0, 20)}'`);
  return { host: "127.0.0.1", port };
}

/** All running processes that have an agent, of this user. */
export async function agentProcesses(env: CollectOptions["env"]): Promise<readonly AgentProcess[]> {
  const names = await readdir(agentFolder(env)).catch(() => []);
  const found = await Promise.all(
    names.filter((name) => /^\d+$/.test(name)).map(async (name): Promise<AgentProcess | undefined> => {
      const where = await agentOf(Number(name), env).catch(() => undefined);
      return where && { pid: Number(name), program: await programOf(name), port: where.port };
    }),
  );
  return found.filter((entry) => entry !== undefined).sort((a, b) => a.pid - b.pid);
}

/** Its command line, short; only where there is a /proc. */
async function programOf(pid: string): Promise<string> {
  const words = await readFile(`/proc/${pid}/cmdline`, "utf8").catch(() => "");
  const text = publicWords(words.slice(0, 1 << 16).split("\0").map(spellOut)).join(" ").trim();
  return text === "" ? "?" : text.length > 100 ? `${text.slice(0, 99)}…` : text;
}

/** GOPS_CONFIG_DIR, or `gops` in the folder that Go's os.UserConfigDir names. */
function agentFolder(env: CollectOptions["env"]): string {
  const own = env["GOPS_CONFIG_DIR"];
  if (own) return own;
  if (process.platform === "darwin") return join(env["HOME"] ?? homedir(), "Library/Application Support/gops");
  if (process.platform === "win32") return join(env["APPDATA"] ?? homedir(), "gops");
  return join(env["XDG_CONFIG_HOME"] || join(env["HOME"] ?? homedir(), ".config"), "gops");
}

async function isRunning(pid: number): Promise<boolean> {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === "EPERM"; // it runs, but is somebody else's
  }
}
