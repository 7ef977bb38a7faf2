import { createInterface } from "node:readline";
import { Readable } from "node:stream";
import { spellOutLines } from "../base/spell-out.js";
import type { DrawnRun } from "../model/run/schedule-picture.js";
import { ScheduleDebugger } from "../report/schedule/debugger.js";
import type { Io } from "./io.js";

/** Answers one line of stdin after the other, until `quit`, the end of input or Ctrl-C. */
export async function debug(run: DrawnRun, io: Io): Promise<void> {
  const session = new ScheduleDebugger(run);
  const say = (words: string): void => io.stdout.write(spellOutLines(words));
  say(session.greeting);
  say(session.prompt);
  // Not as a terminal of readline's: the reader's own terminal edits the line, and a pipe is answered alike.
  const lines = createInterface({ input: io.stdin instanceof Readable ? io.stdin : Readable.from(io.stdin), terminal: false, signal: io.signal });
  for await (const line of lines) {
    const answer = session.answer(line);
    if (answer.kind === "quit") return;
    say(answer.text);
    say(session.prompt);
  }
  say("\n");
}
