import { at, libraryFrames, packageOf, place } from "../../../model/source/blame.js";
import type { Goroutine } from "../../../model/goroutine/snapshot.js";
import type { Rule } from "../rule.js";
import { waitingFor } from "../wait-operation.js";

/** Packages of the library that wait for what is outside the process. */
const OUTSIDE = /^(net|net\/http|crypto\/tls|internal\/poll|os|os\/exec|syscall|database\/sql|net\/rpc)$/;

/** Within the process all the same: a net.Pipe, and a free connection of a sql.DB. */
const INSIDE = /^(net\.\(\*pipe\)\.|database\/sql\.\(\*DB\)\.conn$)/;

export const waitsInside = ({ stack }: Goroutine): boolean => INSIDE.test(stack.find((frame) => packageOf(frame.function) !== "runtime")?.function ?? "");

export const noTimeout: Rule = {
  code: "no-timeout",
  doc: "It waits for the network or another process, and no deadline or timeout ends the wait.",
  run(goroutine) {
    if (waitsInside(goroutine)) return undefined;
    const call = libraryFrames(goroutine.stack).findLast((frame) => OUTSIDE.test(packageOf(frame.function)));
    if (!call && waitingFor(goroutine) !== "io" && goroutine.state !== "io") return undefined;
    const what = call ? `${call.function}, called at ${at(place(goroutine.stack))},` : `the wait at ${at(place(goroutine.stack))}`;
    return [`${what} waits for the other side; no timer is set that would end the wait`];
  },
};
