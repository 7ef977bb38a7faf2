import { runtimeSnapshot } from "./runtime-snapshot.js";
import { countProfile, stack } from "./dump-text.js";
import { goroutineProfile } from "./goroutine-profile.js";
import { scheduler } from "../core/current-runtime.js";

/** What a debug endpoint answers. */
export interface EndpointAnswer {
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
  if (pathname === PREFIX) return { status: 200, type: TEXT, body: `goroutine\t${scheduler.all.size}\n` };
  if (pathname === "/debug/pprof/cmdline") return { status: 200, type: TEXT, body: "unpark" };
  if (pathname !== `${PREFIX}goroutine`) {
    return pathname.startsWith(PREFIX) ? { status: 404, type: TEXT, body: "Unknown profile\n" } : undefined;
  }
  switch (new URLSearchParams(query).get("debug") ?? "0") {
    case "0":
      return { status: 200, type: "application/octet-stream", body: new Uint8Array(goroutineProfile(runtimeSnapshot(), scheduler.platform.wall())) };
    case "1":
      return { status: 200, type: TEXT, body: countProfile(runtimeSnapshot()) };
    default:
      return { status: 200, type: TEXT, body: stack() };
  }
}

/** The same for servers that speak the web's Request and Response (Deno, Bun, workers). Undefined: not one of ours. */
export function debugFetch(request: Request): Response | undefined {
  const found = answerEndpoint(request.url);
  return found && new Response(found.body, { status: found.status, headers: { "content-type": found.type } });
}
