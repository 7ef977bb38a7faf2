import type { FixCandidate, FixStep, FixTrial, Way } from "../../model/results/fix.js";

/** What a patch of each way does, and what is another way afterwards: sentences. */
const WAY_WORDS: Readonly<Record<Way, { readonly does: (facts: FixCandidate["facts"]) => string; readonly changes: string }>> = {
  buffer: {
    does: ({ channel, room, how }) => how === "kept" ? `${channel} gets room for 1 value: what is told before the wait is kept` : `${channel} gets room for ${values(room)}, as many as are sent: no send waits`,
    changes: "a send is over before its value is received; a value that nobody receives stays in the channel and goes with it",
  },
  make: {
    does: ({ channel, room, closed }) => `${channel} is made before it is used${room === "" ? "" : `, with room for ${values(room)}`}${closed === undefined ? "" : ", and closed, for nobody sends on it"}`,
    changes: "what waited for ever goes on",
  },
  "close-sender": {
    does: ({ channel, function: name, how }) => how === "paths" ? `${name} closes ${channel} on every path` : `${name}, which alone sends on ${channel}, closes it ${how === "deferred" ? "when it returns" : "behind its last send"}`,
    changes: "a receive behind the last value gets the zero value (ok is false), and a range over the channel ends",
  },
  "close-handed": {
    does: ({ channel, function: name }) => `${name}, which was handed ${channel} and did nothing with it, closes it when it returns`,
    changes: "who waits for it goes on when the function is over (ok is false)",
  },
  "close-first": {
    does: ({ channel, function: name }) => `${name} closes ${channel} before it waits for that itself`,
    changes: "others that wait for it go on earlier",
  },
  "close-owner": {
    does: ({ channel, function: name }) => `${name}, which made ${channel}, closes it when it returns`,
    changes: "who still receives from it then gets the zero value (ok is false)",
  },
  cancel: {
    does: ({ cancel, function: name }) => `${name} calls ${cancel} when it returns`,
    changes: "what works with that context ends when the function returns",
  },
  "select-done": {
    does: ({ what, end }) => `${what} is given up when ${end} is ready`,
    changes: "what is not sent or received by then never is: a late value is dropped",
  },
  "done-added": {
    does: ({ what, function: name, by }) => `${what} is given up when a done channel is closed, which ${by === "caller" ? `the caller of ${name} does when it has enough` : `${name} does when it ${by === "enough" ? "has taken its last value" : "returns"}`}`,
    changes: "a late value is dropped, and the sender ends",
  },
  receive: {
    does: ({ channel, function: name, how }) => how === "rest" ? `${name} takes what is still sent on ${channel} until it is closed, before it leaves its loop` : `${name} receives from ${channel} on the paths that left without it`,
    changes: "these paths wait for the sender, and drop what it sends",
  },
  "done-field": {
    does: ({ what, type, end }) => `${what} is given up when ${type} is ended: it gets a done channel, which ${end} closes`,
    changes: "what is not sent by then never is",
  },
  "quit-added": {
    does: ({ function: name }) => `${name} looks at a quit channel in each turn of its loop, and whoever starts it closes that when it is over, or before it waits for the loop's end`,
    changes: "the loop ends, after the turn in which it is; what comes later it does not do",
  },
  timeout: {
    does: ({ what, how }) => `${what} is given up after 30 s: ${how === "client" ? "its client has that time-out" : "the request's context ends then, or when the function returns"}`,
    changes: "a slow answer is an error after 30 s; choose the time that fits",
  },
  "defer-close": {
    does: ({ function: name, close }) => `${name} calls ${close} when it returns`,
    changes: "it is closed from then on, and so is what was made of it",
  },
  "unlock-last": {
    does: ({ lock, function: name, what }) => `${name} gives ${lock} back behind ${what}, and not before it`,
    changes: "the lock is held a little longer",
  },
  unlock: {
    does: ({ lock, function: name, how }) => (how === "meant" ? `${name} gives ${lock} back where it took it a second time before it left` : `${name} gives ${lock} back ${how === "deferred" ? "when it returns" : how === "turn" ? "in each turn of the loop that takes it" : "on the path that kept it"}`),
    changes: "others get the lock that waited for ever",
  },
  "lock-apart": {
    does: ({ names, function: name, lock }) => `${name}, which holds ${lock}, calls ${names}, which ${names?.includes(",") === true ? "expect" : "expects"} it to be held`,
    changes: "the same code runs under the lock that its caller took",
  },
  "unlock-around": {
    does: ({ lock, function: name, while: what }) => `${name} gives ${lock} back while it waits in ${what}`,
    changes: "others may take the lock at that point, and change what it guards",
  },
  "waitgroup-count": {
    does: ({ group, number, before }) => `${number} are added to ${group} in place of ${before}, as many as call Done`,
    changes: "Wait waits for those alone",
  },
  "waitgroup-done": {
    does: ({ group, function: name, how }) => (how === "behind" ? `${name} waits for ${group} behind the loop that starts the goroutines` : how === "moved" ? `the goroutine itself calls Done of ${group}, in place of who waits for it` : `${name} calls Done of ${group} on every path`),
    changes: "Wait returns when the goroutines are over",
  },
  "signal-locked": {
    does: ({ condition, how }) => `${condition}: ${how === "looped" ? "the wait is in a loop" : how === "locked" ? "it is signalled under its lock" : how === "all" ? "all who wait are woken" : "it is signalled under its lock, and waited for in a loop"}`,
    changes: "no wake-up is lost between the look at the condition and the wait",
  },
  "await-added": {
    does: ({ what, function: name }) => `${name} waits for ${what} before it goes on`,
    changes: "what comes behind it comes later, and its error is the caller's",
  },
  "give-back": {
    does: ({ what, function: name, give }) => `${name} gives ${what} back whatever comes: ${give} stands in a finally`,
    changes: "after an error it is given back, too",
  },
  "signal-passed": {
    does: ({ what, signal }) => `${what} is given ${signal}: it is given up when that aborts`,
    changes: "an abort rejects it, with the signal's reason",
  },
  "listener-removed": {
    does: ({ what, function: name }) => `${name} takes ${what} away when it is over`,
    changes: "an event after that is heard by nobody here",
  },
};

const values = (room = ""): string => (room === "1" ? "1 value" : `${room} values`);

/** The steps of a patch; most have one. */
export const stepsOf = ({ way, facts, then = [] }: FixCandidate): readonly FixStep[] => [{ way, facts }, ...then];

export const waysText = (candidate: FixCandidate): string => stepsOf(candidate).map(({ way }) => way).join(" + ");
export const doesWords = ({ candidate }: FixTrial): string => stepsOf(candidate).map(({ way, facts }) => WAY_WORDS[way].does(facts)).join("; and ");
export const changesWords = ({ candidate }: FixTrial): string => [...new Set(stepsOf(candidate).map(({ way }) => WAY_WORDS[way].changes))].join("; ");
