import { err, ok, type Result } from "../../base/result.js";
import type { GuestMemory } from "../guest/guest-memory.js";
import { wasiCall } from "./errno.js";

interface EnvironmentOptions {
  /** The package's folder, as the guest sees it: Go's wasip1 port takes its working directory from PWD. */
  readonly cwd: string;
  /** The user's own environment; of it only what sets how Go itself runs is passed on. */
  readonly user: Readonly<Record<string, string | undefined>>;
  /** What the user sets for the program: comes first. */
  readonly explicit?: Readonly<Record<string, string>>;
}

/** Passed on when the user has set them. Nothing else: a run must not depend on whose machine it is on. */
const PASSED_ON = ["GODEBUG", "GOMAXPROCS"];

/** The guest's environment as `NAME=value`, sorted by name. An error names what cannot be set. */
export function guestEnvironment({ cwd, user, explicit = {} }: EnvironmentOptions): Result<readonly string[], string> {
  for (const [name, value] of Object.entries(explicit)) {
    if (name === "" || /[=\0]/.test(name)) {
      return err(`'${name}' cannot be an environment variable: a name is not empty and has no '='`);
    }
    if (value.includes("\0")) return err(`the value of environment variable ${name} has a zero byte in it`);
  }
  const chosen = new Map<string, string>([
    ["HOME", "/tmp"],
    ["LOGNAME", "gopher"], // who runs it is nobody's business, but somebody does: os/user.Current wants $USER
    ["PATH", ""],
    ["PWD", cwd],
    ["TMPDIR", "/tmp"],
    ["TZ", "UTC"],
    ["USER", "gopher"],
  ]);
  for (const name of PASSED_ON) {
    const value = user[name];
    if (value !== undefined) chosen.set(name, value);
  }
  for (const [name, value] of Object.entries(explicit)) chosen.set(name, value);
  return ok([...chosen].map(([name, value]) => `${name}=${value}`).sort());
}

/** WASI's calls for arguments (the program's name first) and environment: each a list of zero-ended strings. */
export function processCalls(args: readonly string[], environment: readonly string[], memory: GuestMemory) {
  const [argCount, argCopy] = listCalls(args, memory);
  const [environCount, environCopy] = listCalls(environment, memory);
  return {
    args_sizes_get: argCount,
    args_get: argCopy,
    environ_sizes_get: environCount,
    environ_get: environCopy,
  };
}

function listCalls(strings: readonly string[], memory: GuestMemory) {
  const encoded = strings.map((text) => new TextEncoder().encode(`${text}\0`));
  const total = encoded.reduce((sum, bytes) => sum + bytes.length, 0);
  const sizes = wasiCall((count: number, size: number) => {
    memory.setU32(count, encoded.length);
    memory.setU32(size, total);
  });
  const copy = wasiCall((pointers: number, buffer: number) => {
    let at = buffer >>> 0;
    encoded.forEach((bytes, index) => {
      memory.setU32(pointers + 4 * index, at);
      memory.bytes(at, bytes.length).set(bytes);
      at += bytes.length;
    });
  });
  return [sizes, copy] as const;
}
