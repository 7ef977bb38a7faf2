import { spawn } from "node:child_process";
import { CollectError, type CollectOptions } from "./collected.js";

/**
 * Starts a program, lets it work for a while, then asks Go's runtime for its last words: SIGQUIT makes it print every
 * goroutine to stderr and exit (runtime/signal_unix.go, sighandler). GOTRACEBACK=all, so that none is left out.
 */
export async function* quitChild(argv: readonly string[], afterMs: number, options: CollectOptions): AsyncGenerator<Uint8Array> {
  const [program, ...rest] = argv;
  const child = spawn(program!, rest, { cwd: options.cwd, stdio: ["pipe", "ignore", "pipe"], env: { ...options.env, GOTRACEBACK: "all" } });
  // Its stdin stays open and silent: many services end when it is closed.
  const failed = new Promise<never>((_, reject) => {
    child.once("error", (error: NodeJS.ErrnoException) => {
      reject(new CollectError(`${program}: ${error.code === "ENOENT" ? "there is no such program" : error.code === "EACCES" ? "permission denied" : error.message}`));
    });
  });
  failed.catch(() => undefined);
  const timers = [
    setTimeout(() => child.kill("SIGQUIT"), afterMs),
    setTimeout(() => child.kill("SIGKILL"), afterMs + options.timeoutMs),
  ];
  const stop = (): void => void child.kill("SIGKILL");
  options.signal.addEventListener("abort", stop, { once: true });
  try {
    await Promise.race([failed, new Promise((done) => child.once("spawn", done))]);
    for await (const chunk of child.stderr) yield chunk as Uint8Array;
  } finally {
    timers.forEach(clearTimeout);
    options.signal.removeEventListener("abort", stop);
    child.kill("SIGKILL");
  }
}
