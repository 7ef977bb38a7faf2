import { optional } from "../../base/optional.js";
import { readGivenFile } from "../../pipeline/given-file.js";
import { parseDuration } from "../../base/duration.js";
import { err, ok, type Result } from "../../base/result.js";
import { nanos } from "../../model/ids.js";
import type { InspectOptions } from "../../pipeline/services/inspect.js";
import type { FlagSpecs, Flags } from "./flags.js";
import type { Io } from "../io.js";

const SECRET = "it may hold a secret, and settings are committed; give it on the command line";
const PROTECTS = "what protects a connection is not for a file that comes with a repository; give it on the command line";

/** The flags that say how to get a dump: the same for inspect, diff, verify and watch. */
export const SOURCE_FLAGS = {
  debug: { type: "string", kind: ["0", "1", "2"], value: "0|1|2", help: "form to ask a service for: 0 profile, 1 counts, 2 full text" },
  leaks: { type: "boolean", help: "ask for the goroutineleak profile (Go 1.27; Go 1.26 built with GOEXPERIMENT=goroutineleakprofile)" },
  header: { type: "list", never: SECRET, value: "'NAME: TEXT'", help: "HTTP header to send; may be given again" },
  user: { type: "string", never: SECRET, value: "NAME:PASSWORD", help: "HTTP basic authentication" },
  cert: { type: "string", never: PROTECTS, value: "FILE", help: "client certificate (PEM)" },
  key: { type: "string", never: PROTECTS, value: "FILE", help: "its key (PEM)" },
  ca: { type: "string", never: PROTECTS, value: "FILE", help: "authority that signed the server's certificate (PEM)" },
  insecure: { type: "boolean", never: PROTECTS, help: "accept any server certificate" },
  timeout: { type: "string", kind: "time", usual: "30s", value: "TIME", help: "longest time for an answer (30s)" },
  "max-size": { type: "string", kind: "positive", usual: "512", value: "MIB", help: "largest answer after unpacking, in MiB (512)" },
  where: { type: "list", value: "KEY=VALUE", help: "only goroutines with this pprof label; may be given again" },
  "by-label": { type: "string", value: "KEY", help: "split groups by this pprof label's values, and rank the values" },
  module: { type: "string", value: "PATH", help: "your module: everything else counts as a library" },
} as const satisfies FlagSpecs;

/** Reads them, and the files that they name; an error is one sentence. */
export async function sourceOptions(flags: Flags<typeof SOURCE_FLAGS>["flags"], io: Io): Promise<Result<InspectOptions, string>> {
  const timeout = parseDuration(flags.timeout ?? "30s");
  if (!timeout.ok) return err(`--timeout: ${timeout.error}`);
  const size = Number(flags["max-size"] ?? "512");
  if (!(size > 0)) return err(`--max-size: '${flags["max-size"]}' is not a number of MiB`);
  if (flags.debug !== undefined && !/^[012]$/.test(flags.debug)) return err(`--debug: '${flags.debug}' is not 0, 1 or 2`);
  const headers: [string, string][] = [];
  for (const header of flags.header) {
    const match = /^([!#$%&'*+.^_`|~\w-]+):\s*([^\r\n]*)$/.exec(header);
    if (!match) return err("--header: it is not of the form 'Name: text'"); // not repeated: it is a secret, as a rule
    headers.push([match[1]!, match[2]!]);
  }
  const where: [string, string][] = [];
  for (const label of flags.where) {
    const at = label.indexOf("=");
    if (at < 1) return err(`--where: '${label}' is not of the form KEY=VALUE`);
    where.push([label.slice(0, at), label.slice(at + 1)]);
  }
  if (flags["by-label"] === "") return err("--by-label: the label's key is empty");
  const tls = await readPems(flags, io);
  if (!tls.ok) return tls;
  return ok({
    ...(flags.debug === undefined ? {} : { debug: Number(flags.debug) as 0 | 1 | 2 }),
    profile: flags.leaks ? "goroutineleak" : "goroutine",
    headers,
    ...optional({ user: flags.user }),
    tls: { ...tls.value, insecure: flags.insecure },
    timeoutMs: Number(timeout.value / 1_000_000n),
    maxBytes: size * 2 ** 20,
    signal: io.signal,
    stdin: io.stdin,
    env: io.env,
    cwd: io.cwd,
    now: () => nanos(BigInt(Date.now()) * 1_000_000n),
    ...(where.length === 0 ? {} : { where }),
    ...optional({ module: flags.module, byLabel: flags["by-label"] }),
  });
}

async function readPems(flags: { cert?: string | undefined; key?: string | undefined; ca?: string | undefined }, io: Io): Promise<Result<{ cert?: string; key?: string; ca?: string }, string>> {
  const pems: { cert?: string; key?: string; ca?: string } = {};
  for (const name of ["cert", "key", "ca"] as const) {
    const file = flags[name];
    if (file === undefined) continue;
    const text = await readGivenFile(file, io);
    if (!text.ok) return err(`--${name}: ${text.error}`);
    pems[name] = text.value;
  }
  return ok(pems);
}
