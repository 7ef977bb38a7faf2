import type { GoroutineName } from "../ids.js";
import type { Frame, Stack } from "../goroutine/stack.js";
import { ownerOf } from "../source/blame.js";
import type { GoroutineLife } from "./trace.js";

/** The user's call that led to a library's `go` statement; undefined where the statement is the user's own, or nobody knows. */
export function callThatStarted({ createdBy, startedFrom = [] }: Pick<GoroutineLife, "createdBy" | "startedFrom">): Frame | undefined {
  return createdBy === undefined || ownerOf(createdBy) === "user" ? undefined : usersFrame(startedFrom);
}

/** The same; of one that a library's goroutine started, the call that started that one (net/http dials in a goroutine of its own). */
export function callBehind(life: GoroutineLife | undefined, lifeOf: (name: GoroutineName) => GoroutineLife | undefined): Frame | undefined {
  for (let one = life; one?.createdBy !== undefined && ownerOf(one.createdBy) !== "user"; one = parentOf(one, lifeOf)) {
    const call = callThatStarted(one);
    if (call !== undefined) return call;
  }
  return undefined;
}

/** A parent starts before its child: the walk ends. */
const parentOf = ({ name, createdBy }: GoroutineLife, lifeOf: (name: GoroutineName) => GoroutineLife | undefined): GoroutineLife | undefined =>
  createdBy?.name === undefined || createdBy.name === name ? undefined : lifeOf(createdBy.name);

/** The main that `go test` writes is nobody's. */
const usersFrame = (stack: Stack): Frame | undefined => stack.find((frame) => ownerOf(frame) === "user" && !frame.file.endsWith("_testmain.go"));
