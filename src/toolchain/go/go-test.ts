import { spawn } from "node:child_process";
import { resolve } from "node:path";
import type { Toolchain } from "./go-command.js";
import { lifeline } from "./lifeline.js";
import { passOn, type OutputListener } from "./pass-on.js";

/** The words after `go test`, without those of which Go takes one alone: they are merged with ours. */
interface TestArgs {
  /** Where `go` is to run: what -C says, which `go` takes only as its first flag. */
  readonly dir: string;
  readonly args: readonly string[];
  /** Absolute path of the user's -overlay file. */
  readonly overlay: string | undefined;
  readonly ldflags: string | undefined;
}

/** Takes -C, -overlay and -ldflags out, up to -args, behind which everything is the test binary's. */
export function readTestArgs(words: readonly string[], cwd: string): TestArgs {
  const { rest, values } = takeOut(words, ["C", "overlay", "ldflags"]);
  const dir = resolve(cwd, values.get("C") ?? "");
  const overlay = values.get("overlay");
  return { dir, args: rest, overlay: overlay === undefined || overlay === "" ? undefined : resolve(dir, overlay), ldflags: values.get("ldflags") };
}

/** What of the words says how the tests are built, for a build of another kind of the same tests. */
interface BuildWords {
  readonly dir: string;
  readonly tags: string | undefined;
  readonly short: boolean;
  /** For GOFLAGS: where the sources are to be found. */
  readonly flags: readonly string[];
  /** The test binary's own, behind -args. */
  readonly args: readonly string[];
}

export function wordsForBuild(words: readonly string[], cwd: string): BuildWords {
  const { dir, overlay, args } = readTestArgs(words, cwd);
  const { rest, values } = takeOut(args, ["tags", "mod", "modfile"]);
  const end = rest.findIndex((word) => /^--?args$/.test(word));
  const flags = [...(["mod", "modfile"] as const).flatMap((name) => (values.has(name) ? [`-${name}=${values.get(name)}`] : [])), ...(overlay === undefined ? [] : [`-overlay=${overlay}`])];
  return { dir, tags: values.get("tags"), short: rest.slice(0, end < 0 ? rest.length : end).some((word) => /^--?(test\.)?short(=true|=1)?$/.test(word)), flags, args: end < 0 ? [] : rest.slice(end + 1) };
}

/** Flags that take a value, up to -args: their values (the last of each wins, as with go), and the other words. */
function takeOut(words: readonly string[], names: readonly string[]): { readonly rest: readonly string[]; readonly values: ReadonlyMap<string, string> } {
  const rest: string[] = [];
  const values = new Map<string, string>();
  for (let i = 0; i < words.length; i++) {
    const word = words[i]!;
    if (/^--?args$/.test(word)) return { rest: [...rest, ...words.slice(i)], values };
    const [, name = "", value] = /^--?([^=]+)(?:=([\s\S]*))?$/.exec(word) ?? [];
    if (names.includes(name)) values.set(name, value ?? words[++i] ?? "");
    else rest.push(word);
  }
  return { rest, values };
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

interface GoTest {
  readonly cwd: string;
  /** Path of the overlay.json. */
  readonly overlay: string;
  readonly args: readonly string[];
  /** Environment variables beside the toolchain's. */
  readonly env: Readonly<Record<string, string>>;
  readonly signal?: AbortSignal;
  readonly onOutput: OutputListener;
  /** Removed with the tests when this process is killed. */
  readonly folder: string;
}


export type GoTestOutcome =
  | { readonly kind: "ended"; readonly status: number }
  | { readonly kind: "not-started"; readonly message: string }
  | { readonly kind: "interrupted" }
  /** Its caller knew enough, and ended it. */
  | { readonly kind: "enough" };

/** After the interrupt the tests have this long to end (ms). */
const KILL_AFTER_MS = 3_000;

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
    passOn(child, run.onOutput);
    const letGo = child.pid === undefined ? () => undefined : lifeline(child.pid, run.folder);
    let last: NodeJS.Timeout | undefined;
    const interrupt = (): void => {
      signalGroup(child.pid, "SIGINT");
      last = setTimeout(() => signalGroup(child.pid, "SIGKILL"), KILL_AFTER_MS);
    };
    run.signal?.addEventListener("abort", interrupt, { once: true });
    const gone = (): void => signalGroup(child.pid, "SIGKILL"); // a second Ctrl-C ends this process at once
    process.once("exit", gone);
    const settle = (outcome: GoTestOutcome): void => {
      letGo();
      process.off("exit", gone);
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
