// Package fuzz leaks in its workers alone: not for the seed, but for each other input.
package fuzz

import "testing"

func FuzzInputs(f *testing.F) {
	f.Add(1)
	f.Fuzz(func(t *testing.T, n int) {
		if n != 1 {
			go func() { <-make(chan int) }()
		}
	})
}
