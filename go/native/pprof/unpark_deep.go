package pprof

import "unsafe"

// UnparkDeep: the runtime itself is changed, too (runtime/unpark.go).
const UnparkDeep = true

func unparkCollect(open bool, left []uint64) []uint64

func unparkShowLabels()

func unparkCounted(key unsafe.Pointer)

func init() { unparkCounted(unsafe.Pointer(unsafe.StringData(unparkKey))) }

// UnparkShowLabels makes stacks tell the labels from now on.
func UnparkShowLabels() { unparkShowLabels() }

// UnparkCollect: see the runtime's unparkCollect. An object that is allocated while a collection runs looks reachable,
// so it is run three times and what any found counts.
func UnparkCollect(open bool, left []uint64) []uint64 {
	seen := map[uint64]bool{}
	var all []uint64
	for range 3 {
		for _, id := range unparkCollect(open, left) {
			if !seen[id] {
				seen[id] = true
				all = append(all, id)
			}
		}
	}
	return all
}

// unparkValue puts the live counter in front of the label's text.
func unparkValue(owner string) (string, *uint32) {
	words := make([]uint64, 1+(len(owner)+7)/8)
	text := unsafe.Slice((*byte)(unsafe.Pointer(&words[1:][0])), len(owner))
	copy(text, owner)
	return unsafe.String(&text[0], len(owner)), (*uint32)(unsafe.Pointer(&words[0]))
}
