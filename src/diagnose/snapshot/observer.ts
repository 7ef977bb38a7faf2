import { MARK } from "../../model/goroutine/frame-marks.js";
import type { GoroutineGroup } from "../../model/goroutine/goroutine-group.js";

/**
 * Goroutines that are there because somebody looks: the handler that writes the profile, its connection and the
 * server's idle connections, the gops agent. They come and go with the observer, so a comparison leaves them out.
 */
export const isObserver = (group: GoroutineGroup): boolean =>
  group.first.stack.length === 0 || // was only just started, like the watcher of the observer's own connection
  (group.marks & MARK.observer) !== 0 ||
  group.some(({ createdBy }) => createdBy?.function === "net/http.(*connReader).startBackgroundRead") ||
  isIdleConnection(group);

/** A connection of the server's between two requests: below conn.serve there is no handler. */
const isIdleConnection = (group: GoroutineGroup): boolean =>
  (group.marks & MARK.serves) !== 0 && group.stack.every((f) => /^(net\/http|net|internal|bufio|syscall|crypto)[./]/.test(f.function)) && !group.stack.some((f) => f.function.includes("ServeHTTP"));
