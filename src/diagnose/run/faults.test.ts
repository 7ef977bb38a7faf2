import assert from "node:assert/strict";
import { test } from "node:test";
import { diagnosed, goSource, said, type DiagnosisCase } from "../testing/diagnosed.js";

const FAULTS: readonly (DiagnosisCase & { readonly so: readonly string[] })[] = [
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
    context: goSource(`package main
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
    context: goSource(`package main
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

test("a loop that serves, and waits for the next piece of work, is the root of no deadlock", () => {
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
