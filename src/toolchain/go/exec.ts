import { spawn } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

interface ExecOptions {
  readonly cwd: string;
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Interrupts the command (SIGINT: `go` then removes its work folder). */
  readonly signal?: AbortSignal;
}

export type ExecOutcome =
  | { readonly kind: "ended"; readonly status: number; readonly stdout: string; readonly stderr: string }
  /** The command could not be started: ENOENT, EACCES … */
  | { readonly kind: "not-started"; readonly code: string; readonly message: string }
  | { readonly kind: "interrupted" };

/** Runs a command to its end. PWD is set to `cwd`, which Go uses to name folders that are reached through symlinks. */
export function exec(command: string, args: readonly string[], options: ExecOptions): Promise<ExecOutcome> {
  return new Promise((resolve) => {
    if (options.signal?.aborted === true) return resolve({ kind: "interrupted" });
    const child = spawn(command, args, {
      cwd: options.cwd,
      env: { ...options.env, PWD: options.cwd },
      stdio: ["ignore", "pipe", "pipe"],
    });
    const stdout: Buffer[] = [];
    const stderr: Buffer[] = [];
    child.stdout.on("data", (chunk: Buffer) => stdout.push(chunk));
    child.stderr.on("data", (chunk: Buffer) => stderr.push(chunk));
    const interrupt = (): void => void child.kill("SIGINT");
    options.signal?.addEventListener("abort", interrupt, { once: true });
    const settle = (outcome: ExecOutcome): void => {
      options.signal?.removeEventListener("abort", interrupt);
      resolve(outcome);
    };
    child.on("error", (error: NodeJS.ErrnoException) => settle({ kind: "not-started", code: error.code ?? "", message: error.message }));
    child.on("close", (code) => {
      if (options.signal?.aborted === true) return settle({ kind: "interrupted" });
      settle({ kind: "ended", status: code ?? 1, stdout: textOf(stdout), stderr: textOf(stderr) });
    });
  });
}

/**
 * The same for a command that compiles: with a work folder of its own, which is gone afterwards. `go` leaves its own behind
 * when it is interrupted at the wrong moment (cmd/go/internal/work, "$WORK").
 */
export async function execCompiling(command: string, args: readonly string[], options: ExecOptions): Promise<ExecOutcome> {
  const folder = mkdtempSync(join(options.env["GOTMPDIR"] || tmpdir(), "unpark-go-"));
  try {
    return await exec(command, args, { ...options, env: { ...options.env, GOTMPDIR: folder } });
  } finally {
    rmSync(folder, { recursive: true, force: true, maxRetries: 3 });
  }
}

function textOf(chunks: readonly Buffer[]): string {
  return Buffer.concat(chunks).toString("utf8");
}

/** What `go` said on stderr, without its talk about downloads. */
export function goWords(stderr: string): string {
  return stderr
    .split("\n")
    .filter((line) => !/^go: (?:downloading|extracting|finding|upgraded|added) /.test(line))
    .join("\n")
    .trim();
}
