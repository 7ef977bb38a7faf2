//go:build !go1.27

// Timers as modules have them whose go.mod names a Go before 1.23: their channels do not know them. Go 1.27 has no such
// timers.
//
//go:debug asynctimerchan=1
package timers

import (
	"testing"
	"time"
)

func TestTickerLoop(t *testing.T) {
	stop := make(chan int)
	go func() {
		ticker := time.NewTicker(time.Minute)
		defer ticker.Stop()
		for {
			select { // want: runaway never-stopped x1
			case <-ticker.C:
			case <-stop:
				return
			}
		}
	}()
}

func TestStoppedTicker(t *testing.T) {
	stop := make(chan int)
	go func() {
		ticker := time.NewTicker(time.Minute)
		ticker.Stop()
		select { // want: leaked select-without-ready-case x1
		case <-ticker.C:
		case <-stop:
		}
	}()
}

// Virtual time goes as far as the program's own timers.
//
// verdict: clean
func TestWaitsForLong(t *testing.T) {
	go func() { <-time.After(12 * time.Minute) }()
}

// verdict: clean
func TestTimeout(t *testing.T) {
	stop := make(chan int)
	go func() {
		select {
		case <-time.After(time.Minute):
		case <-stop:
		}
	}()
}
