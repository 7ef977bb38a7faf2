import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { after, test } from "node:test";
import type { Finding } from "../../model/finding/finding.js";
import type { Outcome } from "../../model/run/outcome.js";
import { goSyntax } from "../../toolchain/go/syntax-tool.js";
import { noSource, type DiagnosisContext } from "./diagnosis-context.js";
import { findings } from "./findings.js";
import { RULES } from "./rules.js";
import { picture } from "../testing/run-picture.js";

const QUIET: Outcome = { kind: "quiescent", exitCode: 0, cutShort: 0 };
const MAIN: DiagnosisContext = { closedWorld: true, lines: noSource };

function diagnosed(text: string, outcome: Outcome = QUIET, context: Partial<DiagnosisContext> = {}): readonly Finding[] {
  const { trace, snapshot } = picture(text);
  return findings(trace, snapshot, outcome, { ...MAIN, ...context });
}

/** `source` as the file of every frame, read by the user's Go. */
const folder = mkdtempSync(join(tmpdir(), "unpark-syntax-"));
after(() => rmSync(folder, { recursive: true, force: true }));
const tool = join(folder, "syntax");
const built = spawnSync("go", ["build", "-o", tool, "."], { cwd: fileURLToPath(new URL("../../../../go/syntax", import.meta.url)), encoding: "utf8" });
assert.equal(built.status, 0, built.stderr);
let sources = 0;
function sourceOf(source: string): Pick<DiagnosisContext, "lines" | "syntax"> {
  const file = join(folder, `source${sources++}.go`);
  writeFileSync(file, source);
  const read = goSyntax(tool);
  return { lines: () => source.split("\n"), syntax: () => read(file) };
}

const said = (found: readonly Finding[]): string[] => found.map((f) => `${f.verdict} ${f.cause} x${f.goroutines}${f.consequences ? ` so x${f.consequences.reduce((sum, one) => sum + one.goroutines, 0)}` : ""}`);

interface Row {
  readonly name: string;
  readonly run: string;
  readonly want: readonly string[];
  /** Sentences of the first finding's evidence. */
  readonly evidence?: readonly string[];
  readonly outcome?: Outcome;
  readonly context?: Partial<DiagnosisContext>;
}

