import { spawn } from "node:child_process";
import { passOn, type OutputListener } from "../go/pass-on.js";

export type NodeOutcome =
  | { readonly kind: "ended"; readonly status: number }
  | { readonly kind: "not-started"; readonly message: string }
  | { readonly kind: "interrupted" };

interface NodeRun {
  readonly args: readonly string[];
  readonly cwd: string;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly signal?: AbortSignal;
  readonly onOutput: OutputListener;
}

/** After the interrupt it has this long to end (ms). */
const KILL_AFTER_MS = 3_000;

/** Runs this Node on a runner or a program, its output as it comes. */
export function runNode({ args, cwd, env, signal, onOutput }: NodeRun): Promise<NodeOutcome> {
  return new Promise((done) => {
    if (signal?.aborted === true) return done({ kind: "interrupted" });
    const child = spawn(process.execPath, args, { cwd, env: { ...env, PWD: cwd }, stdio: ["ignore", "pipe", "pipe"] });
    passOn(child, onOutput);
    let last: NodeJS.Timeout | undefined;
    const interrupt = (): void => {
      child.kill("SIGINT");
      last = setTimeout(() => child.kill("SIGKILL"), KILL_AFTER_MS);
    };
    signal?.addEventListener("abort", interrupt, { once: true });
    const settle = (outcome: NodeOutcome): void => {
      clearTimeout(last);
      signal?.removeEventListener("abort", interrupt);
      done(outcome);
    };
    child.on("error", ({ message }) => settle({ kind: "not-started", message }));
    child.on("close", (code) => settle(signal?.aborted === true ? { kind: "interrupted" } : { kind: "ended", status: code ?? 1 }));
  });
}
