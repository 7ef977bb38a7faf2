import type { Way } from "../../model/results/fix.js";

interface FixCase {
  readonly name: string;
  readonly ways: readonly Way[];
  readonly source: string;
  /** Of each candidate the lines that it takes away and adds, without indentation. */
  readonly expected: readonly (readonly string[])[];
  /** Why a way proposes nothing. */
  readonly refused?: RegExp;
  /** An operation that was another than was meant: there are fewer of it afterwards. */
  readonly mistaken?: "Lock";
}

/** A file of one function body, or of whole declarations. */
const go = (body: string, imports = ""): string => `package p\n${imports === "" ? "" : `\nimport ${imports}\n`}\n${body.replace(/^\n/, "").replace(/\n *$/, "\n")}`;

const buffer = (name: string, body: string, expected: readonly string[] | RegExp, imports = ""): FixCase => ({
  name: `buffer: ${name}`,
  ways: ["buffer"],
  source: go(body, imports),
  ...(expected instanceof RegExp ? { expected: [], refused: expected } : { expected: [expected] }),
});

/** Of any way: the candidates in their order. */
const way = (way: Way, name: string, body: string, expected: readonly (readonly string[])[] | RegExp, imports = ""): FixCase => ({
  name: `${way}: ${name}`,
  ways: [way],
  source: go(body, imports),
  ...(expected instanceof RegExp ? { expected: [], refused: expected } : { expected }),
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
  way("unlock-around", "another lock, while it waits for one", `
type bus struct{ mu sync.Mutex }

type handler struct{ sync.Mutex }

func (b *bus) publish(h *handler) {
	b.mu.Lock()
	defer b.mu.Unlock()
	h.Lock() // here
}
`, [["+b.mu.Unlock()", "+b.mu.Lock()"]], `"sync"`),
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
  way("cancel", "a cancel function in a field: by who made the object", `
type rows struct{ cancel context.CancelFunc }

func f() {
	r := &rows{}
	r.start(context.Background())
}

func (r *rows) start(ctx context.Context) {
	ctx, r.cancel = context.WithCancel(ctx)
	go func() { <-ctx.Done() }() // here
}
`, [["+defer r.cancel()"]], `"context"`),
  way("cancel", "an object that is handed on", `
type rows struct{ cancel context.CancelFunc }

func f() *rows {
	r := &rows{}
	var ctx context.Context
	ctx, r.cancel = context.WithCancel(context.Background())
	go func() { <-ctx.Done() }() // here
	return r
}
`, /no context is made here whose cancel function is not deferred/, `"context"`),
  way("cancel", "a context that nobody cancels", `
func f() {
	ctx, cancel := context.WithCancel(context.Background())
	go func() {
		<-ctx.Done() // here
	}()
	if ctx.Err() != nil {
		cancel()
	}
}
`, [["+defer cancel()"]], `"context"`),
  way("cancel", "without a name", `
func f() {
	ctx, _ := context.WithCancel(context.Background())
	<-ctx.Done() // here
}
`, [["-ctx, _ := context.WithCancel(context.Background())", "+ctx, cancel := context.WithCancel(context.Background())", "+defer cancel()"]], `"context"`),
  way("cancel", "deferred already", `
func f() {
	ctx, cancel := context.WithCancel(context.Background())
	defer func() { cancel() }()
	<-ctx.Done() // here
}
`, /no context is made here whose cancel function is not deferred/, `"context"`),
  way("select-done", "a send beside a context; its comment stays", `
func f(ctx context.Context, ch chan<- int) error {
	ch <- 1 // here: the answer
	return nil
}
`, [["-ch <- 1 // here: the answer", "+select {", "+case ch <- 1: // here: the answer", "+case <-ctx.Done():", "+return ctx.Err()", "+}"]], `"context"`),
  way("select-done", "a receive that declares, beside a channel of the receiver's", `
type server struct {
	in   chan string
	quit chan struct{}
}

func (s *server) stop() { close(s.quit) }

func (s *server) next() (string, bool) {
	text := <-s.in // here
	return text, true
}
`, [["-text := <-s.in // here", "+var text string", "+select {", "+case text = <-s.in: // here", "+case <-s.quit:", '+return "", false', "+}"]]),
  way("select-done", "a return", `
func f(in <-chan int, done chan struct{}) int {
	defer close(done)
	return <-in // here
}
`, [["-return <-in // here", "+select {", "+case value := <-in:", "+return value", "+case <-done:", "+return 0", "+} // here"]]),
  way("select-done", "a context that has no name yet", `
func f(_ context.Context, in <-chan int) {
	<-in // here
}
`, [["-func f(_ context.Context, in <-chan int) {", "-<-in // here", "+func f(ctx context.Context, in <-chan int) {", "+select {", "+case <-in: // here", "+case <-ctx.Done():", "+return", "+}"]], `"context"`),
  way("select-done", "nothing that ends is in scope", `
func f(in <-chan int, other chan int) {
	<-in // here
	<-other
}
`, /no context and no channel that somebody closes is in scope/),
  way("select-done", "in a larger expression", `
func f(ctx context.Context, in <-chan int) int {
	return 1 + <-in // here
}
`, /is part of a larger expression/, `"context"`),
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
  way("unlock", "never", `
type a struct {
	sync.Mutex
	n int
}

func (x *a) f() {
	x.Lock() // here
	x.n++
}
`, [["+defer x.Unlock()"]], `"sync"`),
  way("unlock", "on an early return: there, or deferred", `
func f(mu *sync.Mutex, ok bool) {
	mu.Lock() // here
	if ok {
		return
	}
	mu.Unlock()
}
`, [["+mu.Unlock()"], ["+defer mu.Unlock()", "-mu.Unlock()"]], `"sync"`),
  way("unlock", "on a break out of a loop, and a read lock", `
func f(mu *sync.RWMutex, ok bool) {
	for {
		mu.RLock() // here
		if ok {
			break
		}
		mu.RUnlock()
	}
}
`, [["+mu.RUnlock()"]], `"sync"`),
  way("unlock", "on every path already", `
func f(mu *sync.Mutex, ok bool) {
	mu.Lock() // here
	if ok {
		mu.Unlock()
		return
	}
	mu.Unlock()
}
`, /gives it back on every path/, `"sync"`),
  way("lock-apart", "a method with results and parameters", `
type store struct {
	mu    sync.Mutex
	items map[string]int
}

func (s *store) add(name string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.items[name] = s.next(1) // started
}

// next is the next number.
func (s *store) next(by int) int {
	s.mu.Lock() // here
	defer s.mu.Unlock()
	return len(s.items) + by // unguarded
}
`, [["-s.items[name] = s.next(1) // started", "+s.items[name] = s.nextLocked(1) // started", "+return s.nextLocked(by)", "+}", "+", "+// nextLocked is next for callers that hold the lock.", "+func (s *store) nextLocked(by int) int {"]], `"sync"`),
  way("unlock-around", "a receive under the lock", `
func f(mu *sync.Mutex, done chan bool) {
	mu.Lock()
	defer mu.Unlock()
	<-done // here
}
`, [["+mu.Unlock()", "+mu.Lock()"]], `"sync"`),
  way("unlock-around", "a send before the unlock", `
func f(mu *sync.Mutex, done chan bool) {
	mu.Lock()
	done <- true // here
	mu.Unlock()
}
`, [["-done <- true // here", "+done <- true // here"]], `"sync"`),
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
  way("signal-locked", "looked at once, signalled without the lock", `
func f(c *sync.Cond) {
	ready := false
	go func() {
		ready = true
		c.Signal()
	}()
	c.L.Lock()
	if !ready {
		c.Wait() // here
	}
	c.L.Unlock()
}
`, [
  ["-if !ready {", "+for !ready {"],
  ["+c.L.Lock()", "+c.L.Unlock()"],
  ["-c.Signal()", "+c.Broadcast()"],
  ["+c.L.Lock()", "+c.L.Unlock()", "-if !ready {", "+for !ready {"],
], `"sync"`),
  {
    ...way("unlock", "a lock taken again where it was to be given back", `
type server struct {
	mu   sync.Mutex
	over bool
}

func (s *server) stop() {
	s.mu.Lock()
	if s.over {
		s.mu.Lock() // here
		return
	}
	s.over = true
	s.mu.Unlock()
}
`, [["-s.mu.Lock() // here", "+s.mu.Unlock() // here"], ["+s.mu.Unlock()"], ["+defer s.mu.Unlock()", "-s.mu.Unlock()"]], `"sync"`),
    mistaken: "Lock",
  },
  way("unlock", "taken in each turn of a loop, given back once behind it", `
func f(mu *sync.Mutex, ask func(int) error) {
	for i := range 3 {
		mu.Lock() // here
		if ask(i) != nil {
			continue
		}
		if i == 1 {
			break
		}
	}
	mu.Unlock()
}
`, [["+mu.Unlock()", "+mu.Unlock()"], ["+mu.Unlock()"], ["+mu.Unlock()"], ["+mu.Unlock()", "+mu.Unlock()", "+mu.Unlock()", "-mu.Unlock()"]], `"sync"`),
  way("lock-apart", "the lock is taken behind a call of somebody else's", `
type state struct{ mu sync.RWMutex }

func (s *state) all() {
	s.mu.RLock()
	defer s.mu.RUnlock()
	s.one() // started
}

func (s *state) one() int {
	runtime.GC()
	s.mu.RLock() // here
	defer s.mu.RUnlock()
	return 1
}
`, [["-s.one() // started", "+s.oneLocked() // started", "-runtime.GC()", "+return s.oneLocked()", "+}", "+", "+// oneLocked is one for callers that hold the lock.", "+func (s *state) oneLocked() int {", "+runtime.GC()"]], `(
	"runtime"
	"sync"
)`),
  way("lock-apart", "writing under a lock for reading", `
type state struct {
	mu sync.RWMutex
	n  int
}

func (s *state) all() {
	s.mu.RLock()
	defer s.mu.RUnlock()
	s.set() // started
}

func (s *state) set() {
	s.mu.Lock() // here
	defer s.mu.Unlock()
	s.n++
}
`, /set takes the lock for writing, and all holds it for reading/, `"sync"`),
  way("unlock-around", "a select, with the lock given back by a literal", `
func f(mu *sync.Mutex, news, stop <-chan int) {
	mu.Lock()
	unlock := func() { mu.Unlock() }
	defer unlock()
	select { // here
	case <-news: // read
	case <-stop:
		return
	}
}
`, [["+mu.Unlock()", "+mu.Lock()", "+mu.Lock()"]], `"sync"`),
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
  way("select-done", "by what a select around it ends by", `
type stopper struct{ over chan struct{} }

func (s *stopper) stop() <-chan struct{} { return s.over }

func f(s *stopper, events chan int) {
	for {
		select {
		case <-s.stop():
			return
		default:
			events <- 1 // here
		}
	}
}
`, [["-events <- 1 // here", "+select {", "+case events <- 1: // here", "+case <-s.stop():", "+return", "+}"]]),
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
  way("unlock-last", "an atomic value and a field, changed behind the unlock", `
type gate struct {
	mu    sync.Mutex
	owner atomic.Int64
	n     int
}

func (g *gate) lock() { g.mu.Lock() } // here

func (g *gate) unlock() {
	g.mu.Unlock()
	g.n--
	g.owner.Store(0)
	println(g.n)
}
`, [["-g.mu.Unlock()", "+g.mu.Unlock()"]], `(
	"sync"
	"sync/atomic"
)`),
  way("unlock-last", "what stands behind it is of somebody else", `
type gate struct{ mu sync.Mutex }

func (g *gate) lock() { g.mu.Lock() } // here

func (g *gate) unlock(other *int) {
	g.mu.Unlock()
	*other = 1
	println()
}
`, /nobody changes what belongs to the lock/, `"sync"`),
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
  way("timeout", "a client without one, or the request's own context", `
var client = &http.Client{}

func get(url string) error {
	response, err := client.Get(url) // here
	if err != nil {
		return err
	}
	return response.Body.Close()
}
`, [
  ['-import "net/http"', "+import (", '+"net/http"', '+"time"', "+)", "-var client = &http.Client{}", "+var client = &http.Client{Timeout: 30 * time.Second}"],
  ['-import "net/http"', "+import (", '+"context"', '+"net/http"', '+"time"', "+)", "-response, err := client.Get(url) // here", "+ctx, cancel := context.WithTimeout(context.Background(), 30*time.Second)", "+defer cancel()", "+request, err := http.NewRequestWithContext(ctx, http.MethodGet, url, nil)", "+if err != nil {", "+return err", "+}", "+response, err := client.Do(request) // here"],
], `"net/http"`),
  way("timeout", "a request with a context of its own", `
func do(client *http.Client, r *http.Request) (int, error) {
	response, err := client.Do(r) // here
	if err != nil {
		return 0, err
	}
	defer response.Body.Close()
	return response.StatusCode, nil
}
`, [["+\"context\"", "+\"time\"", "-response, err := client.Do(r) // here", "+ctx, cancel := context.WithTimeout(r.Context(), 30*time.Second)", "+defer cancel()", "+response, err := client.Do(r.WithContext(ctx)) // here"]], `(
	"net/http"
)`),
  way("timeout", "the answer leaves the function", `
func get(url string) (*http.Response, error) {
	response, err := http.Get(url) // here
	return response, err
}
`, /the answer is used when the function has returned/, `"net/http"`),
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
