// Where a user's files of Unpark are: the cache, which can be made again, and the state, which cannot.
// U1: every answer is an absolute path. A path of the environment that is not would be another folder in each working directory:
// UNPARK_CACHE is refused for that (cacheProblem), XDG's and HOME are passed over, as the XDG Base Directory Specification has it.
import { homedir } from "node:os";
import nodePath, { type PlatformPath } from "node:path";

type Env = Readonly<Record<string, string | undefined>>;
type Paths = Pick<PlatformPath, "join" | "isAbsolute">;

/** The first of these variables that holds an absolute path. */
const absolute = (env: Env, paths: Paths, ...names: readonly string[]): string | undefined => names.map((name) => env[name]).find((path) => path !== undefined && paths.isAbsolute(path));

const home = (env: Env, paths: Paths): string => absolute(env, paths, "HOME", "USERPROFILE") ?? homedir();

/** $UNPARK_CACHE, else the user's cache folder as Go's os.UserCacheDir finds it. */
export function cacheFolder(env: Env, platform: NodeJS.Platform = process.platform, paths: Paths = nodePath): string {
  const own = absolute(env, paths, "UNPARK_CACHE");
  if (own !== undefined) return own;
  if (platform === "win32") return paths.join(absolute(env, paths, "LocalAppData", "LOCALAPPDATA") ?? home(env, paths), "unpark");
  if (platform === "darwin") return paths.join(home(env, paths), "Library", "Caches", "unpark");
  return paths.join(absolute(env, paths, "XDG_CACHE_HOME") ?? paths.join(home(env, paths), ".cache"), "unpark");
}

/** XDG's folder for state that outlives a run, or its default. */
export const stateFolder = (env: Env, paths: Paths = nodePath): string => paths.join(absolute(env, paths, "XDG_STATE_HOME") ?? paths.join(home(env, paths), ".local/state"), "unpark");

/** Why UNPARK_CACHE names no folder. `off` is no exception, nor is it one in GOCACHE: what is built is started from there. */
export function cacheProblem(env: Env, paths: Pick<PlatformPath, "isAbsolute"> = nodePath): string | undefined {
  const given = env["UNPARK_CACHE"];
  if (!given || paths.isAbsolute(given)) return undefined;
  const isOff = /^(?:off|none|no|false|0)$/i.test(given);
  return `UNPARK_CACHE=${given} is not the absolute path of a folder; ${isOff ? "there is no working without one, for programs are built there: --no-cache explores anew what is kept, an empty folder is a new cache" : "give its whole path"}`;
}
