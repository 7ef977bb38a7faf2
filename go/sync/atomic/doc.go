// Package atomic, as Unpark builds it for wasm: the same functions, each a point where the host decides who goes on.
//
// On wasm an atomic is an ordinary function (there is one thread, and nothing preempts), so plain loads and stores do.
// The pointer functions are the runtime's own (write barriers); their points are in runtime/atomic_pointer.go.
package atomic

import (
	"internal/runtime/sys"
	"unsafe"
)

// Operations, as in runtime/unpark.go.
const (
	unparkLoad  = 22
	unparkStore = 23
	unparkRMW   = 24
)

// The runtime's pointer functions call these three.
//
//go:linkname StoreUintptr
//go:linkname SwapUintptr
//go:linkname CompareAndSwapUintptr

//go:linkname unparkPoint runtime.unparkPoint
func unparkPoint(op int32, obj uintptr, aux int32, pc uintptr)

func SwapPointer(addr *unsafe.Pointer, new unsafe.Pointer) (old unsafe.Pointer)

func CompareAndSwapPointer(addr *unsafe.Pointer, old, new unsafe.Pointer) (swapped bool)

func StorePointer(addr *unsafe.Pointer, val unsafe.Pointer)

func LoadPointer(addr *unsafe.Pointer) (val unsafe.Pointer) {
	unparkPoint(unparkLoad, uintptr(unsafe.Pointer(addr)), 0, sys.GetCallerPC())
	return *addr
}

func SwapInt32(addr *int32, new int32) (old int32) {
	unparkPoint(unparkRMW, uintptr(unsafe.Pointer(addr)), 0, sys.GetCallerPC())
	old = *addr
	*addr = new
	return old
}

func CompareAndSwapInt32(addr *int32, old, new int32) (swapped bool) {
	unparkPoint(unparkRMW, uintptr(unsafe.Pointer(addr)), 0, sys.GetCallerPC())
	if *addr != old {
		return false
	}
	*addr = new
	return true
}

func AddInt32(addr *int32, delta int32) (new int32) {
	unparkPoint(unparkRMW, uintptr(unsafe.Pointer(addr)), 0, sys.GetCallerPC())
	*addr += delta
	return *addr
}

func AndInt32(addr *int32, mask int32) (old int32) {
	unparkPoint(unparkRMW, uintptr(unsafe.Pointer(addr)), 0, sys.GetCallerPC())
	old = *addr
	*addr = old & mask
	return old
}

func OrInt32(addr *int32, mask int32) (old int32) {
	unparkPoint(unparkRMW, uintptr(unsafe.Pointer(addr)), 0, sys.GetCallerPC())
	old = *addr
	*addr = old | mask
	return old
}

func LoadInt32(addr *int32) (val int32) {
	unparkPoint(unparkLoad, uintptr(unsafe.Pointer(addr)), 0, sys.GetCallerPC())
	return *addr
}

func StoreInt32(addr *int32, val int32) {
	unparkPoint(unparkStore, uintptr(unsafe.Pointer(addr)), 0, sys.GetCallerPC())
	*addr = val
}

func SwapUint32(addr *uint32, new uint32) (old uint32) {
	unparkPoint(unparkRMW, uintptr(unsafe.Pointer(addr)), 0, sys.GetCallerPC())
	old = *addr
	*addr = new
	return old
}

func CompareAndSwapUint32(addr *uint32, old, new uint32) (swapped bool) {
	unparkPoint(unparkRMW, uintptr(unsafe.Pointer(addr)), 0, sys.GetCallerPC())
	if *addr != old {
		return false
	}
	*addr = new
	return true
}

func AddUint32(addr *uint32, delta uint32) (new uint32) {
	unparkPoint(unparkRMW, uintptr(unsafe.Pointer(addr)), 0, sys.GetCallerPC())
	*addr += delta
	return *addr
}

func AndUint32(addr *uint32, mask uint32) (old uint32) {
	unparkPoint(unparkRMW, uintptr(unsafe.Pointer(addr)), 0, sys.GetCallerPC())
	old = *addr
	*addr = old & mask
	return old
}

func OrUint32(addr *uint32, mask uint32) (old uint32) {
	unparkPoint(unparkRMW, uintptr(unsafe.Pointer(addr)), 0, sys.GetCallerPC())
	old = *addr
	*addr = old | mask
	return old
}

func LoadUint32(addr *uint32) (val uint32) {
	unparkPoint(unparkLoad, uintptr(unsafe.Pointer(addr)), 0, sys.GetCallerPC())
	return *addr
}

func StoreUint32(addr *uint32, val uint32) {
	unparkPoint(unparkStore, uintptr(unsafe.Pointer(addr)), 0, sys.GetCallerPC())
	*addr = val
}

func SwapInt64(addr *int64, new int64) (old int64) {
	unparkPoint(unparkRMW, uintptr(unsafe.Pointer(addr)), 0, sys.GetCallerPC())
	old = *addr
	*addr = new
	return old
}

