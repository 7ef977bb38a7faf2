package faults

import (
	"testing"
	"time"

	"github.com/lib/pq"
)

// A client that listens for notifications; it gives up after 10 ms. The server is there for longer.
func TestListen(t *testing.T) {
	listener := pq.NewListener(postgres(t), 20*time.Millisecond, time.Second, nil)
	giveUp := time.AfterFunc(10*time.Millisecond, func() { listener.Close() })
	listener.Listen("greetings")
	if giveUp.Stop() {
		listener.Close()
	}
	time.Sleep(50 * time.Millisecond)
}
