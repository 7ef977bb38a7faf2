import { causesAre, goSource } from "../../testing/diagnosed.js";

causesAre([
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
    context: goSource(`package main
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
    context: goSource(`package main
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
    context: goSource("package main\nfunc f() {\n\tfor v := range c {\n\t}\n}"),
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
    name: "no evidence, no cause: a receiver that still goes on might come back",
    run: `1 starts 1.1 main.f at a.go:1
          1 starts 1.2 main.g at a.go:2
          1.1 > 1.2 c at a.go:3, a.go:9
          1.1 left send c at a.go:3 : reachable
          1.2 left sleep at a.go:8 : sleeping`,
    want: ["lingering unknown x1", "cut-short unknown x1"],
  },
  {
    name: "a place in the buffer is taken by a send, and not received back on the error path",
    run: `1 send sem at a.go:3 in main.acquire
          1 left send sem at a.go:3 in main.acquire < main.main a.go:12 : len=1/1`,
    context: goSource(`package main
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
    context: goSource("package main\nfunc acquire() {\n\tsem <- 1\n\tdefer func() { <-sem }()\n\twork()\n}\nfunc main() {\n\tacquire()\n\tacquire()\n}"),
    outcome: { kind: "deadlock" },
    want: ["deadlock send-without-receiver x1"],
  },
]);
