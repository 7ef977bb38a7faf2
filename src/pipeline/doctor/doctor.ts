import { accessSync, constants, existsSync, mkdirSync, readdirSync, statfsSync, statSync } from "node:fs";
import { availableParallelism, totalmem } from "node:os";
import { dirname, join } from "node:path";
import { optional } from "../../base/optional.js";
import type { Check, Checkup } from "../../model/results/checkup.js";
import { leakCollection } from "../../toolchain/go/build.js";
import { cacheFolder } from "../../base/user-folders.js";
import { exec } from "../../toolchain/go/exec.js";
import { findToolchain } from "../../toolchain/go/go-command.js";

export interface DoctorRequest {
  readonly cwd: string;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly signal?: AbortSignal;
  /** As the machine says; a test says otherwise. */
  readonly machine?: Partial<Machine>;
}

interface Machine {
  readonly node: string;
  readonly cores: number;
  readonly memory: number;
}

/** Looks at what Unpark needs on this machine, and what will be slow. Builds nothing. */
export async function doctor(request: DoctorRequest): Promise<Checkup> {
  const machine: Machine = { node: process.versions.node, cores: availableParallelism(), memory: totalmem(), ...request.machine };
  const cacheDir = cacheFolder(request.env);
  return { checks: [await checkGo(request, cacheDir), checkNode(machine), checkCache(cacheDir), checkDisk(cacheDir), checkMachine(machine), await checkGit(request)] };
}

async function checkGo({ cwd, env, signal }: DoctorRequest, cacheDir: string): Promise<Check> {
  const found = await findToolchain({ cwd, env, cacheDir, ...optional({ signal }) });
  if (!found.ok) return { subject: "Go", state: "broken", words: `${found.error.message} TypeScript and inspect work without it.` };
  const { version, goroot } = found.value;
  const where = `${version.text} in ${goroot}`;
  return leakCollection(found.value) === "none"
    ? { subject: "Go", state: "slow", words: `${where}: it has no leak collection, so nothing is proved; Go 1.26 and later have` }
    : { subject: "Go", state: "fine", words: where };
}

const OLDEST_NODE = 20;

function checkNode({ node }: Machine): Check {
  const major = Number(node.split(".")[0]);
  if (major < OLDEST_NODE) return { subject: "Node", state: "broken", words: `${node}: Unpark needs ${OLDEST_NODE} or later` };
  return { subject: "Node", state: "fine", words: node };
}

/** The first build with an overlay compiles the standard library (docs/cache.md). */
function checkCache(dir: string): Check {
  try {
    mkdirSync(dir, { recursive: true });
    accessSync(dir, constants.W_OK);
  } catch (error) {
    return { subject: "cache", state: "broken", words: `${dir} cannot be written (${(error as Error).message}): set UNPARK_CACHE to a folder that can` };
  }
  const built = join(dir, "last");
  const warm = existsSync(built) && readdirSync(built).some((name) => name.startsWith("std-"));
  const size = `${dir}, ${megabytes(sizeOf(dir))}`;
  return warm ? { subject: "cache", state: "fine", words: size } : { subject: "cache", state: "slow", words: `${size}: the first build compiles the standard library, about 30 s; keep this folder and GOCACHE between runs of CI` };
}

/** A module is 5 to 60 MB, and Go's own cache grows besides. */
const LEAST_DISK = 2 * 1024 ** 3;

function checkDisk(dir: string): Check {
  try {
    const { bavail, bsize } = statfsSync(existsSync(dir) ? dir : dirname(dir));
    const free = bavail * bsize;
    return free < LEAST_DISK
      ? { subject: "disk", state: "slow", words: `${megabytes(free)} free for ${dir}: builds may not fit; 2 GB are enough for most` }
      : { subject: "disk", state: "fine", words: `${megabytes(free)} free` };
  } catch (error) {
    return { subject: "disk", state: "slow", words: `it cannot be seen how much is free (${(error as Error).message})` };
  }
}

function checkMachine({ cores, memory }: Machine): Check {
  const words = `${cores} core${cores === 1 ? "" : "s"}, ${megabytes(memory)} of memory`;
  if (cores === 1) return { subject: "machine", state: "slow", words: `${words}: tests are explored one after another; -run and --budget bound it` };
  // Each worker holds a program's memory a few times over.
  if (memory < cores * 1024 ** 3) return { subject: "machine", state: "slow", words: `${words}: less than 1 GB for each worker; --workers makes fewer` };
  return { subject: "machine", state: "fine", words };
}

async function checkGit({ cwd, env, signal }: DoctorRequest): Promise<Check> {
  const outcome = await exec("git", ["--version"], { cwd, env, ...optional({ signal }) });
  return outcome.kind === "ended" && outcome.status === 0
    ? { subject: "git", state: "fine", words: outcome.stdout.trim().replace(/^git version /, "") }
    : { subject: "git", state: "slow", words: "it is not there: --changed needs it, nothing else does" };
}

const megabytes = (bytes: number): string => (bytes < 10 * 1024 ** 3 ? `${Math.round(bytes / 1024 ** 2)} MB` : `${Math.round(bytes / 1024 ** 3)} GB`);

/** Links are not followed: `goroot/` and `module-links/` point at what is not of the cache. */
function sizeOf(dir: string): number {
  try {
    return readdirSync(dir, { withFileTypes: true, recursive: true }).reduce((sum, entry) => sum + (entry.isFile() ? sizeOfFile(join(entry.parentPath, entry.name)) : 0), 0);
  } catch {
    return 0;
  }
}

function sizeOfFile(path: string): number {
  try {
    return statSync(path).size;
  } catch {
    return 0; // it was pruned meanwhile
  }
}
