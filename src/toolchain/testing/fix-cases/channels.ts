import { buffer, way, type FixCase } from "./fix-case.js";

export const CHANNEL_CASES: readonly FixCase[] = [
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
  buffer("sent by an interface's method, which one type alone has", `
type agent interface{ restart() }

type worker struct{ over chan int }

func (w *worker) restart() {
	go func() { w.over <- 1 }() // here
}

func newAgent() agent { return &worker{over: make(chan int)} }

func f() {
	a := newAgent()
	a.restart()
	a.restart()
}
`, ["-func newAgent() agent { return &worker{over: make(chan int)} }", "+func newAgent() agent { return &worker{over: make(chan int, 2)} }"]),
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
  way("make", "a declared channel that is sent to and received from", `
func f() int {
	var ch chan int // one answer
	go func() {
		ch <- 1 // here
	}()
	return <-ch
}
`, [["-var ch chan int // one answer", "+var ch = make(chan int) // one answer"], ["-var ch chan int // one answer", "+var ch = make(chan int, 1) // one answer"]]),
  way("make", "nil that is handed over", `
func f() {
	work(nil)
}

func work(texts <-chan string) {
	for range texts { // here
	}
}
`, [["-work(nil)", "+texts := make(chan string)", "+close(texts)", "+work(texts)"]]),
  way("receive", "on the path of an error", `
func f(check func() error) (int, error) {
	ch := make(chan int)
	go func() {
		ch <- 1 // here
	}()
	if err := check(); err != nil {
		return 0, err
	}
	return <-ch, nil
}
`, [["+<-ch"]]),
  way("receive", "the rest of what is sent, until it is closed", `
func f() {
	news := make(chan int)
	go func() {
		defer close(news)
		for i := range 3 {
			news <- i // here
		}
	}()
	for n := range news {
		switch n {
		case 1:
			break
		}
		if n == 0 {
			break
		}
	}
}
`, [["+for range news {", "+}"]]),
  way("receive", "nobody closes it", `
func f() {
	news := make(chan int)
	go func() {
		for i := 0; ; i++ {
			news <- i // here
		}
	}()
	for range news {
		return
	}
}
`, /no return stands between the start of the sender and the receive/),
  way("buffer", "a notification that is given up where nobody waits yet", `
type client struct{ awake chan struct{} }

func f() {
	c := &client{awake: make(chan struct{})}
	go c.tell()
	<-c.awake // here
}

func (c *client) tell() {
	select {
	case c.awake <- struct{}{}:
	default:
	}
}
`, [["-c := &client{awake: make(chan struct{})}", "+c := &client{awake: make(chan struct{}, 1)}"]]),
  way("make", "nobody sends: it is closed, too", `
func f() {
	var results chan int
	<-results // here
}
`, [["-var results chan int", "+var results = make(chan int)", "+close(results)"]]),
  way("make", "somebody closes it already", `
func f() {
	var results chan int
	go func() { close(results) }()
	<-results // here
}
`, /nobody does the other half/),
];
