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
 * and 2, and an index. Undefined: not one of ours. Do not show it to the world, as in Go.
 */
export function answerEndpoint(url: string): EndpointAnswer | undefined {
  const { pathname, searchParams } = new URL(url, "http://localhost");
  if (pathname === PREFIX) return { status: 200, type: TEXT, body: `goroutine\t${scheduler.all.size}\n` };
  if (pathname === "/debug/pprof/cmdline") return { status: 200, type: TEXT, body: "unpark" };
  if (pathname !== `${PREFIX}goroutine`) {
    return pathname.startsWith(PREFIX) ? { status: 404, type: TEXT, body: "Unknown profile\n" } : undefined;
  }
  switch (searchParams.get("debug") ?? "0") {
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
