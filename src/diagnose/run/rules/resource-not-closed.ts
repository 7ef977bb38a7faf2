import { packageOf, userFrame } from "../../../model/blame.js";
import type { Rule } from "../rule.js";
import { nameOf } from "../run-index.js";

/** Goroutines that a library value keeps until it is closed: what started them, and what would end them. */
const KEPT: readonly (readonly [RegExp, string])[] = [
  [/^net\/http\.\(\*persistConn\)\./, "an HTTP connection's goroutine ends when the response body is closed and the client's idle connections are"],
  [/^net\/http\.\(\*(Server|conn)\)\./, "an HTTP server's goroutine ends when the server (or httptest.Server) is closed"],
  [/^database\/sql\.\(\*DB\)\./, "a sql.DB's goroutine ends when the DB is closed"],
  [/^os\/exec\.\(\*Cmd\)\./, "a command's goroutine ends when Wait is called"],
  [/^io\.\(\*pipe\)\./, "an io.Pipe's reader or writer goes on when the other end is used or closed"],
];

export const resourceNotClosed: Rule = {
  code: "resource-not-closed",
  doc: "A goroutine of the library's own serves a connection, server or handle that was not closed.",
  run(goroutine, scene) {
    const known = goroutine.stack.flatMap((frame) => KEPT.filter(([symbol]) => symbol.test(frame.function)))[0];
    if (!known) return undefined;
    const library = userFrame(goroutine.stack) === undefined;
    if (!library && !/^io\b/.test(packageOf(goroutine.stack.find((f) => known[0].test(f.function))!.function))) return undefined;
    const starter = goroutine.createdBy?.name;
    return [known[1], ...(starter === undefined ? [] : [`it was started by ${nameOf(scene, starter)}`])];
  },
};