const CAUSES: readonly Row[] = [
  {
    name: "send-without-receiver: nobody ever received (row 28)",
    run: `1 starts 1.1 main.f.func1 at a.go:3
          1.1 left send c at a.go:4 : unreachable`,
    want: ["leaked send-without-receiver x1"],
    evidence: ["nobody ever received from this channel"],
  },
  {
    name: "send-without-receiver: the consumer took some and left (row 07); its buffer is full (row 06)",
    run: `1 starts 1.1 main.gen at a.go:3
          1.1 > 1 c at a.go:9, a.go:4
          1.1 > 1 c at a.go:9, a.go:4
          1 ends
          1.1 left send c at a.go:9 : unreachable len=2/2`,
    want: ["leaked send-without-receiver x1"],
    evidence: ["main received 2 values, the last at a.go:4 (step 2), and ended at step 2", "the channel's buffer is full: it holds 2 values; goroutine 1.1 (main.gen) sent the last at a.go:9 (step 2)"],
  },
  {
    name: "mutex-never-unlocked: a place of x/sync's semaphore that a goroutine took and left with",
    run: `1 starts 1.1 main.do at a.go:3
          1 starts 1.2 main.do at a.go:4
          1.1 lock m at /go/pkg/mod/golang.org/x/sync@v0.10.0/semaphore/semaphore.go:41 in golang.org/x/sync/semaphore.(*Weighted).Acquire < main.do a.go:14
          1.1 unlock m at /go/pkg/mod/golang.org/x/sync@v0.10.0/semaphore/semaphore.go:48 in golang.org/x/sync/semaphore.(*Weighted).Acquire < main.do a.go:14
          1.1 ends
          1.2 lock m at /go/pkg/mod/golang.org/x/sync@v0.10.0/semaphore/semaphore.go:41 in golang.org/x/sync/semaphore.(*Weighted).Acquire < main.do a.go:14
          1.2 unlock m at /go/pkg/mod/golang.org/x/sync@v0.10.0/semaphore/semaphore.go:72 in golang.org/x/sync/semaphore.(*Weighted).Acquire < main.do a.go:14
          1.2 left select recv:r at /go/pkg/mod/golang.org/x/sync@v0.10.0/semaphore/semaphore.go:74 in golang.org/x/sync/semaphore.(*Weighted).Acquire < main.do a.go:14 : unreachable`,
    want: ["leaked mutex-never-unlocked x1"],
    evidence: ["goroutine 1.1 (main.do) acquired the semaphore at a.go:14 (step 1), has not released it, and ended at step 2"],
  },
  {
    name: "select-without-ready-case: it was released, and then taken by one whose child has to release it",
    run: `1 starts 1.1 main.do at a.go:3
          1 lock m at /go/pkg/mod/golang.org/x/sync@v0.10.0/semaphore/semaphore.go:41 in golang.org/x/sync/semaphore.(*Weighted).Acquire < main.do a.go:14
          1 starts 1.2 main.work at a.go:5
          1.1 lock m at /go/pkg/mod/golang.org/x/sync@v0.10.0/semaphore/semaphore.go:41 in golang.org/x/sync/semaphore.(*Weighted).Acquire < main.do a.go:14
          1 ends
          1.2 left recv never at a.go:30 : unreachable
          1.1 left select recv:r at /go/pkg/mod/golang.org/x/sync@v0.10.0/semaphore/semaphore.go:74 in golang.org/x/sync/semaphore.(*Weighted).Acquire < main.do a.go:14 : unreachable`,
    want: ["leaked receive-without-sender x1", "leaked select-without-ready-case x1"],
  },
  {
    name: "select-without-ready-case: an Acquire beside it gave up and locked twice, so nothing is certain",
    run: `1 starts 1.1 main.do at a.go:3
          1 starts 1.2 main.do at a.go:4
          1.1 lock m at /go/pkg/mod/golang.org/x/sync@v0.10.0/semaphore/semaphore.go:41 in golang.org/x/sync/semaphore.(*Weighted).Acquire < main.do a.go:14
          1.1 lock m at /go/pkg/mod/golang.org/x/sync@v0.10.0/semaphore/semaphore.go:76 in golang.org/x/sync/semaphore.(*Weighted).Acquire < main.do a.go:14
          1.1 ends
          1.2 lock m at /go/pkg/mod/golang.org/x/sync@v0.10.0/semaphore/semaphore.go:41 in golang.org/x/sync/semaphore.(*Weighted).Acquire < main.do a.go:14
          1.2 left select recv:r at /go/pkg/mod/golang.org/x/sync@v0.10.0/semaphore/semaphore.go:74 in golang.org/x/sync/semaphore.(*Weighted).Acquire < main.do a.go:14 : unreachable`,
    want: ["leaked select-without-ready-case x1"],
  },
  {
    name: "mutex-never-unlocked: what was released is not held; the one behind it is",
    run: `1 starts 1.1 main.do at a.go:3
          1 starts 1.2 main.do at a.go:4
          1.1 lock m at /go/pkg/mod/golang.org/x/sync@v0.10.0/semaphore/semaphore.go:41 in golang.org/x/sync/semaphore.(*Weighted).Acquire < main.do a.go:14
          1.1 lock m at /go/pkg/mod/golang.org/x/sync@v0.10.0/semaphore/semaphore.go:123 in golang.org/x/sync/semaphore.(*Weighted).Release < main.do a.go:20
          1.1 lock m at /go/pkg/mod/golang.org/x/sync@v0.10.0/semaphore/semaphore.go:41 in golang.org/x/sync/semaphore.(*Weighted).Acquire < main.do a.go:14
          1.1 ends
          1.2 lock m at /go/pkg/mod/golang.org/x/sync@v0.10.0/semaphore/semaphore.go:41 in golang.org/x/sync/semaphore.(*Weighted).Acquire < main.do a.go:14
          1.2 left select recv:r at /go/pkg/mod/golang.org/x/sync@v0.10.0/semaphore/semaphore.go:74 in golang.org/x/sync/semaphore.(*Weighted).Acquire < main.do a.go:14 : unreachable`,
    want: ["leaked mutex-never-unlocked x1"],
    evidence: ["goroutine 1.1 (main.do) acquired the semaphore at a.go:14 (step 3), has not released it, and ended at step 3"],
  },
  {
    name: "abandoned-sender: three send, one value is taken (rows 16, 20): one finding of two goroutines",
    run: `1 starts 1.1 main.q at a.go:3
          1 starts 1.2 main.q at a.go:3
          1 starts 1.3 main.q at a.go:3
          1.2 > 1 c at a.go:9, a.go:5
          1.2 ends
          1.1 left send c at a.go:9 : unreachable
          1.3 left send c at a.go:9 : unreachable`,
    want: ["leaked abandoned-sender x2"],
    evidence: ["3 goroutines send on this channel, 1 value was received: 2 still send", "main received 1 value, the last at a.go:5 (step 1), and returned"],
  },
  {
    name: "early-return: the receive stands below the go statement, but its function left before (row 38)",
    run: `1 starts 1.1 main.main.func1 at a.go:4
          1.1 left send result at a.go:5 : unreachable`,
    context: sourceOf(`package main
func main() {
	result := make(chan int)
	go func() {
		result <- 42
	}()
	if err := check(); err != nil {
		return
	}
	use(<-result)
}`),
    want: ["leaked early-return x1"],
    evidence: [
      "main.main, which started it, receives at a.go:10 (use(<-result)), but returned by another path before that line",
      "main returned; no other goroutine received what a.go:5 sends",
    ],
  },
  {
    name: "no early-return while the starting function is still there: it may yet receive",
    run: `1 starts 1.1 main.main.func1 at a.go:4
          1.1 left send result at a.go:5 : unreachable
          1 left lock m at a.go:7 in main.main`,
    outcome: { kind: "deadlock" },
    context: sourceOf(`package main
func main() {
	result := make(chan int)
	go func() {
		result <- 42
	}()
	m.Lock()
	use(<-result)
}`),
    want: ["deadlock unknown x1 so x1"],
  },
  {
    name: "receive-without-sender (row 05)",
    run: `1 starts 1.1 main.f at a.go:3
          1.1 left recv c at a.go:9 : unreachable`,
    want: ["leaked receive-without-sender x1"],
    evidence: ["nobody ever sent on this channel", "nobody closed it"],
  },
  {
    name: "receive-without-sender: values were received that no goroutine sent (a timer's)",
    run: `1 recv c at a.go:4
          1 left recv c at a.go:5`,
    outcome: { kind: "deadlock" },
    want: ["deadlock receive-without-sender x1"],
    evidence: ["no goroutine sent on this channel: the 1 value received, the last at a.go:4 (step 1), came from a timer, or lay in it before", "nobody closed it"],
  },
  {
    name: "range-never-closed: the source of the blocked line ranges",
    run: `1 starts 1.1 main.f at a.go:1
          1 > 1.1 c at a.go:7, a.go:3
          1.1 left recv c at a.go:3 : unreachable`,
    context: sourceOf("package main\nfunc f() {\n\tfor v := range c {\n\t}\n}"),
    want: ["leaked range-never-closed x1"],
    evidence: [
      "the loop at a.go:3 (for v := range c {) ends only when the channel is closed, and nobody closed it",
      "main sent 1 value, the last at a.go:7 (step 1), and returned",
    ],
  },
  {
    name: "nil-channel (rows 09, 21, 22)",
    run: `1 starts 1.1 main.f at a.go:3
          1.1 left recv at a.go:9 : nil unreachable`,
    want: ["leaked nil-channel x1"],
    evidence: ["the channel at a.go:9 is nil: nobody can ever send on it"],
  },
  {
    name: "mutex-never-unlocked: the holder is gone (row 24)",
    run: `1 starts 1.1 main.add at a.go:3
          1 starts 1.2 main.add at a.go:3
          1 starts 1.3 main.add at a.go:3
          1.2 lock m at a.go:9
          1.2 ends
          1.1 left lock m at a.go:9 : unreachable
          1.3 left lock m at a.go:9 : unreachable`,
    want: ["leaked mutex-never-unlocked x2"],
    evidence: ["goroutine 1.2 (main.add) took the lock at a.go:9 (step 1), never unlocked it, and ended at step 1"],
  },
  {
    name: "an unlock by another goroutine ends the hold: then nobody holds the lock, and nothing is claimed",
    run: `1.1 lock m at a.go:9
          1.2 unlock m at a.go:10
          1.3 left lock m at a.go:9 : unreachable`,
    want: ["leaked unknown x1"],
  },
  {
    name: "recursive-lock (row 34)",
    run: `1 starts 1.1 main.f at a.go:3
          1.1 lock m at a.go:9
          1.1 left lock m at a.go:12 in main.helper < main.f a.go:10 : unreachable`,
    want: ["leaked recursive-lock x1"],
    evidence: ["goroutine 1.1 (main.f) itself took this lock at a.go:9 (step 1) and has not released it; Go's locks are not re-entrant"],
  },
  {
    name: "recursive-lock through a writer: reader, writer, the same reader again (sync.RWMutex)",
    run: `1 starts 1.1 main.read at a.go:3
          1 starts 1.2 main.write at a.go:4
          1.1 rlock m at a.go:9
          1.2 wlock m at a.go:20
          1.1 left rlock m at a.go:10 : unreachable
          1.2 left wacquire m at a.go:20 : unreachable`,
    want: ["leaked recursive-lock x1 so x1"],
    evidence: [
      "goroutine 1.1 (main.read) waits for goroutine 1.2 (main.write), which waits to write-lock the same lock at a.go:20 (step 2)",
      "goroutine 1.2 (main.write) waits for goroutine 1.1 (main.read), which took a read lock on the same lock at a.go:9 (step 1)",
    ],
  },
  {
    name: "mutex-never-unlocked: a TryLock of a free mutex got it, and did not give it back; one that found it taken got nothing",
    run: `1 starts 1.1 main.try at a.go:3
          1 starts 1.2 main.try at a.go:4
          1 starts 1.3 main.f at a.go:5
          1.1 trylock m at a.go:9
          1.2 trylock m at a.go:9
          1.1 ends
          1.3 left lock m at a.go:12 : unreachable`,
    want: ["leaked mutex-never-unlocked x1"],
    evidence: ["goroutine 1.1 (main.try) took the lock at a.go:9 (step 1), never unlocked it, and ended at step 2"],
  },
  {
    name: "lock-order: two Onces, each entered inside of the other",
    run: `1 starts 1.1 main.ab at a.go:3
          1 starts 1.2 main.ba at a.go:4
          1.1 once a at a.go:9
          1.2 once b at a.go:20
          1.1 left once b at a.go:10 : unreachable
          1.2 left once a at a.go:21 : unreachable`,
    want: ["leaked lock-order x1 so x1"],
    evidence: [
      "goroutine 1.1 (main.ab) waits at a.go:10 for the Once that goroutine 1.2 (main.ba) entered at a.go:20 (step 2)",
      "goroutine 1.2 (main.ba) waits at a.go:21 for the Once that goroutine 1.1 (main.ab) entered at a.go:9 (step 1)",
    ],
  },
  {
    name: "lock-order: two locks, two orders",
    run: `1 starts 1.1 main.ab at a.go:3
          1 starts 1.2 main.ba at a.go:4
          1.1 lock a at a.go:9
          1.2 lock b at a.go:20
          1.1 left lock b at a.go:10 : unreachable
          1.2 left lock a at a.go:21 : unreachable`,
    want: ["leaked lock-order x1 so x1"],
    evidence: [
      "goroutine 1.1 (main.ab) waits at a.go:10 for a lock that goroutine 1.2 (main.ba) took at a.go:20 (step 2)",
      "goroutine 1.2 (main.ba) waits at a.go:21 for a lock that goroutine 1.1 (main.ab) took at a.go:9 (step 1)",
    ],
  },
  {
    name: "waitgroup-mismatch: Add(5), three Done (row 26)",
    run: `1 starts 1.1 main.f at a.go:3
          1.1 wgadd wg=5 at a.go:9
          1.2 wgadd wg=-1 at a.go:11
          1.3 wgadd wg=-1 at a.go:11
          1.4 wgadd wg=-1 at a.go:11
          1.1 left wgwait wg at a.go:13 : unreachable counter=2`,
    want: ["leaked waitgroup-mismatch x1"],
    evidence: ["the WaitGroup's counter is 2: 5 added, 3 done, 2 short", "added at a.go:9"],
  },
  {
    name: "waitgroup-mismatch: Done deferred in the function that waits (row 27)",
    run: `1 starts 1.1 main.f at a.go:1
          1.1 wgadd wg=1 at a.go:3
          1.1 left wgwait wg at a.go:6 : unreachable`,
    context: sourceOf("package main\nfunc f() {\n\twg.Add(1)\n\tdefer wg.Done()\n\twork()\n\twg.Wait()\n}"),
    want: ["leaked waitgroup-mismatch x1"],
    evidence: [
      "the WaitGroup's counter is 1: 1 added, 0 done, 1 short",
      "added at a.go:3",
      "main.f itself defers Done at line 4, which runs only after the Wait at a.go:6 has returned",
    ],
  },
  {
    name: "waitgroup-mismatch: the worker that would call Done is blocked itself",
    run: `1 starts 1.1 main.w at a.go:4
          1 wgadd wg=1 at a.go:3
          1.1 left send c at a.go:9 : unreachable
          1 left wgwait wg at a.go:6`,
    outcome: { kind: "deadlock" },
    want: ["deadlock send-without-receiver x1 so x1"],
  },
  {
    name: "cond-never-signalled: the signal came too early",
    run: `1 starts 1.1 main.wait at a.go:3
          1 condsignal cv at a.go:5
          1.1 condwait cv at a.go:9
          1.1 left condwait cv at a.go:9 : unreachable`,
    want: ["leaked cond-never-signalled x1"],
    evidence: [
      "1 wake-up of this condition, the last by main at a.go:5 (step 1), which returned",
      "none came after it began to wait (step 2): the wake-up came too early",
    ],
  },
  {
    name: "blocking-defer: the compiler's wrapper is on the stack (row 36)",
    run: `1 starts 1.1 main.f at a.go:3
          1.1 left send c at a.go:9 in main.f.deferwrap1 < main.f a.go:11 : unreachable`,
    want: ["leaked blocking-defer x1"],
    evidence: ["chan send at a.go:9 is in a call that main.f deferred: main.f is returning and never ends", "nobody ever received from this channel"],
  },
  {
    name: "blocking-defer: the source says that the closure is deferred",
    run: `1 starts 1.1 main.f at a.go:3
          1.1 left send c at a.go:4 in main.f.func1 < main.f a.go:7 : unreachable`,
    context: sourceOf("package main\nfunc f() {\n\tdefer func() {\n\t\tc <- 1\n\t}()\n\twork()\n}"),
    want: ["leaked blocking-defer x1"],
    evidence: ["chan send at a.go:4 is in the function deferred at line 3: the deferring function is returning and never ends", "nobody ever received from this channel"],
  },
  {
    name: "blocking-defer: and the loop that would have received has ended by another case of its select",
    run: `1 starts 1.1 main.run at a.go:1
          1 starts 1.2 main.pump at a.go:2
          1 close done at a.go:20
          1.1 select recv:done recv:c =0 at a.go:5
          1.1 ends
          1.2 left send c at a.go:9 in main.pump.deferwrap1 < main.pump a.go:11 : unreachable`,
    want: ["leaked blocking-defer x1"],
    evidence: [
      "chan send at a.go:9 is in a call that main.pump deferred: main.pump is returning and never ends",
      "nobody ever received from this channel",
      "goroutine 1.1 (main.run) could have received from it in the select at a.go:5, took another case of it (step 2), and ended at step 2",
    ],
  },
  {
    name: "send-without-receiver: who has received from it before, and took another case later, is told by what it received",
    run: `1 starts 1.1 main.run at a.go:1
          1 starts 1.2 main.pump at a.go:2
          1.2 > 1.1 c at a.go:9, a.go:5
          1.1 select recv:done recv:c =0 at a.go:5
          1.1 ends
          1.2 left send c at a.go:9 in main.pump : unreachable`,
    want: ["leaked send-without-receiver x1"],
    evidence: ["goroutine 1.1 (main.run) received 1 value, the last at a.go:5 (step 1), and ended at step 2"],
  },
  {
    name: "missing-cancel: a case of the select is a context's Done",
    run: `1 starts 1.1 main.f at a.go:1
          1.1 left select recv:done recv:work at a.go:3 : unreachable`,
    context: sourceOf("package main\nfunc f() {\n\tselect {\n\tcase <-ctx.Done():\n\tcase v := <-work:\n\t}\n}"),
    want: ["leaked missing-cancel x1"],
    evidence: ["it waits for a context to be done at a.go:4 (case <-ctx.Done():)", "nothing cancelled it: no channel that it waits on was ever closed"],
  },
  {
    name: "select-without-ready-case, and select {}",
    run: `1 starts 1.1 main.f at a.go:1
          1 starts 1.2 main.g at a.go:2
          1.1 left select recv:a send:b at a.go:3 : unreachable
          1.2 left select at a.go:7 : nil unreachable`,
    want: ["leaked select-without-ready-case x1", "leaked nil-channel x1"],
    evidence: [
      "none of the cases of the select at a.go:3 can become ready",
      "a receive: nobody ever sent on this channel",
      "a send: nobody ever received from this channel",
    ],
  },
  {
    name: "select-without-ready-case: the select is the library's, which the line calls",
    run: `1 starts 1.1 main.f at a.go:1
          1.1 left select recv:a recv:b at /go/pkg/mod/example.com/mux@v1.0.0/mux.go:9 in example.com/mux.(*Session).wait < main.f a.go:3 : unreachable`,
    context: sourceOf("package main\nfunc f() {\n\tr.Read(p)\n}"),
    want: ["leaked select-without-ready-case x1"],
    evidence: ["none of the cases of the select in mux.(*Session).wait, called at a.go:3, can become ready", "a receive: nobody ever sent on this channel"],
  },
  {
    name: "select-without-ready-case: a slot is taken by sending, and whoever took the last one has ended",
    run: `1 starts 1.1 main.f at a.go:1
          1 starts 1.2 main.g at a.go:2
          1.2 select send:slots recv:done =0 at a.go:9
          1.2 ends
          1.1 left select send:slots recv:done at a.go:9 : unreachable`,
    want: ["leaked select-without-ready-case x1"],
    evidence: [
      "none of the cases of the select at a.go:9 can become ready",
      "a send: nobody ever received from this channel; the channel's buffer is full: it holds 1 value; goroutine 1.2 (main.g) sent the last at a.go:9 (step 1), and ended at step 1",
      "a receive: nobody ever sent on this channel",
    ],
  },
  {
    name: "select-without-ready-case: more senders than can be told one by one, all of them gone",
    run: `1 starts 1.1 main.hub at a.go:1
          1 starts 1.2 main.client at a.go:2
          1 starts 1.3 main.client at a.go:2
          1 starts 1.4 main.client at a.go:2
          1 starts 1.5 main.client at a.go:2
          1.2 > 1.1 c at a.go:7, a.go:9
          1.2 ends
          1.3 > 1.1 c at a.go:7, a.go:9
          1.3 ends
          1.4 > 1.1 c at a.go:7, a.go:9
          1.4 ends
          1.5 > 1.1 c at a.go:7, a.go:9
          1.5 ends
          1.1 left select recv:c at a.go:9 : unreachable`,
    want: ["leaked select-without-ready-case x1"],
    evidence: ["none of the cases of the select at a.go:9 can become ready", "a receive: 4 goroutines sent 4 values, the last at a.go:7 (step 4), and have ended"],
  },
  {
    name: "no evidence, no cause: a receiver that still goes on might come back",
    run: `1 starts 1.1 main.f at a.go:1
          1 starts 1.2 main.g at a.go:2
          1.1 > 1.2 c at a.go:3, a.go:9
          1.1 left send c at a.go:3 : reachable
          1.2 left sleep at a.go:8 : sleeping`,
    want: ["lingering unknown x1", "cut-short unknown x1"],
  },
  {
    name: "no-timeout: http.Get is waiting outside, with the goroutines of the library that it started (row 23)",
    run: `1 starts 1.1 main.get at a.go:1
          1.1 starts 1.1.1 net/http.(*Transport).dialConnFor at transport.go:1
          1.1.1 starts 1.1.1.1 net/http.(*persistConn).readLoop at transport.go:2
          1.1 left select recv:a at transport.go:9 in net/http.(*persistConn).roundTrip < net/http.Get client.go:1 < main.get a.go:5 : unreachable
          1.1.1.1 left recv n at net.go:1 in net.(*conn).Read < net/http.(*persistConn).readLoop transport.go:2 : unreachable`,
    want: ["waiting-outside no-timeout x1"],
    evidence: ["net/http.Get, called at a.go:5, waits for the other side; no timer is set that would end the wait", "1 goroutine of net/http that it started waits with it"],
  },
  {
    name: "a net.Pipe is within the process: no wait for the outside",
    run: `1 starts 1.1 main.f at a.go:1
          1.1 left select recv:a recv:b at pipe.go:9 in net.(*pipe).read < net.(*pipe).Read pipe.go:1 < main.f a.go:5 : unreachable`,
    want: ["leaked resource-not-closed x1"],
    evidence: ["a net.Pipe's reader or writer goes on when the other end is used or closed", "it was started by main"],
  },
  {
    name: "a sql.DB's free connection is within the process, too; a driver that dials is not",
    run: `1 starts 1.1 main.f at a.go:1
          1 starts 1.2 main.g at a.go:2
          1.1 left select recv:a at sql.go:9 in database/sql.(*DB).conn < database/sql.(*DB).Query sql.go:1 < main.f a.go:5 : unreachable
          1.2 left select recv:b at dial.go:9 in net.(*Dialer).Dial < database/sql.(*DB).conn sql.go:1 < main.g a.go:6 : unreachable`,
    want: ["leaked resource-not-closed x1", "waiting-outside no-timeout x1"],
    evidence: ["it waits for a connection of the sql.DB, and all that it may open are in use: one is free again when its Rows, Tx or Conn is closed", "it was started by main"],
  },
  {
    name: "an errgroup's goroutine has a Done before it, in a method that it defers: who waits for it is the consequence",
    run: `1 starts 1.1 golang.org/x/sync/errgroup.(*Group).Go.func1 at a.go:4
          1 wgadd wg=1 at a.go:3 in main.main
          1 left wgwait wg at a.go:9 in main.main : counter=1
          1.1 left send sem at a.go:5 in main.main.func1 < golang.org/x/sync/errgroup.(*Group).Go.func1 errgroup.go:4 : len=1/1`,
    outcome: { kind: "deadlock" },
    context: sourceOf("package p\n\nfunc f() {\n\tgo func() {\n\t\tdefer g.done()\n\t}()\n\n\tg.Wait()\n}\n"),
    want: ["deadlock send-without-receiver x1 so x1"],
  },
  {
    name: "resource-not-closed: a connection's goroutines alone are one finding",
    run: `1.1.1 starts 1.1.1.1 net/http.(*persistConn).readLoop at transport.go:2
          1.1.1 starts 1.1.1.2 net/http.(*persistConn).writeLoop at transport.go:2
          1.1.1.1 left recv n at net.go:1 in net.(*conn).Read < net/http.(*persistConn).readLoop transport.go:2 : unreachable
          1.1.1.2 left select recv:w at transport.go:7 in net/http.(*persistConn).writeLoop : unreachable`,
    want: ["leaked resource-not-closed x1 so x1"],
  },
  {
    name: "resource-not-closed: the handshake of a QUIC connection waits for its owner, not for the network",
    run: `1.1 starts 1.1.1 crypto/tls.(*QUICConn).Start at quic.go:1
          1.1.1 left send c at quic.go:2 in crypto/tls.(*Conn).quicWaitForSignal < crypto/tls.(*Conn).HandshakeContext conn.go:3 : unreachable`,
    want: ["leaked resource-not-closed x1"],
  },
  {
    name: "resource-not-closed: a body that was neither read nor closed, by who got the answer, though a context would end it, too",
    run: `1 starts 1.1 main.get at a.go:1
          1.1 starts 1.1.1 net/http.(*Transport).dialConnFor at transport.go:1
          1.1.1 starts 1.1.1.1 net/http.(*persistConn).readLoop at transport.go:2
          1.1.1 starts 1.1.1.2 net/http.(*persistConn).writeLoop at transport.go:2
          1.1.1.1 > 1.1 answer at transport.go:3, a.go:5
          1.1.1.1 left select recv:body recv:done recv:closed at transport.go:4 in net/http.(*persistConn).readLoop : unreachable
          1.1.1.2 left select recv:w recv:closed at transport.go:7 in net/http.(*persistConn).writeLoop : unreachable
          1.1 ends`,
    want: ["leaked resource-not-closed x1 so x1"],
    evidence: ["it waits until the body of the answer that goroutine 1.1 (main.get) got at a.go:5 is read to its end or closed, and neither was done"],
  },
];

