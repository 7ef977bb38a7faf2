package sync

import _ "unsafe"

// unparkYield: see runtime/unpark_shake.go.
//
//go:linkname unparkYield
func unparkYield()
