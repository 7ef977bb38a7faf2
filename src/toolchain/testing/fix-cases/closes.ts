import { way, type FixCase } from "./fix-case.js";

export const CLOSE_CASES: readonly FixCase[] = [
  way("close-sender", "the only sender closes: deferred, or behind the loop", `
func f() {
	ch := make(chan int)
	go func() {
		for i := range 3 {
			ch <- i
		}
	}()
	for range ch { // here
	}
}
`, [["+defer close(ch)"], ["+close(ch)"]]),
  way("close-sender", "a close that a return leaves out is deferred", `
func f(stop bool) {
	ch := make(chan int)
	go func() {
		ch <- 1
		if stop {
			return
		}
		close(ch)
	}()
	for range ch { // here
	}
}
`, [["+defer close(ch)", "-close(ch)"]]),
  way("close-sender", "one sender for several channels", `
func f(all []chan int) {
	go func() {
		for _, ch := range all {
			ch <- 1
		}
	}()
	for _, ch := range all {
		<-ch // here
		<-ch
	}
}
`, /sends on several channels, one after the other/),
  way("close-sender", "several senders", `
func f() {
	ch := make(chan int)
	for i := range 3 {
		go func() { ch <- i }()
	}
	for range ch { // here
	}
}
`, /is started in a loop: none of several senders may close/),
  way("close-owner", "nobody sends", `
func f() {
	ch := make(chan int)
	go func() {
		<-ch // here
	}()
}
`, [["+defer close(ch)"]]),
  way("close-owner", "somebody sends", `
func f(ch chan int) {
	go func() { ch <- 1 }()
	<-ch // here
}
`, /to close it is the sender's/),
  way("close-sender", "a close that a return of a receiver leaves out is deferred", `
func f(news <-chan int) {
	over := make(chan struct{})
	go func() {
		for n := range news {
			if n == 0 {
				return
			}
		}
		close(over)
	}()
	<-over // here
}
`, [["+defer close(over)", "-close(over)"]]),
  way("close-sender", "an exported method may be called again", `
type hub struct{ news chan int }

func (h *hub) Tell() { h.news <- 1 }

func (h *hub) wait() { <-h.news } // here
`, /Tell may be called more than once, and would close it twice/),
  way("close-handed", "a channel that is handed over and not used", `
func f(news <-chan int) {
	over := make(chan struct{})
	go watch(news, over)
	<-over // here
}

func watch(news <-chan int, over chan struct{}) {
	for range news {
	}
}
`, [["+defer close(over)"]]),
  way("close-handed", "it is used", `
func f() {
	over := make(chan struct{})
	go watch(over)
	<-over // here
}

func watch(over chan struct{}) { println(over) }
`, /of the functions that are handed it 0 do nothing with it/),
  way("close-first", "a function waits for what it closes itself when it returns", `
func f() {
	stop := make(chan struct{})
	defer close(stop)
	over := start(stop)
	<-over // here
}

func start(stop <-chan struct{}) <-chan struct{} { return stop }
`, [["-defer close(stop)", "+close(stop)"]]),
  way("close-first", "it may be left before the wait", `
func f(ok bool) {
	stop := make(chan struct{})
	defer close(stop)
	if ok {
		return
	}
	<-stop // here
}
`, /the function may be left before the wait/),
];