for (const { name, run, want, evidence, outcome, context } of CAUSES) {
  test(`cause: ${name}`, () => {
    const found = diagnosed(run, outcome, context);
    assert.deepEqual(said(found), want);
    if (evidence) assert.deepEqual(found[0]!.evidence, evidence);
  });
}

test("the two ends of a connection within the process are one finding: who reads waits for who wrote there before", () => {
  const found = diagnosed(`1 starts 1.1 main.server at a.go:1
    1 starts 1.2 main.client at a.go:2
    1.2 netwrite up at a.go:5
    1.1 netread up at a.go:4
    1.1 left netread up at net.go:1 in net.(*conn).Read < main.server a.go:4 : reachable
    1.2 left netread down at net.go:1 in net.(*conn).Read < main.client a.go:6 : reachable`, undefined, { closedWorld: false, test: "TestX", package: "p" });
  assert.deepEqual(said(found), ["waiting-outside no-timeout x1 so x1"]);
  assert.equal(found[0]!.blocked.line, 6, "the client's end, which nobody closed, is the root");
  assert.equal(found[0]!.consequences![0]!.why, "waits for goroutine 1.2 (main.client) at the other end of the connection, which wrote there before (a.go:5)");
});

const BLOCKED = (flag: string): string => `1 starts 1.1 main.f at a.go:1\n1.1 left recv c at a.go:9 : ${flag}`;
const HORIZON: Outcome = { kind: "horizon", scopeOver: true, cutShort: 0 };
const MAIN_GOES_ON: Outcome = { kind: "horizon", scopeOver: false, cutShort: 0 };
const CUT_OFF: Outcome = { kind: "horizon", scopeOver: false, cutShort: 0, limit: "time" };
const inTest: Partial<DiagnosisContext> = { closedWorld: false, test: "TestX", package: "p" };

