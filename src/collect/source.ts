import { optional } from "../base/optional.js";
import { err, ok, type Result } from "../base/result.js";
import { publicName } from "../model/public-name.js";

/** Where a dump can come from, as a person writes it. */
export type Source =
  | { readonly kind: "stdin" }
  | { readonly kind: "file"; readonly path: string }
  /** `exact`: fetch this address as it is; otherwise it is a base below which /debug/pprof/ lies. */
  | { readonly kind: "url"; readonly url: string; readonly exact: boolean }
  /** `unix:/run/app.sock` or `unix:/run/app.sock:/debug/pprof/`. */
  | { readonly kind: "unix"; readonly socket: string; readonly path: string; readonly exact: boolean }
  | { readonly kind: "pid"; readonly pid: number }
  /** A gops agent on another address: `gops:127.0.0.1:4321`. */
  | { readonly kind: "gops"; readonly host: string; readonly port: number }
  /** The last profile of a service that a Pyroscope has: `pyroscope+http://127.0.0.1:4040/cart?pod=cart-1&at=2026-01-05T12:00:00Z`. */
  | { readonly kind: "pyroscope"; readonly text: string; readonly server: string; readonly service: string; readonly labels: readonly (readonly [name: string, value: string])[]; readonly at?: number };

/** `-`, a file, a URL, `host:port`, `unix:SOCKET`, `pid:N`, `gops:HOST:PORT`, `pyroscope+http://HOST:PORT/SERVICE`. */
export function parseSource(text: string): Result<Source, string> {
  const shown = publicName(text);
  if (text === "-") return ok({ kind: "stdin" });
  if (text === "") return err("the source is empty: expected a file, '-', a URL, pid:N, gops:HOST:PORT or unix:SOCKET");
  if (/^https?:/i.test(text)) return parseUrl(text);
  if (/^pyroscope\+/i.test(text)) return parsePyroscope(text);
  if (text.startsWith("pid:")) {
    const pid = Number(text.slice(4));
    return Number.isSafeInteger(pid) && pid > 0 ? ok({ kind: "pid", pid }) : err(`'${shown}' is not a process: expected for instance pid:4711`);
  }
  if (text.startsWith("gops:")) return parseGops(text);
  if (text.startsWith("unix:")) {
    const [, socket, path = "/"] = /^unix:([^:]+)(?::(\/.*))?$/.exec(text) ?? [];
    return socket === undefined || !URL.canParse(path, LOCALHOST) ? err(`'${shown}' is not a socket: expected for instance unix:/run/app.sock`) : ok({ kind: "unix", socket, path, exact: !isBase(path) });
  }
  if (/^(localhost|\d{1,3}(\.\d{1,3}){3}|\[[0-9a-f:]+\]):\d+(\/.*)?$/i.test(text)) return parseUrl(`http://${text}`);
  return ok({ kind: "file", path: text });
}

function parseGops(text: string): Result<Source, string> {
  const address = /^gops:(?:([^\s@/[\]\p{C}]+|\[[0-9a-f:.%\w]+\]):)?(\d{1,5})$/iu.exec(text);
  const port = Number(address?.[2]);
  if (!address || port > 65535 || port < 1) return err(`'${publicName(text)}' is not a gops agent: expected for instance gops:127.0.0.1:6060 or gops:[::1]:6060`);
  return ok({ kind: "gops", host: address[1]?.replace(/^\[|\]$/g, "") ?? "127.0.0.1", port });
}

function parseUrl(text: string): Result<Source, string> {
  if (!URL.canParse(text)) return err(`'${publicName(text)}' is not a URL`);
  const url = new URL(text);
  return ok({ kind: "url", url: url.href, exact: !isBase(url.pathname) });
}

/** The path's last part is the service; the parameters are labels, but for `at`. */
function parsePyroscope(text: string): Result<Source, string> {
  const shown = publicName(text);
  const address = text.slice("pyroscope+".length);
  const url = /^https?:/i.test(address) && URL.canParse(address) ? new URL(address) : undefined;
  const [, folder = "/", name = ""] = /^(.*\/)([^/]+)$/.exec(url?.pathname ?? "") ?? [];
  if (url === undefined || name === "") return err(`'${shown}' names no service of a Pyroscope: expected for instance pyroscope+http://127.0.0.1:4040/SERVICE?pod=NAME`);
  const labels = [...url.searchParams].filter(([label]) => label !== "at");
  const strange = labels.find(([label]) => !/^[a-zA-Z_]\w*$/.test(label));
  if (strange !== undefined) return err(`'${shown}': '${strange[0]}' is no label of Pyroscope`);
  const moment = url.searchParams.get("at");
  const at = moment === null ? undefined : Date.parse(moment);
  if (Number.isNaN(at)) return err(`'${shown}': 'at' is no time: expected for instance 2026-01-05T12:00:00Z`);
  url.pathname = folder;
  url.search = url.hash = "";
  try {
    return ok({ kind: "pyroscope", text, server: url.href, service: decodeURIComponent(name), labels, ...optional({ at }) });
  } catch {
    return err(`'${shown}' is no address: a % in it is not followed by two hexadecimal digits`);
  }
}

/** A folder or pprof's index: the profile is to be looked for below it. Anything else is the dump itself. */
const isBase = (path: string): boolean => path.endsWith("/") || path.endsWith("/debug/pprof");

/** The path of a profile below a base: `/app/` → `/app/debug/pprof/goroutine`. */
export function profilePath(base: string, profile: string): string {
  const folder = base.endsWith("/") ? base : `${base}/`;
  return folder.endsWith("/debug/pprof/") ? folder + profile : `${folder}debug/pprof/${profile}`;
}

/** A socket's own name says nothing of hosts. */
export const LOCALHOST = "http://localhost";

/** As a person would write it, without what is secret in it (model/public-name.ts). */
export function sourceName(source: Source): string {
  switch (source.kind) {
    case "stdin":
      return "standard input";
    case "file":
      return publicName(source.path);
    case "url":
      return publicName(source.url);
    case "unix":
      return publicName(`unix:${source.socket}${source.path === "/" ? "" : `:${source.path}`}`);
    case "pyroscope":
      return publicName(source.text);
    case "pid":
      return `pid:${source.pid}`;
    case "gops":
      return `gops:${source.host.includes(":") ? `[${source.host}]` : source.host}:${source.port}`;
  }
}
