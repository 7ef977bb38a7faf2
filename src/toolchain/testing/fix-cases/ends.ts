import { way, type FixCase } from "./fix-case.js";

export const END_CASES: readonly FixCase[] = [
  way("done-added", "a generator", `
func f() {
	numbers := generate()
	println(<-numbers)
}

func generate() <-chan int {
	numbers := make(chan int)
	go func() {
		for i := 0; ; i++ {
			numbers <- i // here
		}
	}()
	return numbers
}
`, [
  ["-numbers := generate()", "+done := make(chan struct{})", "+defer close(done)", "+numbers := generate(done)", "-func generate() <-chan int {", "+func generate(done <-chan struct{}) <-chan int {", "-numbers <- i // here", "+select {", "+case numbers <- i: // here", "+case <-done:", "+return", "+}"],
  ["-numbers := generate()", "+done := make(chan struct{})", "+numbers := generate(done)", "+close(done)", "-func generate() <-chan int {", "+func generate(done <-chan struct{}) <-chan int {", "-numbers <- i // here", "+select {", "+case numbers <- i: // here", "+case <-done:", "+return", "+}"],
]),
  way("done-added", "an exported signature stays", `
func f() { <-Generate() }

func Generate() <-chan int {
	numbers := make(chan int)
	go func() {
		for {
			numbers <- 1 // here
		}
	}()
	return numbers
}
`, /the signature of Generate, which others may call, would change/),
  way("done-added", "who takes the first alone closes when it returns, or behind its last receive", `
func f() {
	ch := make(chan int)
	for range 3 {
		go func() {
			ch <- 1 // here
		}()
	}
	println(<-ch)
	println("over")
}
`, [
  ["+done := make(chan struct{})", "+defer close(done)", "-ch <- 1 // here", "+select {", "+case ch <- 1: // here", "+case <-done:", "+return", "+}"],
  ["+done := make(chan struct{})", "-ch <- 1 // here", "+select {", "+case ch <- 1: // here", "+case <-done:", "+return", "+}", "+close(done)"],
]),
  way("quit-added", "a loop that main starts, and waits for", `
func main() {
	finished := make(chan struct{})
	go spin(1, finished)
	<-finished
}

func spin(n int, finished chan<- struct{}) {
	defer close(finished)
	for { // here
		n++
	}
}
`, [["-go spin(1, finished)", "+quit := make(chan struct{})", "+go spin(1, finished, quit)", "+close(quit)", "-func spin(n int, finished chan<- struct{}) {", "+func spin(n int, finished chan<- struct{}, quit <-chan struct{}) {", "+select {", "+case <-quit:", "+return", "+default:", "+}"]]),
  way("quit-added", "a test's literal around a select", `
func TestX(t *testing.T) {
	news := make(chan int)
	go func() {
		for { // here
			select {
			case <-news:
			default:
			}
		}
	}()
}
`, [["+quit := make(chan struct{})", "+defer close(quit)", "+case <-quit:", "+return"]], `"testing"`),
  way("quit-added", "a function that is over at once", `
func start() {
	go turn()
}

func turn() {
	for { // here
		println()
	}
}
`, /start, which starts the loop, is over while it goes on/),
  way("quit-added", "the loop has a way out", `
func main() {
	go turn(1)
}

func turn(n int) {
	for { // here
		if n++; n > 9 {
			break
		}
	}
}
`, /no loop without an exit/),
  way("done-field", "a watcher that is stopped", `
type watcher struct {
	out chan int
}

func newWatcher() *watcher {
	w := &watcher{
		out: make(chan int),
	}
	go w.run()
	return w
}

func (w *watcher) Stop() {
	println()
}

func (w *watcher) run() {
	for i := 0; ; i++ {
		w.out <- i // here
	}
}
`, [['+import "sync"', "+", "-out chan int", "+out      chan int", "+done     chan struct{} // closed by its end", "+doneOnce sync.Once", "-out: make(chan int),", "+done: make(chan struct{}),", "+out:  make(chan int),", "+w.doneOnce.Do(func() { close(w.done) })", "-w.out <- i // here", "+select {", "+case w.out <- i: // here", "+case <-w.done:", "+return", "+}"]]),
  way("done-field", "made as a zero value", `
type watcher struct {
	out chan int
}

func (w *watcher) Stop() {
	println()
}

func f() {
	w := new(watcher)
	go w.run()
	w.Stop()
}

func (w *watcher) run() {
	w.out <- 1 // here
}
`, /is made as a zero value/),
  way("done-added", "whoever starts it is over at once", `
func start(out chan<- int) {
	go func() {
		for i := 0; ; i++ {
			out <- i // here
		}
	}()
}
`, /start, which starts the sender, does not itself receive what it sends/),
];