const VERDICTS: readonly Row[] = [
  { name: "V5 unreachable is leaked, in a test too", run: BLOCKED("unreachable"), context: inTest, want: ["leaked receive-without-sender x1"] },
  { name: "V5 reachable is lingering, in a main too", run: BLOCKED("reachable"), want: ["lingering receive-without-sender x1"] },
  { name: "V5 no collection: leaked in the closed world of a main", run: BLOCKED(""), want: ["leaked receive-without-sender x1"] },
  { name: "V5 no collection: abandoned in a test", run: BLOCKED(""), context: inTest, want: ["abandoned receive-without-sender x1"] },
  { name: "V6 horizon: unreachable is leaked", run: BLOCKED("unreachable"), outcome: MAIN_GOES_ON, want: ["leaked receive-without-sender x1"] },
  { name: "V6 horizon, main goes on: a reachable one may yet be woken", run: BLOCKED("reachable"), outcome: MAIN_GOES_ON, want: [] },
  { name: "V6 horizon, no collection, scope over: abandoned", run: BLOCKED(""), outcome: HORIZON, want: ["abandoned receive-without-sender x1"] },
  { name: "V1 one that was there before is never blamed", run: "0.3 left recv c at a.go:9 : unreachable", want: [] },
  {
    name: "V1 nor is os/signal's",
    run: "1.1 left recv c at sig.go:1 in os/signal.loop : reachable",
    want: [],
  },
  { name: "V2 the scope's own: deadlock", run: "1 left recv c at a.go:9", outcome: { kind: "deadlock" }, want: ["deadlock receive-without-sender x1"] },
  { name: "V2 while others go on: deadlock, where the collection proves it", run: `1 left recv c at a.go:9 : unreachable`, outcome: CUT_OFF, want: ["deadlock receive-without-sender x1"] },
  { name: "V2 while others go on one that can be reached may yet be woken", run: "1 left recv c at a.go:9 : reachable", outcome: CUT_OFF, want: [] },
  { name: "V2 so without a collection", run: "1 left recv c at a.go:9", outcome: CUT_OFF, want: [] },
  { name: "V2 a run that was cut off for its length, or waits for the outside, says nothing", run: "1 left recv c at a.go:9 : unreachable", outcome: { ...CUT_OFF, limit: "outside" }, want: [] },
  {
    name: "F3 while others go on: only who waits for it belongs to it",
    run: `1 starts 1.1 main.f at a.go:1
          1 starts 1.2 main.g at a.go:2
          1 left recv c at a.go:9 : unreachable
          1.1 left send d at a.go:3 : unreachable`,
    outcome: CUT_OFF,
    want: ["deadlock receive-without-sender x1", "leaked send-without-receiver x1"],
  },
  { name: "V3 sleeping at rest: cut short, a note", run: "1.1 left sleep at a.go:9 : sleeping", want: ["cut-short unknown x1"] },
  { name: "V3 sleeping at the horizon: runaway (row 32)", run: "1.1 left sleep at a.go:9 : sleeping", outcome: HORIZON, want: ["runaway loop-without-exit x1"] },
  { name: "V3 a worker while main goes on: nothing", run: "1.1 left sleep at a.go:9 : sleeping", outcome: MAIN_GOES_ON, want: [] },
  { name: "only a number of cut-short goroutines is known", run: "", outcome: { kind: "quiescent", exitCode: 0, cutShort: 2 }, want: ["cut-short unknown x2"] },
  { name: "after a panic nothing is called leaked", run: BLOCKED("unreachable"), outcome: { kind: "panic", message: "boom", stack: [] }, want: ["panics unknown x1"] },
  { name: "an exit in the middle that the natural schedule does not have", run: "", outcome: { kind: "exit", exitCode: 3 }, context: { natural: QUIET }, want: ["flaky unknown x1"] },
  { name: "the same exit in the natural schedule is the program's own business", run: "", outcome: { kind: "exit", exitCode: 3 }, context: { natural: { kind: "exit", exitCode: 3 } }, want: [] },
  { name: "a failed assertion is flaky, and leaks beside it are still found", run: BLOCKED("unreachable"), outcome: { kind: "failed", cutShort: 0 }, context: { ...inTest, natural: QUIET }, want: ["flaky unknown x1", "leaked receive-without-sender x1"] },
  { name: "a test that fails in the natural schedule is failed, not flaky", run: "", outcome: { kind: "failed", cutShort: 0 }, context: inTest, want: [] },
  {
    name: "V2 in a test the scope's own is the one that package testing started; who waits for a subtest waits for its end",
    run: `1 left recv d at testing.go:1 in testing.(*T).Run < testing.runTests testing.go:2
          1.1 left recv s at testing.go:1 in testing.(*T).Run < p.TestX x_test.go:5 < testing.tRunner testing.go:9
          1.1.1 left recv c at x_test.go:7 in p.TestX.func1 < testing.tRunner testing.go:9`,
    outcome: { kind: "deadlock" },
    context: inTest,
    want: ["deadlock receive-without-sender x1"],
  },
];