func CompareAndSwapInt64(addr *int64, old, new int64) (swapped bool) {
	unparkPoint(unparkRMW, uintptr(unsafe.Pointer(addr)), 0, sys.GetCallerPC())
	if *addr != old {
		return false
	}
	*addr = new
	return true
}

func AddInt64(addr *int64, delta int64) (new int64) {
	unparkPoint(unparkRMW, uintptr(unsafe.Pointer(addr)), 0, sys.GetCallerPC())
	*addr += delta
	return *addr
}

func AndInt64(addr *int64, mask int64) (old int64) {
	unparkPoint(unparkRMW, uintptr(unsafe.Pointer(addr)), 0, sys.GetCallerPC())
	old = *addr
	*addr = old & mask
	return old
}

func OrInt64(addr *int64, mask int64) (old int64) {
	unparkPoint(unparkRMW, uintptr(unsafe.Pointer(addr)), 0, sys.GetCallerPC())
	old = *addr
	*addr = old | mask
	return old
}

func LoadInt64(addr *int64) (val int64) {
	unparkPoint(unparkLoad, uintptr(unsafe.Pointer(addr)), 0, sys.GetCallerPC())
	return *addr
}

func StoreInt64(addr *int64, val int64) {
	unparkPoint(unparkStore, uintptr(unsafe.Pointer(addr)), 0, sys.GetCallerPC())
	*addr = val
}

func SwapUint64(addr *uint64, new uint64) (old uint64) {
	unparkPoint(unparkRMW, uintptr(unsafe.Pointer(addr)), 0, sys.GetCallerPC())
	old = *addr
	*addr = new
	return old
}

func CompareAndSwapUint64(addr *uint64, old, new uint64) (swapped bool) {
	unparkPoint(unparkRMW, uintptr(unsafe.Pointer(addr)), 0, sys.GetCallerPC())
	if *addr != old {
		return false
	}
	*addr = new
	return true
}

func AddUint64(addr *uint64, delta uint64) (new uint64) {
	unparkPoint(unparkRMW, uintptr(unsafe.Pointer(addr)), 0, sys.GetCallerPC())
	*addr += delta
	return *addr
}

func AndUint64(addr *uint64, mask uint64) (old uint64) {
	unparkPoint(unparkRMW, uintptr(unsafe.Pointer(addr)), 0, sys.GetCallerPC())
	old = *addr
	*addr = old & mask
	return old
}

func OrUint64(addr *uint64, mask uint64) (old uint64) {
	unparkPoint(unparkRMW, uintptr(unsafe.Pointer(addr)), 0, sys.GetCallerPC())
	old = *addr
	*addr = old | mask
	return old
}

func LoadUint64(addr *uint64) (val uint64) {
	unparkPoint(unparkLoad, uintptr(unsafe.Pointer(addr)), 0, sys.GetCallerPC())
	return *addr
}

func StoreUint64(addr *uint64, val uint64) {
	unparkPoint(unparkStore, uintptr(unsafe.Pointer(addr)), 0, sys.GetCallerPC())
	*addr = val
}

func SwapUintptr(addr *uintptr, new uintptr) (old uintptr) {
	unparkPoint(unparkRMW, uintptr(unsafe.Pointer(addr)), 0, sys.GetCallerPC())
	old = *addr
	*addr = new
	return old
}

func CompareAndSwapUintptr(addr *uintptr, old, new uintptr) (swapped bool) {
	unparkPoint(unparkRMW, uintptr(unsafe.Pointer(addr)), 0, sys.GetCallerPC())
	if *addr != old {
		return false
	}
	*addr = new
	return true
}

func AddUintptr(addr *uintptr, delta uintptr) (new uintptr) {
	unparkPoint(unparkRMW, uintptr(unsafe.Pointer(addr)), 0, sys.GetCallerPC())
	*addr += delta
	return *addr
}

func AndUintptr(addr *uintptr, mask uintptr) (old uintptr) {
	unparkPoint(unparkRMW, uintptr(unsafe.Pointer(addr)), 0, sys.GetCallerPC())
	old = *addr
	*addr = old & mask
	return old
}

func OrUintptr(addr *uintptr, mask uintptr) (old uintptr) {
	unparkPoint(unparkRMW, uintptr(unsafe.Pointer(addr)), 0, sys.GetCallerPC())
	old = *addr
	*addr = old | mask
	return old
}

func LoadUintptr(addr *uintptr) (val uintptr) {
	unparkPoint(unparkLoad, uintptr(unsafe.Pointer(addr)), 0, sys.GetCallerPC())
	return *addr
}

func StoreUintptr(addr *uintptr, val uintptr) {
	unparkPoint(unparkStore, uintptr(unsafe.Pointer(addr)), 0, sys.GetCallerPC())
	*addr = val
}
