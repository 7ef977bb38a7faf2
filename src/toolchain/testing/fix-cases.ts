import type { Way } from "../../model/fix.js";

export interface FixCase {
  readonly name: string;
  readonly ways: readonly Way[];
  readonly source: string;
  /** Of each candidate the lines that it takes away and adds, without indentation. */
  readonly expected: readonly (readonly string[])[];
  /** Why a way proposes nothing. */
  readonly refused?: RegExp;
}

/** A file of one function body, or of whole declarations. */
const go = (body: string, imports = ""): string => `package p\n${imports === "" ? "" : `\nimport ${imports}\n`}\n${body.replace(/^\n/, "").replace(/\n *$/, "\n")}`;

const buffer = (name: string, body: string, expected: readonly string[] | RegExp, imports = ""): FixCase => ({
  name: `buffer: ${name}`,
  ways: ["buffer"],
  source: go(body, imports),
  ...(expected instanceof RegExp ? { expected: [], refused: expected } : { expected: [expected] }),
});

export const FIX_CASES: readonly FixCase[] = [
  buffer("one send", `
func f() {
	ch := make(chan int) // of ints
	go func() {
		ch <- 1 // here
	}()
}
`, ["-ch := make(chan int) // of ints", "+ch := make(chan int, 1) // of ints"]),
  buffer("a loop over a literal", `
func f() {
	ch := make(chan string)
	for _, name := range []string{"a", "b", "c"} {
		go func() {
			ch <- name // here
		}()
	}
	<-ch
}
`, ["-ch := make(chan string)", "+ch := make(chan string, 3)"]),
  buffer("as many as an argument has elements", `
func f(names []string) string {
	ch := make(chan string)
	for _, name := range names {
		go func() { ch <- name }() // here
	}
	return <-ch
}
`, ["-ch := make(chan string)", "+ch := make(chan string, len(names))"]),
  buffer("branches that exclude each other count once", `
func f(ok bool) {
	ch := make(chan int)
	go func() {
		if ok {
			ch <- 1 // here
			return
		}
		switch {
		case ok:
			ch <- 2
		default:
			ch <- 3
		}
	}()
}
`, ["-ch := make(chan int)", "+ch := make(chan int, 1)"]),
  buffer("by a helper that is handed the channel, twice two", `
func f() {
	ch := make(chan int, 1)
	for i := 0; i < 2; i++ {
		go work(ch)
	}
}

func work(out chan<- int) {
	out <- 1 // here
	out <- 2
}
`, ["-ch := make(chan int, 1)", "+ch := make(chan int, 4)"]),
  buffer("a closure that is called twice", `
func f() {
	ch := make(chan int)
	ask := func() {
		ch <- 1 // here
	}
	go ask()
	go ask()
}
`, ["-ch := make(chan int)", "+ch := make(chan int, 2)"]),
  buffer("each call of a generic constructor has a channel of its own", `
func f() {
	first, second := ask(1), ask("a")
	<-first
	_ = second
}

func ask[T any](value T) <-chan T {
	ch := make(chan T)
	go func() {
		ch <- value // here
	}()
	return ch
}
`, ["-ch := make(chan T)", "+ch := make(chan T, 1)"]),
  buffer("a field, made by a constructor", `
type job struct{ done chan error }

func newJob() *job { return &job{done: make(chan error)} }

func f() {
	j := newJob()
	go j.run()
}

func (j *job) run() {
	j.done <- nil // here
}
`, ["-func newJob() *job { return &job{done: make(chan error)} }", "+func newJob() *job { return &job{done: make(chan error, 1)} }"]),
  buffer("a generator has no bound", `
func f() {
	ch := make(chan int)
	go func() {
		for {
			ch <- 1 // here
		}
	}()
	<-ch
}
`, /the loop at line 6 has no bound/),
  buffer("the bound is not yet declared where the channel is made", `
func f() {
	ch := make(chan int)
	n := 3
	for range n {
		go func() { ch <- 1 }() // here
	}
}
`, /n is not yet declared where the channel is made/),
  buffer("a function that others may call any number of times", `
func f(each func(func())) {
	ch := make(chan int)
	each(func() { ch <- 1 }) // here
}
`, /each may call the function that it is handed any number of times/),
  buffer("room for all is there", `
func f() {
	ch := make(chan int, 1)
	ch <- 1 // here
}
`, /room for all that is sent already/),
  buffer("a channel from elsewhere", `
func f(ch chan int) {
	ch <- 1 // here
}
`, /where ch is made is not known/),
];
