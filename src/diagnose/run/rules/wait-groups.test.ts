import { causesAre, goSource } from "../../testing/diagnosed.js";

causesAre([
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
    context: goSource("package main\nfunc f() {\n\twg.Add(1)\n\tdefer wg.Done()\n\twork()\n\twg.Wait()\n}"),
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
    name: "an errgroup's goroutine has a Done before it, in a method that it defers: who waits for it is the consequence",
    run: `1 starts 1.1 golang.org/x/sync/errgroup.(*Group).Go.func1 at a.go:4
          1 wgadd wg=1 at a.go:3 in main.main
          1 left wgwait wg at a.go:9 in main.main : counter=1
          1.1 left send sem at a.go:5 in main.main.func1 < golang.org/x/sync/errgroup.(*Group).Go.func1 errgroup.go:4 : len=1/1`,
    outcome: { kind: "deadlock" },
    context: goSource("package p\n\nfunc f() {\n\tgo func() {\n\t\tdefer g.done()\n\t}()\n\n\tg.Wait()\n}\n"),
    want: ["deadlock send-without-receiver x1 so x1"],
  },
]);
