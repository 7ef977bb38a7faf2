import assert from "node:assert/strict";
import { test } from "node:test";
import { causesAre, diagnosed, goSource } from "../../testing/diagnosed.js";

causesAre([
  {
    name: "missing-cancel: a case of the select is a context's Done",
    run: `1 starts 1.1 main.f at a.go:1
          1.1 left select recv:done recv:work at a.go:3 : unreachable`,
    context: goSource("package main\nfunc f() {\n\tselect {\n\tcase <-ctx.Done():\n\tcase v := <-work:\n\t}\n}"),
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
    context: goSource("package main\nfunc f() {\n\tr.Read(p)\n}"),
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
]);

test("a select on a nil channel: Done of context.Background is named only where no other receive can be the nil one", () => {
  const evidence = (other: string, live: string): readonly string[] | undefined =>
    diagnosed(`1.1 left select ${live} at a.go:4 in p.f : unreachable`, undefined, goSource(`package p\n\nfunc f(ctx context.Context, c, d chan int) {\n\tselect {\n\tcase ${other}:\n\tcase <-ctx.Done():\n\t}\n}\n`))[0]?.evidence.filter((one) => one.includes("nil"));
  assert.deepEqual(evidence("<-c", "recv:c"), ["1 of its 2 cases is on a channel that is nil"]);
  assert.deepEqual(evidence("c <- 1", "send:c"), ["1 of its 2 cases is on a channel that is nil, as Done of context.Background is"]);
});
