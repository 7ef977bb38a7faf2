package faults

import (
	"testing"

	amqp "github.com/rabbitmq/amqp091-go"
)

// A client that would connect again by itself, and closes its connection.
func TestRecovery(t *testing.T) {
	conn, err := amqp.DialConfig(amqpBroker(t), amqp.Config{Recovery: &amqp.Recovery{}})
	if err != nil {
		return
	}
	conn.Close()
}