for (const { name, run, want, outcome, context } of VERDICTS) {
  test(`verdict: ${name}`, () => assert.deepEqual(said(diagnosed(run, outcome, context)), want));
}

for (const [what, head, body, expected] of [
  ["a case that returns", "for {", "return", "its loop ends by a.go:6 (case <-done:), which it never took"],
  ["a break of the select alone is none", "for {", "break", undefined],
  ["a break to the loop's label", "loop: for {", "break loop", "its loop ends by a.go:6 (case <-done:), which it never took"],
  ["a condition", "for !stopped() {", "break", "its loop goes on while what stands at a.go:4 (for !stopped() {) is true"],
  ["a return under an if", "for {", "if stopped() { return }", "its loop has a way out at a.go:7 (if stopped() { return }), which it never took"],
] as const) {
  test(`why a loop goes on: ${what}`, () => {
    const source = `package p\n\nfunc serve(done chan struct{}, tick chan int) {\n\t${head}\n\t\tselect {\n\t\tcase <-done:\n\t\t\t${body}\n\t\tcase <-tick:\n\t\t}\n\t}\n}\n`;
    const found = diagnosed("1.1 left sleep at a.go:5 in p.serve : sleeping", HORIZON, sourceOf(source))[0];
    assert.deepEqual([found?.cause, found?.evidence[1]], [expected === undefined ? "loop-without-exit" : "never-stopped", expected]);
  });
}

