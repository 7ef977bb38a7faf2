package faults

import (
	"testing"
	"time"

	"github.com/mediocregopher/radix/v3"
)

// A client that waits for one message of a channel, or gives up after a second.
func TestSubscribe(t *testing.T) {
	conn, err := radix.Dial("tcp", redisServer(t), radix.DialReadTimeout(0))
	if err != nil {
		return
	}
	subscriber := radix.PubSub(conn)
	defer subscriber.Close()
	messages := make(chan radix.PubSubMessage, 1)
	if err := subscriber.Subscribe(messages, "g"); err != nil {
		return
	}
	select {
	case <-messages:
	case <-time.After(time.Second):
	}
}
