import { createHash } from "node:crypto";
import { existsSync, readFileSync } from "node:fs";
import { isAbsolute, join, relative } from "node:path";
import { optional } from "../../base/optional.js";
import type { Result } from "../../base/result.js";
import { err, ok } from "../../base/result.js";
import { ModuleCache } from "./cache.js";
import type { ToolchainError } from "./toolchain-error.js";
import { exec, goWords } from "./exec.js";
import type { SplitGoFlags } from "./goflags.js";
import { splitGoFlags } from "./goflags.js";
import type { GoVersion } from "./go-version.js";
import { compareGoVersions, parseGoVersion } from "./go-version.js";

/** The user's Go, pinned: every command run with `env` is of this version and reads this GOROOT. */
export interface Toolchain {
  /** Absolute path of the command. */
  readonly go: string;
  readonly version: GoVersion;
  /** As `go` sees it: a symlink where overlays would be refused otherwise. */
  readonly goroot: string;
  /** The whole environment for `go`, for native commands. */
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly goflags: SplitGoFlags;
  /** GOOS and GOARCH of this machine. */
  readonly host: { readonly os: string; readonly arch: string };
  readonly cacheDir: string;
}

export interface FindOptions {
  /** Where the user's module is: its go.mod may ask for another toolchain. */
  readonly cwd: string;
  /** The command; "go" on PATH by default. */
  readonly go?: string;
  /** "1.25.4": the toolchain of that version, which `go` downloads if it must. */
  readonly goVersion?: string;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly cacheDir: string;
  readonly signal?: AbortSignal;
}

const OLDEST_GO = "1.24";
/** The newest line whose runtime the hooks are known to fit. */
const NEWEST_GO = "1.27";

/** Finds `go`, lets it choose its toolchain for `cwd`, checks the version, and pins what it chose. */
export async function findToolchain(options: FindOptions): Promise<Result<Toolchain, ToolchainError>> {
  const go = options.go ?? "go";
  const wanted = options.goVersion === undefined ? {} : { GOTOOLCHAIN: `go${options.goVersion.replace(/^go/, "")}` };
  const env = { ...options.env, ...wanted };
  const asked = await goEnv(go, env, options);
  if (!asked.ok) return asked;
  const { GOVERSION = "", GOROOT = "", GOMODCACHE = "", GOFLAGS = "", GOHOSTOS = "", GOHOSTARCH = "" } = asked.value;
  const version = parseGoVersion(GOVERSION);
  const problem = versionProblem(version, GOVERSION);
  if (version === undefined || problem !== undefined) {
    return err({ kind: "unsupported-go", version: GOVERSION, message: problem ?? GOVERSION });
  }
  const foreign = foreignGoroot(GOROOT, version);
  if (foreign !== undefined) return err({ kind: "unsupported-go", version: GOVERSION, message: foreign });
  const goroot = overlayableGoroot(GOROOT, GOMODCACHE, version, options.cacheDir);
  return ok({
    go: join(goroot, "bin", GOHOSTOS === "windows" ? "go.exe" : "go"),
    version,
    goroot,
    env: { ...env, GOROOT: goroot, GOTOOLCHAIN: "local" },
    goflags: splitGoFlags(GOFLAGS),
    host: { os: GOHOSTOS, arch: GOHOSTARCH },
    cacheDir: options.cacheDir,
  });
}

/**
 * Go 1.25 and later refuse an overlay on files below the module cache, which is where downloaded toolchains live
 * (cmd/go/internal/fsys: "overlay contains a replacement for ... in module cache"). Through a symlink it is not below.
 */
function overlayableGoroot(goroot: string, modcache: string, version: GoVersion, cacheDir: string): string {
  const path = relative(modcache, goroot);
  if (path.startsWith("..") || isAbsolute(path)) return goroot;
  const name = `go${version.text}-${createHash("sha256").update(goroot).digest("hex").slice(0, 8)}`;
  return new ModuleCache(cacheDir).gorootLink(name, goroot);
}

/** A GOROOT that is set and is another Go's: its own command would build with hooks that are meant for this version. */
function foreignGoroot(goroot: string, version: GoVersion): string | undefined {
  const there = parseGoVersion(readOr(join(goroot, "VERSION"), "").split("\n")[0]!);
  if (there === undefined || compareGoVersions(there, version) === 0) return undefined;
  return `GOROOT is ${goroot}, which is Go ${there.text}, but the \`go\` command is ${version.text}: unset GOROOT, or put ${join(goroot, "bin")} first on PATH.`;
}

