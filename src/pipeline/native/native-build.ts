import { optional } from "../../base/optional.js";
import { err, ok, type Result } from "../../base/result.js";
import { leakCollection, readOverlay, userOverlay } from "../../toolchain/go/build.js";
import { cacheFolder } from "../../base/user-folders.js";
import { findToolchain, type Toolchain } from "../../toolchain/go/go-command.js";
import { goflagsValue } from "../../toolchain/go/goflags.js";
import { linkerFlags } from "../../toolchain/go/go-test.js";
import { makeOverlay, type Overlay } from "../../toolchain/overlay/overlay.js";
import { deepPatches } from "../../toolchain/patches/deep-patches.js";
import { lightPatches, nativePatches } from "../../toolchain/patches/native-patches.js";
import { calmPatches, stressPatches } from "../../toolchain/patches/stress-patches.js";

export interface NativeBuildRequest {
  readonly cwd: string;
  readonly env: Readonly<Record<string, string | undefined>>;
  /** With the runtime changed as well. */
  readonly deep: boolean;
  /** With delays where goroutines meet. */
  readonly stress: boolean;
  /** The user's -overlay file and -ldflags, where they are words of a command line; else GOFLAGS says them. */
  readonly overlay?: string;
  readonly ldflags?: string;
  readonly goVersion?: string;
  readonly signal?: AbortSignal;
}

/** What makes any `go test` a native check: the user's Go, the overlay, and the -ldflags that go with it. */
interface NativeBuild {
  readonly toolchain: Toolchain;
  readonly overlay: Overlay;
  /** The whole word; undefined: none is needed, and the user gave none. */
  readonly ldflags: string | undefined;
}

export async function nativeBuild(request: NativeBuildRequest): Promise<Result<NativeBuild, string>> {
  const { cwd, env, deep } = request;
  const cacheDir = cacheFolder(env);
  const found = await findToolchain({ cwd, env, cacheDir, ...optional({ goVersion: request.goVersion, signal: request.signal }) });
  if (!found.ok) return err(found.error.message);
  const toolchain = found.value;
  const own = request.overlay === undefined ? userOverlay(toolchain, cwd) : readOverlay(request.overlay, cwd, "-overlay");
  if (!own.ok) return err(own.error.message);
  if (deep && leakCollection(toolchain) === "none") return err(`--deep and --each need the runtime's leak collection: Go 1.26 or later, and this is ${toolchain.version.text}`);
  const linker = deep || leakCollection(toolchain) === "none" ? undefined : linkerFlags(request.ldflags ?? goflagsValue(toolchain.goflags.given, "ldflags"));
  const ldflags = linker ?? (request.ldflags === undefined ? undefined : `-ldflags=${request.ldflags}`);
  const sets = [nativePatches(), deep ? deepPatches() : lightPatches(linker !== undefined), request.stress ? stressPatches() : calmPatches()];
  const overlay = makeOverlay(toolchain, sets, { cacheDir, userReplace: own.value });
  return overlay.ok ? ok({ toolchain, overlay: overlay.value, ldflags }) : err(overlay.error.message);
}
