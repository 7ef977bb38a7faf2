package runtime

import "unsafe"

// The network of the controlled world is made of objects in memory (go/net/net_fake.go). What it needs of the runtime:
// a point before each operation, and really waiting, where nobody decides: before control begins, and at a run's end.

//go:linkname unparkNetPoint net.unparkNetPoint
func unparkNetPoint(op int32, object unsafe.Pointer, aux int32) {
	unparkPoint(op, uintptr(object), aux, 0)
}

// unparkNetWait is one visible operation: it goes on when *ready is not 0, or when the time of *deadline has come. head
// is what the host reads where it is not the object itself, and what others wake; waiters is within it.
//
//go:linkname unparkNetWait net.unparkNetWait
func unparkNetWait(op int32, object, head unsafe.Pointer, aux int32, ready *uint32, deadline *int64) {
	if head != object {
		aux = int32(uint32(uintptr(head)))
	}
	unparkPoint(op, uintptr(object), aux, 0)
	if op == unparkNetSend { // whether there is room says the receiver's address
		head = object
	}
	for *ready == 0 && !unparkNetExpired(*deadline) {
		if unparkBox.idle == 0 && *deadline != 0 { // before control: the poller would have a timer
			timeSleep(1000 * 1000)
			continue
		}
		unparkNetPark(head)
	}
}

// unparkNetPark waits as a read of a socket does. The leak collection takes what it waits for from the sudog, as it does
// for a lock: whoever holds the connection, at either end, can still wake it.
func unparkNetPark(head unsafe.Pointer) {
	gp := getg()
	waiters := (**sudog)(add(head, unparkNetWaiters))
	s := acquireSudog()
	s.g = gp
	s.next = *waiters
	unparkSetElem(s, head)
	*waiters = s
	gp.waiting = s
	gopark(nil, nil, waitReasonIOWait, traceBlockNet, 3)
	gp.waiting = nil
	unparkSetElem(s, nil)
	s.next = nil
	s.g = nil
	gp.param = nil
	releaseSudog(s)
}

// unparkNetWaiters is the offset of waiters in net.unparkHead.
const unparkNetWaiters = 56

//go:linkname unparkNetWake net.unparkNetWake
func unparkNetWake(head unsafe.Pointer) {
	waiters := (**sudog)(add(head, unparkNetWaiters))
	s := *waiters
	*waiters = nil
	for s != nil {
		next := s.next
		goready(s.g, 3)
		s = next
	}
}

// unparkNetTouch tells the host that an operation has changed whether others can go on, whatever object it was on.
//
//go:linkname unparkNetTouch net.unparkNetTouch
func unparkNetTouch(head unsafe.Pointer) {
	if unparkBox.hooks != 0 {
		unparkHostEvent(unparkEventTouch, uint32(uintptr(head)))
	}
}

// unparkNetEffect tells the host of an object that the operation did not name: a listener that closes resets the
// connections that nobody has accepted.
//
//go:linkname unparkNetEffect net.unparkNetEffect
func unparkNetEffect(object unsafe.Pointer) {
	if unparkBox.hooks != 0 {
		unparkHostEvent(unparkEventEffect, uint32(uintptr(object)))
	}
}

// unparkNetExpired asks the clock itself, not what the goroutine has read (time.go, maybeRunChan).
//
//go:linkname unparkNetExpired net.unparkNetExpired
func unparkNetExpired(deadline int64) bool {
	if deadline <= 0 {
		return deadline < 0
	}
	var now int64
	systemstack(func() { now = nanotime() })
	return deadline <= now
}

//go:linkname unparkNetNow net.unparkNetNow
func unparkNetNow() int64 { return nanotime() }

// unparkNetFault is what goes wrong in the operation that the host has just let go on; 0: nothing.
//
//go:linkname unparkNetFault net.unparkNetFault
func unparkNetFault() int32 {
	if unparkBox.hooks == 0 {
		return 0
	}
	return unparkHostFault()
}
