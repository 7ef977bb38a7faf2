import { runtimeSnapshot } from "./runtime-snapshot.js";
import type { Snapshot } from "../../model/goroutine/snapshot.js";
import { awaitSource } from "./await-source.js";
import { countProfile, dump, runningFirst } from "./dump-text.js";
import { goroutineProfile } from "./goroutine-profile.js";
import { scheduler } from "../core/current-runtime.js";

/** What a debug endpoint answers. */
interface EndpointAnswer {
  readonly status: number;
  readonly type: string;
  readonly body: string | Uint8Array<ArrayBuffer>;
}

const TEXT = "text/plain; charset=utf-8";
const PREFIX = "/debug/pprof/";

/**
 * Go's net/http/pprof, as far as goroutines go: `/debug/pprof/goroutine` with debug=0 (pprof protobuf, the default), 1
 * and 2, and an index. Undefined: not one of ours. Do not show it to the world, as in Go: it shows every stack, and what
 * it costs grows with the number of goroutines. Whatever the request target is, this does not throw: it runs in the
 * middle of somebody's service.
 */
export function answerEndpoint(target: string): EndpointAnswer | undefined {
  const { pathname, query } = cutTarget(target);
  try {
    return answerPath(pathname, query);
  } catch (error) {
    return { status: 500, type: TEXT, body: `the goroutines could not be shown: ${error instanceof Error ? error.message : String(error)}\n` };
  }
}

/**
 * Path and query of a request target, RFC 9112 3.2: `/path?query`, `http://host/path?query`, or `host:port` and `*`,
 * which have no path. Not by `new URL`, which throws for `//` and much else that node:http lets through.
 */
function cutTarget(target: string): { readonly pathname: string; readonly query: string } {
  const whole = target.split("#", 1)[0]!;
  const mark = whole.indexOf("?");
  const path = mark < 0 ? whole : whole.slice(0, mark);
  const query = mark < 0 ? "" : whole.slice(mark + 1);
  const host = /^[a-z][a-z0-9+.-]*:\/\/[^/]*/i.exec(path)?.[0] ?? "";
  return { pathname: path.slice(host.length), query };
}

function answerPath(pathname: string, query: string): EndpointAnswer | undefined {
  const awaits = awaitSource.current;
  if (pathname === PREFIX) return { status: 200, type: TEXT, body: `goroutine\t${scheduler.all.size}\n${awaits === undefined ? "" : `await\t${awaits.goroutines().length}\n`}` };
  if (pathname === "/debug/pprof/cmdline") return { status: 200, type: TEXT, body: "unpark" };
  if (pathname === `${PREFIX}await`) {
    if (awaits === undefined) return { status: 404, type: TEXT, body: "Awaits are not sampled: sampleAwaits() of unpark/node begins that\n" };
    if (new URLSearchParams(query).get("debug") === "json") return { status: 200, type: "application/json", body: `${JSON.stringify(awaits.places())}\n` };
    return shown({ ...runtimeSnapshot(), goroutines: awaits.goroutines() }, query);
  }
  if (pathname !== `${PREFIX}goroutine`) {
    return pathname.startsWith(PREFIX) ? { status: 404, type: TEXT, body: "Unknown profile\n" } : undefined;
  }
  const all = runtimeSnapshot();
  return shown({ ...all, goroutines: [...runningFirst(all.goroutines), ...(awaits?.goroutines() ?? [])] }, query);
}

function shown(snapshot: Snapshot, query: string): EndpointAnswer {
  switch (new URLSearchParams(query).get("debug") ?? "0") {
    case "0":
      return { status: 200, type: "application/octet-stream", body: new Uint8Array(goroutineProfile(snapshot, scheduler.platform.wall())) };
    case "1":
      return { status: 200, type: TEXT, body: countProfile(snapshot) };
    default:
      return { status: 200, type: TEXT, body: dump(snapshot) };
  }
}

/**
 * `/debug/pprof/goroutine` for servers that speak the web's Request and Response (Deno, Bun, workers).
 *
 * @param request its URL says what is asked for.
 * @returns undefined: not one of ours.
 * @example
 * const answer = debugFetch(new Request("http://localhost/debug/pprof/goroutine?debug=2"));
 * assert.match(await answer!.text(), /^goroutine 1 \[/);
 */
export function debugFetch(request: Request): Response | undefined {
  const found = answerEndpoint(request.url);
  return found && new Response(found.body, { status: found.status, headers: { "content-type": found.type } });
}
