package main

import (
	"errors"
	"math/rand"
	"testing"
	"time"
)

// verdict: clean
func TestHappyPath(t *testing.T) {
	if got, err := load(func() error { return nil }); got != 42 || err != nil {
		t.Errorf("got %d, %v", got, err)
	}
}

// The check fails for one of two random numbers.
func TestCoin(t *testing.T) {
	load(func() error {
		if rand.Intn(2) == 1 {
			return errors.New("tails")
		}
		return nil
	})
}

// The check answers after a millisecond and has a second to do so: it fails only when it is held up.
func TestSlowCheck(t *testing.T) {
	load(func() error {
		checked := make(chan struct{})
		go func() {
			defer close(checked)
			time.Sleep(time.Millisecond)
		}()
		select {
		case <-checked:
			return nil
		case <-time.After(time.Second):
			return errors.New("the check took too long")
		}
	})
}