for (const [over, expected] of [
  ["ticker.C", "its loop has a way out at a.go:6 (return), which it never took"],
  ["time.Tick(1)", "its loop has a way out at a.go:6 (return), which it never took"],
  ["items", undefined],
] as const) {
  test(`why a loop over ${over} goes on`, () => {
    const source = `package p\n\nfunc serve() {\n\tfor range ${over} {\n\t\tif stopped() {\n\t\t\treturn\n\t\t}\n\t}\n}\n`;
    const found = diagnosed("1.1 left sleep at a.go:4 in p.serve : sleeping", HORIZON, sourceOf(source))[0];
    assert.deepEqual([found?.cause, found?.evidence[1]], [expected === undefined ? "loop-without-exit" : "never-stopped", expected]);
  });
}

test("a select on a nil channel: Done of context.Background is named only where no other receive can be the nil one", () => {
  const evidence = (other: string, live: string): readonly string[] | undefined =>
    diagnosed(`1.1 left select ${live} at a.go:4 in p.f : unreachable`, QUIET, sourceOf(`package p\n\nfunc f(ctx context.Context, c, d chan int) {\n\tselect {\n\tcase ${other}:\n\tcase <-ctx.Done():\n\t}\n}\n`))[0]?.evidence.filter((one) => one.includes("nil"));
  assert.deepEqual(evidence("<-c", "recv:c"), ["1 of its 2 cases is on a channel that is nil"]);
  assert.deepEqual(evidence("c <- 1", "send:c"), ["1 of its 2 cases is on a channel that is nil, as Done of context.Background is"]);
});

