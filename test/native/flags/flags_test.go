// Package flags passes only with the linker flags that the user gave: stamp is set by -X.
package flags

import "testing"

var stamp string

func TestStamped(t *testing.T) {
	if stamp != "stamped" {
		t.Fatalf("stamp is %q", stamp)
	}
}

func TestCaptured(t *testing.T) {
	c := make(chan int)
	for i := range 1 {
		go func() { c <- i }()
	}
}
