import { realpathSync } from "node:fs";
import { dirname, join } from "node:path";
import { err, ok, type Result } from "../../base/result.js";
import { leakCollection } from "../../toolchain/go/build.js";
import { goflagsWith } from "../../toolchain/go/goflags.js";
import type { Toolchain } from "../../toolchain/go/go-command.js";
import { syntaxTool } from "../../toolchain/go/syntax-tool.js";
import { extendOverlay } from "../../toolchain/overlay/overlay.js";
import { nativeBuild, type NativeBuildRequest } from "./native-build.js";

/** `unpark env`: the native check for whoever runs `go test`. */
interface NativeEnvRequest extends Omit<NativeBuildRequest, "stress" | "overlay" | "ldflags"> {
  /** The command that a test binary starts to have its report read, and its first arguments. */
  readonly reader: readonly string[];
}

/** A variable, in the order in which they are set. */
interface EnvironmentVariable {
  readonly name: string;
  readonly value: string;
  /** PATH: the value comes before what is there. */
  readonly before?: true;
}

interface NativeEnvironment {
  readonly variables: readonly EnvironmentVariable[];
  /** Set where this Go cannot prove a leak: its version. */
  readonly unproved?: string;
}

/**
 * The variables that put the native check into any `go test`.
 * V1. GOFLAGS is the user's own, with the overlay and -ldflags merged.
 * V2. GOTOOLCHAIN=local: the overlay is of one Go's standard library, and to another Go it would silently mean nothing.
 * V3. Where `go` chose a downloaded toolchain, GOROOT and PATH name it, by the link that overlays need (go-command.ts).
 */
export async function nativeEnvironment(request: NativeEnvRequest): Promise<Result<NativeEnvironment, string>> {
  const built = await nativeBuild({ ...request, stress: false });
  if (!built.ok) return built;
  const { toolchain, ldflags } = built.value;
  const tool = await syntaxTool(toolchain, request.signal);
  const reader = [...request.reader, ...(tool === undefined ? [] : [`--syntax=${tool}`])];
  const overlay = extendOverlay(built.value.overlay, new Map([[join(toolchain.goroot, "src", "testing", "unpark_reader.go"), readerFile(reader)]]), new Map());
  if (!overlay.ok) return err(overlay.error.message);
  const goflags = goflagsWith(toolchain.goflags.given, { overlay: overlay.value.path, ...(ldflags === undefined ? {} : { ldflags: ldflags.replace("-ldflags=", "") }) });
  if (!goflags.ok) return goflags;
  const variables: readonly EnvironmentVariable[] = [
    { name: "GOFLAGS", value: goflags.value }, // V1
    { name: "GOTOOLCHAIN", value: "local" }, // V2
    ...(isLinked(toolchain) ? [{ name: "GOROOT", value: toolchain.goroot }, { name: "PATH", value: dirname(toolchain.go), before: true as const }] : []), // V3
  ];
  return ok({ variables, ...(leakCollection(toolchain) === "none" ? { unproved: toolchain.version.text } : {}) });
}

const isLinked = ({ goroot }: Toolchain): boolean => realpathSync(goroot) !== goroot;

/** A file of package testing, beside go/native/testing/unpark.go (N6 there). JSON's strings are Go's, but for what neither needs here. */
const readerFile = (reader: readonly string[]): string =>
  `package testing\n\n// Made by \`unpark env\`.\nfunc init() {\n\tunparkReader = []string{${reader.map((word) => JSON.stringify(word)).join(", ")}}\n}\n`;
