import type { GoroutineGroup } from "../../model/goroutine-group.js";

/**
 * Goroutines that are there because somebody looks: the handler that writes the profile, its connection and the
 * server's idle connections, the gops agent. They come and go with the observer, so a comparison leaves them out.
 */
const OBSERVERS = [
  "net/http/pprof.", "runtime/pprof.(*Profile).WriteTo", "runtime/pprof.write", "runtime/pprof.profileWriter", "runtime/pprof.StopCPUProfile", "runtime/trace.Start", "net/http.(*connReader).backgroundRead",
  "net/http.(*connReader).startBackgroundRead", "net/http.(*conn).readRequest", "net/http.(*conn).setState", "github.com/google/gops/agent.",
];

export const isObserver = (group: GoroutineGroup): boolean =>
  group.stack.length === 0 || // was only just started, like the watcher of the observer's own connection
  group.stack.some((frame) => OBSERVERS.some((name) => frame.function.startsWith(name))) ||
  group.goroutines.some(({ createdBy }) => createdBy?.function === "net/http.(*connReader).startBackgroundRead") ||
  isIdleConnection(group);

/** A connection of the server's between two requests: below conn.serve there is no handler. */
const isIdleConnection = ({ stack }: GoroutineGroup): boolean =>
  stack.some((f) => f.function === "net/http.(*conn).serve") && stack.every((f) => /^(net\/http|net|internal|bufio|syscall|crypto)[./]/.test(f.function)) &&
  !stack.some((f) => f.function.includes("ServeHTTP"));
