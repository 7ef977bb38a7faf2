package runtime

import "unsafe"

// unparkPassesUnasked: in a natural run that is too long to be shown, a goroutine does a number of operations without asking,
// each of which need not wait, as the host would find by looking at the same memory (canGoOn in src/host/guest/guest-operations.ts).
// What others may wait for is noted: the host looks at them when the goroutine asks next (src/host/run/step/unasked-passes.ts).
func unparkPassesUnasked(op int32, obj uintptr, aux int32) bool {
	b := &unparkBox
	word := (*int32)(unsafe.Pointer(obj)) // a Mutex's state, a Once's done; an RWMutex begins with a Mutex
	switch op {
	case unparkLoad:
		b.passes--
		return true
	case unparkOnce:
		if *word == 0 {
			return false
		}
		b.passes--
		return true
	case unparkStore, unparkRMW:
		b.passes--
		b.acted |= 1
		return true
	case unparkLock, unparkTryLock, unparkWLock:
		if *word&1 != 0 {
			return false
		}
	case unparkRLock:
		if *(*int32)(add(unsafe.Pointer(obj), unparkReaderCount)) < 0 {
			return false
		}
	case unparkWAcquire:
		if aux == 0 {
			return false
		}
	case unparkSend, unparkRecv:
		if !unparkChannelGoesOn(op, (*hchan)(unsafe.Pointer(obj))) {
			return false
		}
	case unparkUnlock, unparkRUnlock, unparkWUnlock, unparkWGAdd:
	default:
		return false
	}
	if b.passed == 0 || b.touched[b.passed-1] != uint32(obj) {
		if b.passed == uint32(len(b.touched)) {
			return false // no room
		}
		b.touched[b.passed] = uint32(obj)
		b.passed++
	}
	b.passes--
	b.acted |= 1
	if op == unparkSend || op == unparkRecv {
		b.acted |= 2
	}
	return true
}

// unparkChannelGoesOn: there is room, or a value, and nobody waits for that. Who stands at a channel waits for a value if there is none, and for
// room if it is full.
func unparkChannelGoesOn(op int32, c *hchan) bool {
	if c == nil || c.timer != nil || c.recvq.first != nil || c.sendq.first != nil {
		return false
	}
	if op == unparkSend {
		return c.closed == 0 && c.qcount < c.dataqsiz && (c.qcount > 0 || !unparkStands(c))
	}
	return c.qcount > 0 && (c.qcount < c.dataqsiz || !unparkStands(c))
}

// unparkStands: somebody stands at the channel, or at one with the same bit (src/host/run/pending/channel-bits.ts).
func unparkStands(c *hchan) bool {
	bit := uint32(uintptr(unsafe.Pointer(c))) * 0x9e3779b1 >> 21
	return unparkBox.channels[bit>>5]>>(bit&31)&1 != 0
}

// unparkReaderCount is where readerCount lies in a sync.RWMutex: SYNC in src/host/guest/guest-objects.ts.
const unparkReaderCount = 16
