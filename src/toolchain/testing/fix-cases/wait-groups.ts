import { way, type FixCase } from "./fix-case.js";

export const WAIT_GROUP_CASES: readonly FixCase[] = [
  way("waitgroup-count", "more added than done", `
func f() {
	var wg sync.WaitGroup
	wg.Add(5)
	for range 3 {
		go wg.Done()
	}
	wg.Wait() // here
}
`, [["-wg.Add(5)", "+wg.Add(3)"]], `"sync"`),
  way("waitgroup-done", "deferred by the one who waits", `
func f() {
	var wg sync.WaitGroup
	for i := range 5 {
		wg.Add(1)
		defer wg.Done()
		go println(i)
	}
	wg.Wait() // here
}
`, [["-defer wg.Done()", "-go println(i)", "+go func() {", "+defer wg.Done()", "+println(i)", "+}()"]], `"sync"`),
  way("waitgroup-done", "left out by a return", `
func f(ok bool) {
	var wg sync.WaitGroup
	wg.Add(1)
	go func() {
		if ok {
			return
		}
		wg.Done()
	}()
	wg.Wait() // here
}
`, [["+defer wg.Done()", "-wg.Done()"]], `"sync"`),
];