test("a spinning goroutine is named with the place where it spins", () => {
  const stack = [{ function: "main.spin", file: "a.go", line: 4 }];
  const [found, ...more] = diagnosed("", { kind: "runaway", goroutine: "1.1" as never, stack, scopeOver: true });
  assert.deepEqual(more, []);
  assert.equal(found?.cause, "loop-without-exit");
  assert.deepEqual(found?.blocked, { reason: "running", function: "main.spin", file: "a.go", line: 4 });
});

test("a failed assertion is shown with the test's own words and line", () => {
  const [found] = diagnosed("", { kind: "failed", cutShort: 0 }, { ...inTest, natural: QUIET, output: "--- FAIL: TestX\n    x_test.go:12: got 3, want 4\n" });
  assert.deepEqual(found?.blocked, { reason: "test failed", function: "TestX", file: "x_test.go", line: 12 });
  assert.equal(found?.message, "got 3, want 4");
  assert.deepEqual(found?.evidence, ["the test passes in the natural schedule and fails in this one"]);
});

const FAULTS: readonly (Row & { readonly so: readonly string[] })[] = [
  {
    name: "a channel as a semaphore (errgroup's SetLimit): the root is who was started for the place",
    run: `1 send slots at a.go:3
          1 starts 1.1 main.work at a.go:3
          1 send slots at a.go:3
          1 starts 1.2 main.work at a.go:3
          1 left send slots at a.go:3 in main.main : len=2/2
          1.1 left send out at a.go:9 in main.work
          1.2 left send out at a.go:9 in main.work`,
    outcome: { kind: "deadlock" },
    want: ["deadlock send-without-receiver x2 so x1"],
    so: ["a.go:3 waits for room in a channel that is full: it sent there at a.go:3 (step 1) before it started goroutine 1.1 (main.work)"],
  },
  {
    name: "not where the goroutine receives from it: it is work for several",
    run: `1 send jobs at a.go:3
          1 starts 1.1 main.work at a.go:4
          1.1 recv jobs at a.go:8
          1 send jobs at a.go:3
          1 left send jobs at a.go:3 in main.main : len=1/1
          1.1 left send out at a.go:9 in main.work`,
    outcome: { kind: "deadlock" },
    want: ["deadlock send-without-receiver x1 so x1"],
    so: ["a.go:3 waits for goroutine 1.1 (main.work), which received there before (a.go:8)"],
  },
  {
    name: "F1 a chain: the root is who waits for nobody, whoever comes first",
    run: `1 starts 1.1 main.a at a.go:1
          1 starts 1.2 main.b at a.go:2
          1 starts 1.3 main.c at a.go:3
          1.1 lock m at a.go:11
          1.2 lock n at a.go:21
          1.3 left lock n at a.go:31 : unreachable
          1.2 left lock m at a.go:22 : unreachable
          1.1 left recv c at a.go:12 : unreachable`,
    want: ["leaked receive-without-sender x1 so x2"],
    so: ["a.go:31 waits for the lock that goroutine 1.2 (main.b) took at a.go:21", "a.go:22 waits for the lock that goroutine 1.1 (main.a) took at a.go:11"],
  },
  {
    name: "F1 of two roots the one for which most others wait; those apart are findings of their own",
    run: `1 starts 1.1 main.a at a.go:1
          1 starts 1.2 main.b at a.go:2
          1 starts 1.3 main.c at a.go:3
          1.1 lock m at a.go:11
          1.2 left lock m at a.go:21 : unreachable
          1.1 left recv c at a.go:12 : unreachable
          1.3 left recv d at a.go:31 : unreachable`,
    want: ["leaked receive-without-sender x1 so x1", "leaked receive-without-sender x1"],
    so: ["a.go:21 waits for the lock that goroutine 1.1 (main.a) took at a.go:11"],
  },
  {
    name: "F1 in a cycle who waits for a wake-up that went to another is the root: that somebody gave one before is no promise of more",
    run: `1 starts 1.1 main.w at a.go:4
          1 wgadd wg=1 at a.go:3
          1.1 condwait cv at a.go:9
          1 condsignal cv at a.go:5
          1.1 left condwait cv at a.go:9
          1 left wgwait wg at a.go:6`,
    outcome: { kind: "deadlock" },
    want: ["deadlock cond-never-signalled x1 so x1"],
    so: ["a.go:6 waits for Done, which goroutine 1.1 (main.w) has not called"],
  },
  {
    name: "F3 in a deadlock what is known to wait for nobody is told beside it",
    run: `1 starts 1.1 main.a at a.go:1
          1 left recv c at a.go:5
          1.1 left recv d at a.go:11`,
    outcome: { kind: "deadlock" },
    want: ["deadlock receive-without-sender x1 so x1"],
    so: ["a.go:11 is blocked in the same run"],
  },
  {
    name: "a partner that is blocked elsewhere is the root",
    run: `1 starts 1.1 main.a at a.go:1
          1.1 > 1 c at a.go:11, a.go:5
          1.1 left lock m at a.go:12
          1 left recv c at a.go:5`,
    outcome: { kind: "deadlock" },
    want: ["deadlock unknown x1 so x1"],
    so: ["a.go:5 waits for goroutine 1.1 (main.a), which sent there before (a.go:11)"],
  },
  {
    name: "who would close the channel further down, says the source; a variable of the same name elsewhere is another",
    run: `1 starts 1.1 main.main.func1 at a.go:4
          1 starts 1.2 main.main.func2 at a.go:8
          1.2 left recv c at a.go:10
          1.1 left lock m at a.go:5
          1 left recv done at a.go:12`,
    outcome: { kind: "deadlock" },
    context: sourceOf(`package main
func main() {
	done := make(chan int)
	go func() {
		m.Lock()
		close(done)
	}()
	go func() {
		done := make(chan int)
		<-c
		close(done) }()
	<-done
}`),
    want: ["deadlock unknown x1 so x2"],
    so: ["a.go:12 waits for goroutine 1.1 (main.main.func1) to close it at a.go:6 (close(done))", "a.go:10 is blocked in the same run"],
  },
  {
    name: "the channel is a parameter of the function that was started",
    run: `1 starts 1.1 main.work at a.go:4
          1.1 left lock m at a.go:8
          1 left recv done at a.go:5`,
    outcome: { kind: "deadlock" },
    context: sourceOf(`package main
func main() {
	done := make(chan int)
	go work(1, done)
	<-done
}
func work(n int, finished chan int) {
	m.Lock()
	finished <- n
}`),
    want: ["deadlock unknown x1 so x1"],
    so: ["a.go:5 waits for goroutine 1.1 (main.work) to send at a.go:9 (finished <- n)"],
  },
];

