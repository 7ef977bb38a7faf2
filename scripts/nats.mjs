// Prints the path of nats-server: one of this version from the PATH, else built from the Go module proxy, once, into the user's cache
// folder (about a minute). `node scripts/nats.mjs`. Exit code 2: there is none, and it could not be built.
import { spawnSync } from "node:child_process";
import { existsSync, mkdirSync, renameSync, rmSync } from "node:fs";
import { homedir } from "node:os";
import { join } from "node:path";

const VERSION = "2.15.2";

function onPath() {
  const found = spawnSync("sh", ["-c", "command -v nats-server"], { encoding: "utf8" }).stdout.trim();
  return found !== "" && spawnSync(found, ["--version"], { encoding: "utf8" }).stdout.includes(`v${VERSION}`) ? found : undefined;
}

function built() {
  const folder = join(process.env.XDG_CACHE_HOME || join(homedir(), ".cache"), "unpark-tests");
  const file = join(folder, `nats-server-${VERSION}`);
  if (existsSync(file)) return file;
  const own = join(folder, `build-${process.pid}`); // two tests may build it at once: the last one's file stays
  mkdirSync(own, { recursive: true });
  console.error(`no nats-server ${VERSION}: building it (once, about a minute)`);
  const { status } = spawnSync("go", ["install", `github.com/nats-io/nats-server/v2@v${VERSION}`], { env: { ...process.env, GOBIN: own, GOFLAGS: "-mod=mod" }, stdio: ["ignore", 2, 2] });
  if (status === 0) renameSync(join(own, "nats-server"), file);
  rmSync(own, { recursive: true, force: true });
  return status === 0 ? file : undefined;
}

const path = onPath() ?? built();
if (path !== undefined) console.log(path);
else {
  console.error(`there is no nats-server ${VERSION}, and it could not be built: install it, or Go, and try again`);
  process.exit(2);
}
