import { way, type FixCase } from "./fix-case.js";

export const RESOURCE_CASES: readonly FixCase[] = [
  way("defer-close", "a type of the package's own, never closed; a stop in place of a close", `
type cache struct{ in chan int }

type timer struct{ in chan int }

func newCache() *cache {
	c := &cache{make(chan int)}
	go c.run()
	return c
}

func (c *cache) run() { <-c.in } // here

func (c *cache) Close() { close(c.in) }

func newTimer() (*timer, error) { return &timer{}, nil }

func (t *timer) Stop() { close(t.in) }

func (t *timer) reset() {}

func f() error {
	c := newCache()
	println(c.in)
	t, err := newTimer()
	if err != nil {
		return err
	}
	t.reset()
	return nil
}
`, [["+defer t.Stop()"]]),
  way("defer-close", "the library's, made around the goroutine; of a test also what its goroutines use", `
func TestX(t *testing.T) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	r, w := io.Pipe()
	go func() {
		l.Accept() // here
		r.Read(nil)
	}()
	w.Write(nil)
}
`, [["+defer l.Close()"], ["+defer r.Close()"], ["+defer w.Close()"]], `(
	"io"
	"net"
	"testing"
)`),
  way("defer-close", "it is returned, or closed", `
type cache struct{ in chan int }

func newCache() *cache {
	c := &cache{make(chan int)}
	go c.run()
	return c
}

func (c *cache) run() { <-c.in } // here

func (c *cache) Close() { close(c.in) }

func f() *cache {
	c := newCache()
	return c
}

func g() {
	c := newCache()
	defer c.Close()
}
`, /nothing is made here that has a Close/),
  way("defer-close", "closed on some paths", `
type cache struct{ in chan int }

func newCache() *cache {
	c := &cache{make(chan int)}
	go c.run()
	return c
}

func (c *cache) run() { <-c.in } // here

func (c *cache) Close() { close(c.in) }

func (c *cache) Get(int) bool { return true }

func g() {
	c := newCache()
	if c.Get(1) {
		return
	}
	c.Close()
}
`, [["+defer c.Close()", "-c.Close()"]]),
];
