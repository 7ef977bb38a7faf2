import { causesAre, goSource } from "../../testing/diagnosed.js";

causesAre([
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
    context: goSource("package main\nfunc f() {\n\tdefer func() {\n\t\tc <- 1\n\t}()\n\twork()\n}"),
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
]);
