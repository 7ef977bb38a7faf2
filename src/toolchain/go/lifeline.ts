import { spawn } from "node:child_process";
import { mkdirSync, mkdtempSync, readdirSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

/**
 * A process that outlives this one by a moment: when this one is gone, in whatever way (SIGKILL, too), its end of the
 * pipe is closed, and the process group and the folder are removed. A parent-death signal would not do: a test binary's
 * parent is `go test`, and macOS has none. Returns how to let go of it when all ended well.
 */
export function lifeline(group: number, folder: string): () => void {
  if (process.platform === "win32") return () => undefined; // no groups, no sh
  const script = 'read -r _; kill -KILL "-$1" 2>/dev/null; sleep 1; rm -rf -- "$2"';
  const watcher = spawn("sh", ["-c", script, "sh", String(group), folder], { detached: true, stdio: ["pipe", "ignore", "ignore"] });
  watcher.on("error", () => undefined); // a system without sh: as before
  watcher.stdin.on("error", () => undefined);
  watcher.unref();
  (watcher.stdin as unknown as { unref?: () => void }).unref?.();
  return () => void watcher.kill("SIGKILL");
}

/** A folder for one run, named by this process: `reports` and `build` in it. Throws where none can be made. */
export function runFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), `${PREFIX}${process.pid}-`));
  for (const part of ["reports", "build"]) mkdirSync(join(folder, part));
  return folder;
}

/** What runs of processes that are gone have left, a day old: of a younger one the process may live in another container. */
export function sweepRunFolders(now = Date.now()): void {
  try {
    for (const name of readdirSync(tmpdir())) {
      const pid = new RegExp(`^${PREFIX}(?:(\\d+)-)?\\w+$`).exec(name)?.[1];
      if (!name.startsWith(PREFIX) || (pid !== undefined && isAlive(Number(pid)))) continue;
      const path = join(tmpdir(), name);
      if (now - statSync(path).mtimeMs > DAY) rmSync(path, { recursive: true, force: true });
    }
  } catch {
    // Another user's, or another process is at it.
  }
}

const PREFIX = "unpark-native-";
const DAY = 86_400_000;

/** Is there such a process? */
export function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === "EPERM";
  }
}
