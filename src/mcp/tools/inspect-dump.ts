import { err, ok, type Result } from "../../base/result.js";
import { publicName } from "../../model/public-name.js";
import { fitting, jsonOf } from "../answer.js";
import { textOf } from "../arguments.js";
import { INSPECTION_CUTS } from "../bounded.js";
import type { Tool } from "../tool.js";

export const inspectDump: Tool = {
  name: "inspect_dump",
  title: "Inspect a service or a dump",
  description:
    "Reads the goroutines of a running Go service on this machine (http://127.0.0.1:PORT, with net/http/pprof), or of a file (dump, profile, log with a panic; gzip and zstd too), groups what is alike and names suspects. " +
    "A suspect is no proof. Answers what `unpark inspect --json` prints.",
  inputSchema: {
    type: "object",
    properties: { source: { type: "string", description: "a URL or HOST:PORT of this machine's loopback interface, or a file" } },
    required: ["source"],
    additionalProperties: false,
  },
  readOnly: true,
  async call(args, { run }) {
    const source = allowedSource(textOf(args, "source")!);
    if (!source.ok) return source;
    const end = await run(["inspect", "--json", source.value]);
    const json = jsonOf(end);
    return json.ok ? ok({ exit: end.exit, ...fitting("inspection", json.value, INSPECTION_CUTS) }) : json;
  },
};

/**
 * An agent may have been told by a stranger's text what to ask for: no address but this machine's own is asked (cloud
 * metadata and internal services lie on others), no socket, no other process. Redirects stay within the same origin
 * (collect/http.ts). A name is refused even where it would resolve to loopback: the answer may differ the second time.
 */
export function allowedSource(source: string): Result<string, string> {
  const shown = publicName(source).slice(0, 200);
  if (source === "-" || source.startsWith("-")) return err("standard input is the protocol's: give a file or a URL");
  const only = "only loopback addresses (127.0.0.1, [::1], localhost) and files are read here; for others a person runs `unpark inspect` in a terminal";
  if (/^(pid|gops|unix):/i.test(source)) return err(`'${shown}' is refused: ${only}`);
  const isUrl = /^[a-z][a-z0-9+.-]*:\/\//i.test(source) || /^https?:/i.test(source);
  const isHostPort = /^(localhost|\d{1,3}(\.\d{1,3}){3}|\[[^\]]*\]):\d+(\/.*)?$/i.test(source);
  if (!isUrl && !isHostPort) return ok(source);
  const address = isUrl ? source : `http://${source}`;
  if (!URL.canParse(address)) return err(`'${shown}' is not a URL`);
  const { protocol, hostname } = new URL(address);
  if (protocol !== "http:" && protocol !== "https:") return err(`'${shown}' is refused: ${protocol}// is not read, only http:// and https://`);
  // URL has made every spelling of an IPv4 address (0x7f.1, 2130706433) the usual one.
  const loopback = /^127\.\d+\.\d+\.\d+$/.test(hostname) || hostname === "[::1]" || hostname === "localhost";
  if (!loopback) return err(`'${shown}' is refused: ${only}`);
  return ok(hostname === "localhost" ? address.replace(/localhost/i, "127.0.0.1") : source);
}
