import { spawn, type ChildProcess } from "node:child_process";
import { addAbortSignal } from "node:stream";
import { publicWords } from "../model/public-name.js";
import { CollectError, type CollectOptions } from "./collected.js";

/**
 * Starts a program, lets it work for a while, then asks Go's runtime for its last words: SIGQUIT makes it print every
 * goroutine to stderr and exit (runtime/signal_unix.go, sighandler). GOTRACEBACK=all, so that none is left out.
 */
export async function* quitChild(argv: readonly string[], afterMs: number, options: CollectOptions): AsyncGenerator<Uint8Array> {
  const [program, ...rest] = argv;
  const child = spawn(program!, rest, { cwd: options.cwd, stdio: ["pipe", "ignore", "pipe"], detached: true, env: { ...options.env, GOTRACEBACK: "all" } });
  // Its stdin stays open and silent: many services end when it is closed.
  const failed = new Promise<never>((_, reject) => {
    child.once("error", (error: NodeJS.ErrnoException) => {
      reject(new CollectError(`${publicWords(argv)[0]}: ${error.code === "ENOENT" ? "there is no such program" : error.code === "EACCES" ? "permission denied" : error.message}`));
    });
  });
  failed.catch(() => undefined);
  // A process of its own may hold its stderr open after it: the group is ended, and no more is read than up to then.
  const over = new AbortController();
  const stop = (): void => {
    killGroup(child);
    over.abort();
  };
  const timers = [setTimeout(() => child.kill("SIGQUIT"), afterMs), setTimeout(stop, afterMs + options.timeoutMs)];
  let silence: NodeJS.Timeout | undefined; // since the program's own end
  child.once("exit", () => void (silence = setTimeout(stop, GRACE)));
  options.signal.addEventListener("abort", stop, { once: true });
  process.once("exit", stop);
  try {
    await Promise.race([failed, new Promise((done) => child.once("spawn", done))]);
    for await (const chunk of addAbortSignal(over.signal, child.stderr)) {
      yield chunk as Uint8Array;
      silence?.refresh();
    }
  } catch (error) {
    if (error instanceof CollectError) throw error;
    if (over.signal.aborted) return;
    throw new CollectError(`${publicWords(argv)[0]}: its stderr could not be read (${(error as Error).message})`);
  } finally {
    timers.forEach(clearTimeout);
    clearTimeout(silence);
    options.signal.removeEventListener("abort", stop);
    process.off("exit", stop);
    killGroup(child);
    child.stderr.destroy();
  }
}

/** Its own group (`detached`): the program, and what it started. */
function killGroup(child: ChildProcess): void {
  if (child.pid === undefined) return;
  try {
    process.kill(-child.pid, "SIGKILL");
  } catch {
    child.kill("SIGKILL"); // a system without groups, or all of it is gone
  }
}

/** What a program wrote before its end is in the pipe by then. */
const GRACE = 1000;
