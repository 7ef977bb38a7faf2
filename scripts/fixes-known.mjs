// The known solutions of the seed programs' leaking rows, by the row's number, for the tables of `unpark fix` (fixes.mjs, fixes-ts.mjs).

/** What the sources of the examples, or the rows beside them, name as the solution; `ways` are those of ours that are it. */
export const KNOWN = {
  "05": ["nobody sends: an owner that closes, or a receive that gives up", ["close-owner", "select-done"]],
  "06": ["room for all that is sent (`-c 11`)", ["buffer"]],
  "07": ["a done channel that the consumer closes (row 08)", ["done-added"]],
  "09": ["a channel that is made, and an end for the worker (row 10)", ["make"]],
  12: ["read both channels (row 14), or room for the sum", ["buffer"]],
  13: ["read both channels (row 14), or room for the sum", ["buffer"]],
  15: ["room for both", ["buffer"]],
  16: ["room for all three", ["buffer"]],
  17: ["the request's context beside the read (`followUntil`)", ["select-done"]],
  18: ["room for the news", ["buffer"]],
  20: ["room for all three answers (row 19)", ["buffer"]],
  21: ["make the channel", ["make"]],
  22: ["make the channel, and send", []],
  23: ["a client with a time-out", ["timeout"]],
  24: ["a deferred unlock (row 25)", ["unlock"]],
  26: ["add as many as are done", ["waitgroup-count"]],
  27: ["Done in the goroutine", ["waitgroup-done"]],
  28: ["a buffer of 1, or a select with a time-out (row 29)", ["buffer"]],
  30: ["a context and a select around the send (row 31)", ["select-done", "done-added"]],
  32: ["a quit channel (row 33)", ["quit-added"]],
  34: ["a helper that expects the lock to be held", ["lock-apart"]],
  35: ["a lock that remembers its owner under a lock of its own", []],
  36: ["a send that gives up after 500 ms (row 37), or room for one", ["buffer"]],
  38: ["room for one, or `defer cancel()` (row 39)", ["buffer", "cancel"]],
  42: ["room for both answers", ["buffer"]],
};

/** The TypeScript rows: those of Go (17 and 23 are of Go alone), where their sources name the same. */
const { 17: _feed, 23: _client, ...BOTH } = KNOWN;
export const KNOWN_TS = {
  ...BOTH,
  "05": ["nobody sends: an owner that closes, or a receive that gives up", ["close-owner", "signal-passed"]],
  24: ["a lock that is given back where its block ends (row 25)", ["unlock"]],
  32: ["an end for the loop (row 33)", ["quit-added"]],
  38: ["room for one, or a context that is cancelled on every path (row 39)", ["buffer", "cancel"]],
};
