import { number } from "../../../base/numerals.js";
import type { GoroutineGroup } from "../../../model/goroutine/goroutine-group.js";
import type { Goroutine } from "../../../model/goroutine/snapshot.js";
import { countOf, has, type SnapshotRule, weigh } from "../suspect-rule.js";
import { ROUND_TRIP } from "./http-call.js";

/**
 * A handler that is still at work although its client went away. While a handler runs, the server watches the
 * connection in a goroutine of its own (connReader.backgroundRead) that ends when the client does: handlers without one
 * have nobody to answer (net/http/server.go; not for HTTP/2, nor before the request's body was read).
 */
export const staleHandler: SnapshotRule = {
  code: "stale-handler",
  doc: "HTTP handlers blocked after their client went away, or for long.",
  look(group, view) {
    if (!inHandler(group) || isProfileHandler(group) || group.kind === "running" || has(group, ...ROUND_TRIP)) return undefined;
    const profiling = countOf(view.groups, (g) => inHandler(g) && isProfileHandler(g)); // has a connection, too
    const handlers = countOf(view.groups, inHandler) - profiling;
    const watched = view.snapshot.goroutines.reduce((n, g) => n + (watchesConnection(g) || (view.profile && g.stack.length === 0) ? g.count : 0), 0);
    // In an excerpt, or where stacks were lost, the watchers may just not be there.
    const gone = view.whole ? Math.max(0, handlers + profiling - watched) : 0;
    const { confidence, evidence } = weigh(group, view);
    const facts = [`${group.count === 1 ? "a request's handler is" : `${number(group.count)} requests' handlers are`} blocked in '${group.waitReason || group.kind}'`];
    if (gone > 0) facts.push(`${gone} of ${handlers} handlers at work have no connection left to answer: the client is gone, but nothing tells the handler`);
    const cause = group.kind === "send" ? "send-without-receiver" : group.kind === "lock" ? "mutex-never-unlocked" : "missing-cancel";
    // Streams and long polls wait for as long as their clients like.
    const served = view.whole && gone === 0 && watched > 0;
    if (served) facts.push("each handler has its client's connection still: it may be answering a stream or a long poll");
    const sure = gone > 0 && gone * 2 >= handlers ? "high" : gone > 0 ? "medium" : served ? "low" : confidence;
    return { cause, confidence: sure, evidence: [...facts, ...evidence] };
  },
};

/** Below conn.serve, above it something other than the server's own waiting for the next request. */
export const inHandler = (group: GoroutineGroup): boolean =>
  has(group, "net/http.(*conn).serve") && has(group, "net/http.serverHandler.ServeHTTP", "net/http.HandlerFunc.ServeHTTP");

/** The server's watcher of a connection; one that was only just started has no frames yet, but a creator or a wrapper (in a profile nothing). */
const watchesConnection = ({ stack, createdBy }: Goroutine): boolean =>
  createdBy?.function === STARTS_WATCH || stack.some((f) => f.function === "net/http.(*connReader).backgroundRead" || f.function.startsWith(STARTS_WATCH));
const STARTS_WATCH = "net/http.(*connReader).startBackgroundRead";

/** The handler that wrote this very snapshot. */
export const isProfileHandler = (group: GoroutineGroup): boolean => has(group, "runtime/pprof.(*Profile).WriteTo", "net/http/pprof.handler.ServeHTTP", "net/http/pprof.Index");
