package main

import (
	"errors"
	"math/rand"
	"testing"
)

// verdict: clean
func TestCoin(t *testing.T) {
	load(func() error {
		if rand.Intn(2) == 1 {
			return errors.New("tails")
		}
		return nil
	})
}
