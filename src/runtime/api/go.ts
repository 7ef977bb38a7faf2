import { functionEntryName, type Body } from "../core/goroutine.js";
import { control, scheduler } from "../core/current-runtime.js";

/**
 * Go's `go` statement: starts `body` as a goroutine and returns at once. What it throws and does not catch is a panic,
 * which ends the program. Arguments are evaluated now, by the caller, as in Go; results are dropped.
 */
export function go<A extends readonly unknown[]>(body: (...args: A) => unknown, ...args: A): void {
  const start = args.length === 0 ? body : bound(body, args);
  if (control !== undefined) control.go(start, functionEntryName(body));
  else scheduler.go(start);
}

function bound<A extends readonly unknown[]>(body: (...args: A) => unknown, args: A): Body {
  const start = (): unknown => body(...args);
  Object.defineProperty(start, "name", { value: body.name });
  return start;
}
