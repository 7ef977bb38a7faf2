import { spawnSync } from "node:child_process";
import { createHash, randomUUID } from "node:crypto";
import { mkdirSync, readFileSync, readdirSync, renameSync, rmSync, statSync, utimesSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { optional } from "../../base/optional.js";
import type { FileSyntax } from "../../model/source/syntax.js";
import { goSourcesFolder } from "../overlay/overlay.js";
import { contentHash } from "./cache.js";
import { execCompiling } from "./exec.js";
import type { Toolchain } from "./go-command.js";

/**
 * The program that reads Go's syntax trees (go/syntax), built with the user's own Go so that it knows that version's
 * language; kept in the cache. Undefined where it cannot be built: then no sentence that needs it is printed.
 */
export const syntaxTool = (toolchain: Toolchain, signal?: AbortSignal): Promise<string | undefined> => goTool("syntax", toolchain, signal);

/** A program of ours in Go, built with the user's own; undefined where that cannot be done. */
export async function goTool(name: "syntax" | "borrow" | "fix" | "goleak", toolchain: Toolchain, signal?: AbortSignal): Promise<string | undefined> {
  const source = join(goSourcesFolder(), name);
  const texts = readdirSync(source).filter((file) => file.endsWith(".go") && !file.endsWith("_test.go")).sort().map((file) => readFileSync(join(source, file), "utf8"));
  const hash = createHash("sha256").update(texts.join("\0")).digest("hex").slice(0, 12);
  const folder = join(toolchain.cacheDir, "tools");
  const path = join(folder, `${name}-${toolchain.version.text}-${hash}${toolchain.host.os === "windows" ? ".exe" : ""}`);
  if (isWhole(path)) return path;
  const scratch = `${path}.${randomUUID()}`;
  try {
    mkdirSync(folder, { recursive: true });
    const env = { ...toolchain.env, GOFLAGS: "", GOWORK: "off", GOOS: toolchain.host.os, GOARCH: toolchain.host.arch, CGO_ENABLED: "0", GOEXPERIMENT: "" };
    const built = await execCompiling(toolchain.go, ["build", "-trimpath", "-o", scratch, "."], { cwd: source, env, ...optional({ signal }) });
    if (built.kind !== "ended" || built.status !== 0) return undefined;
    writeFileSync(`${scratch}.sum`, contentHash(readFileSync(scratch)));
    renameSync(`${scratch}.sum`, `${path}.sum`);
    renameSync(scratch, path); // whole or not there, whoever else builds it
    return path;
  } catch {
    return undefined;
  } finally {
    for (const left of [scratch, `${scratch}.sum`]) rmSync(left, { force: true });
  }
}

/** It is started: not where a byte of it is another than was built. */
function isWhole(path: string): boolean {
  try {
    const whole = contentHash(readFileSync(path)) === readFileSync(`${path}.sum`, "utf8");
    const now = new Date();
    if (whole) for (const used of [path, `${path}.sum`]) utimesSync(used, now, now);
    return whole;
  } catch {
    return false;
  }
}

/** No source file of a person's is larger. */
const LARGEST = 4 * 1024 * 1024;
/** Milliseconds: a file is read in a few. */
const PATIENCE_MS = 10_000;

/** Reads files with the tool, each once. Undefined: it is no Go file, is not there, or does not parse. */
export function goSyntax(tool: string | undefined): (file: string) => FileSyntax | undefined {
  const files = new Map<string, FileSyntax | undefined>();
  return (file) => {
    if (tool === undefined || !file.endsWith(".go")) return undefined;
    if (!files.has(file)) files.set(file, read(tool, file));
    return files.get(file);
  };
}

function read(tool: string, file: string): FileSyntax | undefined {
  try {
    if (statSync(file).size > LARGEST) return undefined;
    const { stdout, status } = spawnSync(tool, [file], { encoding: "utf8", timeout: PATIENCE_MS, maxBuffer: 64 * LARGEST, stdio: ["ignore", "pipe", "ignore"] });
    return status === 0 ? ((JSON.parse(stdout) as FileSyntax | null) ?? undefined) : undefined;
  } catch {
    return undefined;
  }
}
