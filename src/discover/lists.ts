import { Resolver } from "node:dns/promises";
import { createReadStream } from "node:fs";
import { stat } from "node:fs/promises";
import { isIP } from "node:net";
import { resolve } from "node:path";
import { err, ok, type Result } from "../base/result.js";
import { publicName } from "../model/public-name.js";
import type { Discovery, DiscoveryOptions, FoundTargets } from "./discovered.js";
import { pause, refreshed } from "./refresh.js";
import { getText, MOST_BYTES } from "./request.js";
import { parseTargetGroups } from "./target-groups.js";

/** A file of Prometheus' `file_sd_config`: read again when it has changed. */
export function fileDiscovery(path: string, { cwd, refreshMs = 2000 }: DiscoveryOptions): Discovery {
  const file = resolve(cwd, path);
  const name = publicName(path);
  const once = async (): Promise<FoundTargets> => {
    try {
      const text = await readBounded(file);
      if (text === undefined) return err(`${name}: it has more than ${MOST_BYTES >> 20} MiB`);
      const found = parseTargetGroups(text);
      return found.ok ? found : err(`${name}: ${found.error}`);
    } catch (error) {
      const { code } = error as NodeJS.ErrnoException;
      return err(`${name}: ${code === "ENOENT" ? "there is no such file" : `it cannot be read (${code ?? "unknown reason"})`}`);
    }
  };
  return {
    name, once,
    follow: async (signal, onFound) => {
      for (let before = ""; !signal.aborted; ) {
        // Whoever writes it may do so in place, or put another in its place: both change one of these.
        const now = await stat(file).then(({ mtimeMs, size, ino }) => `${mtimeMs} ${size} ${ino}`, () => "none");
        if (now !== before) onFound(await once());
        before = now;
        await pause(refreshMs, signal);
      }
    },
  };
}

/** A file's text, or a pipe's; undefined: there is more of it than any list has (a device has no end). */
async function readBounded(file: string): Promise<string | undefined> {
  const pieces: Buffer[] = [];
  let size = 0;
  for await (const piece of createReadStream(file)) {
    pieces.push(piece as Buffer);
    size += (piece as Buffer).length;
    if (size > MOST_BYTES) return undefined;
  }
  return Buffer.concat(pieces).toString();
}

/** An address of Prometheus' `http_sd_config`. What is secret in it goes there, and nowhere else. */
export function httpDiscovery(address: string, { refreshMs = 60_000, timeoutMs }: DiscoveryOptions): Result<Discovery, string> {
  const name = publicName(address);
  if (!URL.canParse(address)) return err(`'${name}' is no address`);
  return ok(refreshed(name, refreshMs, async (signal) => {
    const text = await getText(new URL(address), { headers: [] }, timeoutMs, signal);
    if (!text.ok) return err(`${name}: ${text.error}`);
    const found = parseTargetGroups(text.value);
    return found.ok ? found : err(`${name}: ${found.error}`);
  }));
}

/** `dns:_pprof._tcp.shop.example` or `dns://SERVER/NAME` (RFC 4501): SRV records (RFC 2782), each a host and its port. */
export function dnsDiscovery(text: string, { refreshMs = 30_000, timeoutMs }: DiscoveryOptions): Result<Discovery, string> {
  const [, server, name] = /^dns:(?:\/\/([^/]*)\/)?([\w.-]+)(?:\?type=SRV)?$/i.exec(text) ?? [];
  if (name === undefined) return err(`'${publicName(text)}' is no name of SRV records: expected for instance dns:_pprof._tcp.shop.example`);
  const host = server?.replace(/:\d+$/, "").replace(/^\[|\]$/g, "");
  if (host !== undefined && isIP(host) === 0) return err(`'${publicName(text)}': the server is no IP address`);
  return ok(refreshed(text, refreshMs, async () => {
    const resolver = new Resolver({ timeout: timeoutMs, tries: 2 });
    try {
      if (server !== undefined) resolver.setServers([server]);
      const records = await resolver.resolveSrv(name);
      return ok(records.map(({ name: target, port }) => ({ source: ok(`http://${target}:${port}/`), name: publicName(`http://${target}:${port}`), labels: {} })).sort((a, b) => (a.name < b.name ? -1 : 1)));
    } catch (error) {
      const { code } = error as NodeJS.ErrnoException;
      return err(`${text}: ${code === "ENOTFOUND" || code === "ENODATA" ? "there is no such record" : `no answer (${code ?? "unknown reason"})`}`);
    }
  }));
}
