import { spawn } from "node:child_process";
import { resolve } from "node:path";
import type { Toolchain } from "./go-command.js";

/** The words after `go test`, without those of which Go takes one alone: they are merged with ours. */
export interface TestArgs {
  readonly args: readonly string[];
  /** Absolute path of the user's -overlay file. */
  readonly overlay: string | undefined;
  readonly ldflags: string | undefined;
}

/** Takes -overlay and -ldflags out, up to -args, behind which everything is the test binary's. */
export function readTestArgs(words: readonly string[], cwd: string): TestArgs {
  const args: string[] = [];
  const merged = new Map<string, string | undefined>();
  for (let i = 0; i < words.length; i++) {
    const word = words[i]!;
    if (/^--?args$/.test(word)) {
      args.push(...words.slice(i));
      break;
    }
    const match = /^--?(overlay|ldflags)(?:=([\s\S]*))?$/.exec(word);
    if (match === null) args.push(word);
    else merged.set(match[1]!, match[2] ?? words[++i]);
  }
  const overlay = merged.get("overlay");
  return { args, overlay: overlay === undefined || overlay === "" ? undefined : resolve(cwd, overlay), ldflags: merged.get("ldflags") };
}

/**
 * The -ldflags for a build whose overlay refers to a name of the runtime (go/native/pprof/unpark_hide.go): the user's
 * own, and that names are not checked. Undefined where theirs are for packages of a pattern (`-ldflags=./x=-s`): a
 * second -ldflags would replace the first.
 */
export function linkerFlags(own: string | undefined): string | undefined {
  const flags = own?.trim() ?? "";
  return flags === "" || flags.startsWith("-") ? `-ldflags=${flags === "" ? "" : `${flags} `}-checklinkname=0` : undefined;
}

export interface GoTest {
  readonly cwd: string;
  /** Path of the overlay.json. */
  readonly overlay: string;
  readonly args: readonly string[];
  /** Environment variables beside the toolchain's. */
  readonly env: Readonly<Record<string, string>>;
  readonly signal?: AbortSignal;
  readonly onOutput: (stream: "stdout" | "stderr", bytes: Uint8Array) => void;
}

export type GoTestOutcome =
  | { readonly kind: "ended"; readonly status: number }
  | { readonly kind: "not-started"; readonly message: string }
  | { readonly kind: "interrupted" };

/** After the interrupt the tests have this long to end (ms). */
const PATIENCE = 3_000;

/**
 * Runs `go test` as the user would, its output as it comes. In a process group of its own, so that an interrupt reaches
 * the test binaries too: `go test` itself waits for them.
 */
export function runGoTest(toolchain: Toolchain, run: GoTest): Promise<GoTestOutcome> {
  return new Promise((done) => {
    if (run.signal?.aborted === true) return done({ kind: "interrupted" });
    const child = spawn(toolchain.go, ["test", `-overlay=${run.overlay}`, ...run.args], {
      cwd: run.cwd,
      env: { ...toolchain.env, ...run.env, PWD: run.cwd },
      stdio: ["ignore", "pipe", "pipe"],
      detached: true,
    });
    child.stdout.on("data", (bytes: Buffer) => run.onOutput("stdout", bytes));
    child.stderr.on("data", (bytes: Buffer) => run.onOutput("stderr", bytes));
    let last: NodeJS.Timeout | undefined;
    const interrupt = (): void => {
      signalGroup(child.pid, "SIGINT");
      last = setTimeout(() => signalGroup(child.pid, "SIGKILL"), PATIENCE);
    };
    run.signal?.addEventListener("abort", interrupt, { once: true });
    const settle = (outcome: GoTestOutcome): void => {
      clearTimeout(last);
      run.signal?.removeEventListener("abort", interrupt);
      done(outcome);
    };
    child.on("error", (error) => settle({ kind: "not-started", message: error.message }));
    child.on("close", (code) => settle(run.signal?.aborted === true ? { kind: "interrupted" } : { kind: "ended", status: code ?? 1 }));
  });
}

function signalGroup(pid: number | undefined, signal: NodeJS.Signals): void {
  try {
    if (pid !== undefined) process.kill(-pid, signal);
  } catch {
    // It has ended by itself.
  }
}
