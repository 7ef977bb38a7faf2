// Row 35. A lock that its owner may take again. Goroutines have no identity in Go, so that the owner is told.
package lock

import (
	"sync"
	"sync/atomic"
)

// Owner stands for one user of a lock; zero is nobody.
type Owner int64

// Reentrant is a lock that its owner may take again and must release as often.
type Reentrant struct {
	mu      sync.Mutex // guards what follows; never held while waiting
	free    sync.Cond
	owner   Owner
	entered int
}

func New() *Reentrant {
	l := &Reentrant{}
	l.free.L = &l.mu
	return l
}

func (l *Reentrant) Lock(me Owner) {
	l.mu.Lock()
	defer l.mu.Unlock()
	for l.entered > 0 && l.owner != me {
		l.free.Wait()
	}
	l.owner = me
	l.entered++
}

func (l *Reentrant) Unlock(me Owner) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.entered == 0 || l.owner != me {
		panic("unlock of a lock that is not held")
	}
	l.entered--
	if l.entered == 0 {
		l.free.Signal()
	}
}

// Sketch is the lock as its source sketches it. It forgets its owner only after it has let the next one in, and so may
// forget that next one: who is inside then waits for himself.
type Sketch struct {
	mu      sync.Mutex
	owner   atomic.Int64
	entered int // by the owner only
}

func (l *Sketch) Lock(me Owner) {
	if l.owner.Load() == int64(me) {
		l.entered++
		return
	}
	l.mu.Lock() // want(TestSketchTwoOwners): leaked recursive-lock x1; want(TestSketchTwoOwners): leaked recursive-lock x1
	l.owner.Store(int64(me))
	l.entered = 1
}

func (l *Sketch) Unlock(me Owner) {
	l.entered--
	if l.entered == 0 {
		l.mu.Unlock()
		l.owner.Store(0)
	}
}
