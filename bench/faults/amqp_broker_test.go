package faults

import (
	"encoding/binary"
	"io"
	"net"
	"testing"
)

// amqpBroker answers who connects, opens channels and closes; it publishes nothing.
func amqpBroker(t *testing.T) string {
	return "amqp://guest:guest@" + serve(t, serveAMQP) + "/"
}

// Each method of a client, as class and method, and what is answered.
var amqpAnswers = map[[2]uint16][]byte{
	{10, 11}: {0, 10, 0, 30, 0, 0, 0, 0, 0, 0, 0, 0},         // connection.start-ok: tune, without limits or heartbeats
	{10, 40}: {0, 10, 0, 41, 0},                              // connection.open: open-ok
	{10, 50}: {0, 10, 0, 51},                                 // connection.close: close-ok
	{20, 10}: {0, 20, 0, 11, 0, 0, 0, 0},                     // channel.open: open-ok
	{20, 40}: {0, 20, 0, 41},                                 // channel.close: close-ok
	{50, 10}: {0, 50, 0, 11, 1, 'q', 0, 0, 0, 0, 0, 0, 0, 0}, // queue.declare: declare-ok
}

func serveAMQP(conn net.Conn) {
	defer conn.Close()
	if _, err := io.ReadFull(conn, make([]byte, 8)); err != nil {
		return
	}
	start := append([]byte{0, 10, 0, 10, 0, 9, 0, 0, 0, 0, 0, 0, 0, 5}, "PLAIN\x00\x00\x00\x05en_US"...)
	if writeAMQP(conn, 0, start) != nil {
		return
	}
	for {
		head := make([]byte, 7)
		if _, err := io.ReadFull(conn, head); err != nil {
			return
		}
		payload := make([]byte, binary.BigEndian.Uint32(head[3:])+1)
		if _, err := io.ReadFull(conn, payload); err != nil {
			return
		}
		if head[0] != 1 {
			continue
		}
		method := [2]uint16{binary.BigEndian.Uint16(payload), binary.BigEndian.Uint16(payload[2:])}
		if answer, ok := amqpAnswers[method]; ok && writeAMQP(conn, binary.BigEndian.Uint16(head[1:]), answer) != nil {
			return
		}
	}
}

func writeAMQP(conn net.Conn, channel uint16, method []byte) error {
	frame := []byte{1}
	frame = binary.BigEndian.AppendUint16(frame, channel)
	frame = binary.BigEndian.AppendUint32(frame, uint32(len(method)))
	frame = append(append(frame, method...), 0xCE)
	_, err := conn.Write(frame)
	return err
}
