import { way, type FixCase } from "./fix-case.js";

export const LOCK_CASES: readonly FixCase[] = [
  way("unlock-around", "another lock, while it waits for one", `
type bus struct{ mu sync.Mutex }

type handler struct{ sync.Mutex }

func (b *bus) publish(h *handler) {
	b.mu.Lock()
	defer b.mu.Unlock()
	h.Lock() // here
}
`, [["+b.mu.Unlock()", "+b.mu.Lock()"]], `"sync"`),
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
];
