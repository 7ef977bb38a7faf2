import type { Cause } from "../../model/cause.js";
import { type Group, waitsOf } from "../../model/group.js";
import type { Frame } from "../../model/stack.js";

/** What a cause means, in a phrase: how a suspect is headed. */
export const CAUSE_WORDS: Readonly<Record<Cause, string>> = {
  "send-without-receiver": "blocked sending to a channel that nobody receives from",
  "receive-without-sender": "blocked receiving from a channel that nobody sends to",
  "nil-channel": "blocked for ever on a nil channel",
  "range-never-closed": "ranging over a channel that is never closed",
  "abandoned-sender": "senders whose receiver left after the first answer",
  "early-return": "left waiting by an early return",
  "missing-cancel": "waiting for a cancellation that does not come",
  "mutex-never-unlocked": "waiting for a lock that is not given back",
  "recursive-lock": "waiting for a lock that it holds itself",
  "lock-order": "two locks taken in opposite orders",
  "waitgroup-mismatch": "waiting for a WaitGroup that does not reach zero",
  "cond-never-signalled": "waiting for a condition that nobody signals",
  "blocking-defer": "blocked in a deferred call",
  "loop-without-exit": "looping without an exit",
  "no-timeout": "waiting on the network without a timeout",
  "resource-not-closed": "held by a resource that was not closed",
  "select-without-ready-case": "blocked in a select of which no case gets ready",
  "select-without-cases": "blocked for ever in an empty select",
  unknown: "gathering at one place, cause unknown",
};

/** `12,345` whatever the locale. */
export const grouped = (n: number): string => String(n).replace(/\B(?=(\d{3})+$)/g, ",");

export const plural = (n: number, word: string): string => `${grouped(n)} ${word}${n === 1 ? "" : "s"}`;

/** `main.(*Server).sum` of `github.com/acme/shop/main.(*Server).sum`: the last element says enough beside the file. */
export const shortFunction = (name: string): string => name.slice(name.lastIndexOf("/", name.indexOf("[") < 0 ? undefined : name.indexOf("[")) + 1);

/** Relative to the folder one stands in, if below it; the module cache's and Go's own without their roots. */
export function shortFile(file: string, cwd: string): string {
  if (file.startsWith(`${cwd}/`)) return file.slice(cwd.length + 1);
  return file.replace(/^.*\/pkg\/mod\//, "").replace(/^.*\/go[^/]*\/src\//, "$GOROOT/").replace(/^.*\/node_modules\//, "");
}

export const place = (frame: Frame, cwd: string): string =>
  frame.file === "" ? "" : `${shortFile(frame.file, cwd)}:${frame.line}`;

/** `45m`, `2h`, `3d`; empty where it is not known. */
export function age(minutes: number | undefined): string {
  if (minutes === undefined) return "";
  if (minutes < 120) return `${minutes}m`;
  return minutes < 48 * 60 ? `${Math.floor(minutes / 60)}h` : `${Math.floor(minutes / 1440)}d`;
}

export function ages(group: Group): string {
  const waits = waitsOf(group);
  return waits === undefined ? "" : waits.min === waits.max || waits.min === 0 ? age(waits.max) : `${age(waits.min)}-${age(waits.max)}`;
}

/** The state of a group in the runtime's words. */
export const stateWords = (group: Group): string => {
  if (group.leaked) return `${group.waitReason || "?"} (leaked)`;
  if (group.waitReason !== "") return group.waitReason;
  return group.kind === "unknown" ? "?" : group.kind;
};
