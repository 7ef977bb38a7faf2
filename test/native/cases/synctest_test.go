//go:build go1.25

package cases

import (
	"testing"
	"testing/synctest"
	"time"
)

// A goroutine that is left in a bubble makes synctest itself panic: here one starts outside.
func TestSynctest(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		go time.Sleep(time.Hour)
		time.Sleep(2 * time.Hour)
	})
	go func() { <-make(chan int) }()
}