for (const { name, run, want, so, outcome, context } of FAULTS) {
  test(`one fault, one finding: ${name}`, () => {
    const found = diagnosed(run, outcome, context);
    assert.deepEqual(said(found), want);
    assert.deepEqual((found[0]!.consequences ?? []).map(({ blocked, why }) => `${blocked.file}:${blocked.line} ${why}`).sort(), [...so].sort());
  });
}

const SLOTS: readonly Row[] = [
  {
    name: "a place in the buffer is taken by a send, and not received back on the error path",
    run: `1 send sem at a.go:3 in main.acquire
          1 left send sem at a.go:3 in main.acquire < main.main a.go:12 : len=1/1`,
    context: sourceOf(`package main
func acquire() error {
	sem <- 1
	if err := check(); err != nil {
		return err
	}
	<-sem
	return nil
}
func main() {
	acquire()
	acquire()
}`),
    outcome: { kind: "deadlock" },
    want: ["deadlock early-return x1"],
    evidence: [
      "main.acquire sent the last value that the channel has room for at a.go:3 (step 1), and returned before it received one back at a.go:7 (<-sem)",
      "between the two it can return at a.go:5 (return err)",
      "main took it at a.go:3 and is itself blocked (chan send at a.go:3)",
    ],
  },
  {
    name: "given back by a deferred call: no early return",
    run: `1 send sem at a.go:3 in main.acquire
          1 left send sem at a.go:3 in main.acquire < main.main a.go:9 : len=1/1`,
    context: sourceOf("package main\nfunc acquire() {\n\tsem <- 1\n\tdefer func() { <-sem }()\n\twork()\n}\nfunc main() {\n\tacquire()\n\tacquire()\n}"),
    outcome: { kind: "deadlock" },
    want: ["deadlock send-without-receiver x1"],
  },
];

for (const { name, run, want, evidence, outcome, context } of SLOTS) {
  test(`a slot is lost: ${name}`, () => {
    const found = diagnosed(run, outcome, context);
    assert.deepEqual(said(found), want);
    if (evidence) assert.deepEqual(found[0]!.evidence, evidence);
  });
}

test("every rule says when it applies, each in a sentence of its own", () => {
  assert.equal(new Set(RULES.map(({ doc }) => doc)).size, RULES.length);
  for (const { doc } of RULES) assert.match(doc, /^.{20,}\.$/);
});

test("nor is a loop that serves, and waits for the next piece of work", () => {
  const [first] = diagnosed(
    `1 starts 1.1 main.serve at a.go:3
     1 starts 1.2 main.ask at a.go:4
     1.2 > 1.1 c at a.go:7, a.go:9
     1.2 ends
     1.1 left recv c at a.go:9 : unreachable
     1 left recv done at a.go:5 : unreachable`,
    { kind: "deadlock" },
  );
  assert.equal(first?.verdict, "deadlock");
  assert.equal(first.blocked.line, 5);
  assert.deepEqual(first.consequences?.map(({ blocked }) => blocked.line), [9]);
});

test("a server that accepts is the root of no deadlock: nobody is blocked by it, wherever it stands", () => {
  const [first] = diagnosed(
    `1 starts 1.1 main.serve at a.go:3
     1.1 left netaccept l at a.go:9 : unreachable
     1 left send c at a.go:5 : unreachable`,
    { kind: "deadlock" },
  );
  assert.equal(first?.verdict, "deadlock");
  assert.equal(first.blocked.line, 5);
  assert.deepEqual(first.consequences?.map(({ blocked }) => blocked.line), [9]);
});
