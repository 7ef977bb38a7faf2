import assert from "node:assert/strict";
import { describe, it, test } from "node:test";
import fc from "fast-check";
import type { DrawnRun, SchedulePicture } from "../../model/run/schedule-picture.js";
import { ScheduleDebugger } from "./debugger.js";

/** main locks mutex A and waits for 1.1 on channel B; 1.1 wants the mutex. */
const picture: SchedulePicture = {
  program: "main",
  schedule: "u1 1*2 1.1",
  lanes: [
    { name: "1", entry: "main.main", from: -1, end: "subject", reason: "is blocked for ever (chan receive on channel B)", frame: 1 },
    { name: "1.1", entry: "main.work", from: 1, end: "blocked", reason: "sync.Mutex.Lock on mutex A", frame: 2, stack: [2], calledWith: [1] },
    { name: "1.2", entry: "main.other", from: 1, to: 3, end: "ended" },
  ],
  steps: [
    { lane: 0, text: "locks mutex A", time: 0, stack: [0, 3], calledWith: [0, -1], objects: [0], user: true, past: true },
    { lane: -1, text: "clock: +1s (now 1s)", time: 1e9, stack: [], objects: [], user: true, past: false },
    { lane: 2, text: "sends on channel C", time: 1e9, stack: [2], objects: [2], user: true, past: false },
    { lane: 2, text: "ends", time: 1e9, stack: [], objects: [], user: true, past: false },
  ],
  arrows: [],
  objects: ["mutex A", "channel B", "channel C"],
  values: ['name = "a", limit = 2s', "n = 3"],
  holds: [{ object: 0, lane: 0, from: 0 }],
  frames: [["main.main", "/m/main.go", 2, 0], ["main.main", "/m/main.go", 4, 0], ["main.work", "/m/main.go", 6, 0], ["runtime.main", "/go/proc.go", 9, 2]],
  sources: { "/m/main.go": ["func main() {", "\tmu.Lock()", "\tgo work()", "\t<-done", "}", "func work() { mu.Lock() }"] },
};
const run: DrawnRun = { picture };

/** A dialogue: lines with `$` are a person's, those below what is answered. */
function dialogue(text: string): void {
  const session = new ScheduleDebugger(run);
  for (const part of text.split(/^ {6}\$ ?/m).slice(1)) {
    const [asked = "", ...rest] = part.split("\n");
    const answer = session.answer(asked.trimEnd());
    const expected = rest.map((line) => line.replace(/^ {6}/, "").trimEnd()).join("\n").trimEnd();
    assert.equal(answer.kind === "text" ? answer.text.trimEnd() : "(quit)", expected, asked);
  }
}

describe("the debugger of a schedule", () => {
  it("goes forwards and backwards, and an empty line repeats the move", () => {
    dialogue(`
      $ start
      before the first step; started: main
      $ back
      this is the beginning
      $ step
      step 1  main locks mutex A  main.go:2  (0s)
          1  func main() {
        > 2      mu.Lock()
          3      go work()
          4      <-done
      $
      step 2  clock: +1s (now 1s)
      $ back 5
      before the first step; started: main
      $ goto 99
      step 4  1.2 ends  (1s)
      main is blocked for ever (chan receive on channel B)
      $ s
      this is the end of the run
      $ quit
      (quit)`);
  });

  it("goes to a goroutine's or an object's next step, and says where there is none", () => {
    dialogue(`
      $ start
      before the first step; started: main
      $ next 1.2
      step 3  1.2 sends on channel C  main.go:6  (1s)
          4      <-done
          5  }
        > 6  func work() { mu.Lock() }
      $ next mutex A
      mutex A has no later step
      $ previous A
      step 1  main locks mutex A  main.go:2  (0s)
          1  func main() {
        > 2      mu.Lock()
          3      go work()
          4      <-done
      $ next 1.7
      '1.7' is no goroutine and no object of this run; 'goroutines' and 'objects' list them
      $ next channel B
      channel B has no later step`);
  });

  it("says who holds a lock, since when, and who waits for it at the end", () => {
    dialogue(`
      $ locks
      mutex A  held by main since step 1; 1.1 waits for it
      $ goroutines
      main  main.main   is blocked for ever (chan receive on channel B); holds mutex A  main.go:4
      1.1   main.work   sync.Mutex.Lock on mutex A                                      main.go:6
      1.2   main.other  ended
      $ start
      before the first step; started: main
      $ locks
      no lock is held here`);
  });

  it("shows stacks and source of any goroutine, and what the finding depends on", () => {
    dialogue(`
      $ stack main
      main at step 1:
        main.main  main.go:2
        runtime.main  proc.go:9
      $ list 1.1
      1.1  /m/main.go:6
          1  func main() {
          2      mu.Lock()
          3      go work()
          4      <-done
          5  }
        > 6  func work() { mu.Lock() }
      $ stack 1.1
      1.1 at the end:
        main.work  main.go:6
      $ steps
      1  main  locks mutex A  main.go:2`);
  });

  it("shows what functions were called with: at a step, and at the end what those were that wait", () => {
    dialogue(`
      $ variables 1.1
      1.1 at the end, functions were called with:
        main.work  n = 3  main.go:6
      Other variables are not known: Go writes no debug information (DWARF) into modules for WebAssembly. A print in the program is shown in each replay.
      $ v 1.2
      1.2 at step 4: no function of yours on its stack was called with a simple value
      Other variables are not known: Go writes no debug information (DWARF) into modules for WebAssembly. A print in the program is shown in each replay.
      $ goto 1
      step 1  main locks mutex A  main.go:2  (0s)
          1  func main() {
        > 2      mu.Lock()
          3      go work()
          4      <-done
      $ v
      main at step 1, functions were called with:
        main.main  name = "a", limit = 2s  main.go:2
      Other variables are not known: Go writes no debug information (DWARF) into modules for WebAssembly. A print in the program is shown in each replay.`);
  });

  it("names what can be asked where a word is none, or is short for several", () => {
    dialogue(`
      $ jump
      'jump' is no command; 'help' lists them
      $ st
      'st' can be step, start, stack, steps`);
  });
});

test("no line leads out of the run, and none but a move changes where it is", () => {
  const word = fc.constantFrom("step", "back", "next", "previous", "goto", "start", "end", "goroutines", "locks", "stack", "list", "objects", "steps", "beside", "variables", "help", "", "x");
  const line = fc.tuple(word, fc.oneof(fc.constantFrom("", "1.1", "main", "A", "mutex A", "-3", "1e9", "\u0000"), fc.string())).map((parts) => parts.join(" "));
  fc.assert(
    fc.property(fc.array(line, { maxLength: 12 }), (lines) => {
      const session = new ScheduleDebugger(run);
      for (const asked of lines) {
        const before = session.prompt;
        session.answer(asked);
        const at = Number(/step (\d+)/.exec(session.prompt)![1]);
        assert.ok(at >= 0 && at <= 4);
        if (/^(goroutines|locks|stack|list|objects|steps|beside|variables|help|x)\b/.test(asked)) assert.equal(session.prompt, before, asked);
      }
    }),
    { numRuns: 2000 },
  );
});