function versionProblem(version: GoVersion | undefined, text: string): string | undefined {
  const supported = `Unpark works with Go ${OLDEST_GO} to ${NEWEST_GO}`;
  const remedy = `install one of those, or set GOTOOLCHAIN=go1.26.8 and \`go\` fetches it`;
  if (version === undefined) return `'${text}' is not a released Go version: ${supported}; ${remedy}.`;
  const line = (bound: string): GoVersion => ({ ...(parseGoVersion(bound) as GoVersion), rc: -Infinity });
  const [major, minor] = NEWEST_GO.split(".").map(Number) as [number, number];
  if (compareGoVersions(version, line(OLDEST_GO)) < 0) return `Go ${version.text} is too old: ${supported}; ${remedy}.`;
  if (compareGoVersions(version, line(`${major}.${minor + 1}`)) >= 0) return `Go ${version.text} is newer than this Unpark knows: ${supported}; ${remedy}, or update Unpark.`;
  return undefined;
}

async function goEnv(go: string, env: Toolchain["env"], options: FindOptions): Promise<Result<Readonly<Record<string, string>>, ToolchainError>> {
  const outcome = await exec(go, ["env", "-json", "GOVERSION", "GOROOT", "GOMODCACHE", "GOFLAGS", "GOHOSTOS", "GOHOSTARCH"], {
    cwd: options.cwd,
    env,
    ...optional({ signal: options.signal }),
  });
  switch (outcome.kind) {
    case "interrupted":
      return err({ kind: "cancelled", message: "interrupted" });
    case "not-started":
      return err({ kind: "no-go", message: notStarted(go, options, outcome.message) });
    case "ended": {
      if (outcome.status !== 0) return err({ kind: "no-go", message: `\`${go} env\` failed:\n${goWords(outcome.stderr)}` });
      const values = parseObject(outcome.stdout);
      return values === undefined ? err({ kind: "no-go", message: `\`${go} env -json\` printed no JSON: is it the Go command?` }) : ok(values);
    }
  }
}

function notStarted(go: string, options: FindOptions, words: string): string {
  if (!existsSync(options.cwd)) return `there is no folder ${options.cwd}`; // spawn says ENOENT for that, too
  if (options.go !== undefined) return `cannot run ${go}: ${words}`;
  return `there is no \`go\` command on PATH: install Go ${OLDEST_GO} or later (https://go.dev/dl), or add the folder that has it to PATH.`;
}

function parseObject(text: string): Readonly<Record<string, string>> | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === "object" && value !== null ? (value as Record<string, string>) : undefined;
  } catch {
    return undefined;
  }
}

/**
 * What must be switched on for the runtime's own leak collection. Go 1.26 has it behind an experiment, 1.27 always
 * (and no longer knows the name), 1.24 and 1.25 not at all.
 */
export function leakExperiment(version: GoVersion): string | undefined {
  return version.major === 1 && version.minor === 26 ? "goroutineleakprofile" : undefined;
}

/** The environment that compiles for Unpark's host: wasip1/wasm, no cgo. */
export function wasmEnv(toolchain: Toolchain): Toolchain["env"] {
  const experiments = [toolchain.env["GOEXPERIMENT"], leakExperiment(toolchain.version)].filter((name) => name !== undefined && name !== "");
  return {
    ...toolchain.env,
    GOOS: "wasip1",
    GOARCH: "wasm",
    CGO_ENABLED: "0",
    GOEXPERIMENT: experiments.join(","),
    GOFLAGS: toolchain.goflags.goflags,
  };
}

/** The environment that lists (not builds) for this machine, cgo files included, whether or not there is a C compiler. */
export function nativeEnv(toolchain: Toolchain): Toolchain["env"] {
  return { ...toolchain.env, GOOS: toolchain.host.os, GOARCH: toolchain.host.arch, CGO_ENABLED: "1" };
}

function readOr(path: string, otherwise: string): string {
  try {
    return readFileSync(path, "utf8");
  } catch {
    return otherwise;
  }
}
