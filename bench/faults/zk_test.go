package faults

import (
	"encoding/binary"
	"io"
	"net"
	"testing"
	"time"

	"github.com/go-zookeeper/zk"
)

// zookeeper begins a session, and says that no node exists.
func zookeeper(conn net.Conn) {
	defer conn.Close()
	// The protocol's version 0, a session of a second with the number 1, and a password of 16 bytes.
	answer := make([]byte, 36)
	binary.BigEndian.PutUint32(answer[4:], 1000)
	answer[15], answer[19] = 1, 16
	for {
		size := make([]byte, 4)
		if _, err := io.ReadFull(conn, size); err != nil {
			return
		}
		request := make([]byte, binary.BigEndian.Uint32(size))
		if _, err := io.ReadFull(conn, request); err != nil {
			return
		}
		if answer == nil {
			// The request's number, a transaction of none, and, of all but a ping (11) and the end of the session (-11), no node.
			answer = append(append([]byte{}, request[:4]...), make([]byte, 12)...)
			if kind := int32(binary.BigEndian.Uint32(request[4:])); kind != 11 && kind != -11 {
				binary.BigEndian.PutUint32(answer[12:], uint32(0x100000000-101))
			}
		}
		if _, err := conn.Write(append(binary.BigEndian.AppendUint32(nil, uint32(len(answer))), answer...)); err != nil {
			return
		}
		answer = nil
	}
}

type quiet struct{}

func (quiet) Printf(string, ...any) {}

// A client that asks whether a node exists, and gives up after 100 ms.
func TestExists(t *testing.T) {
	addr := serve(t, zookeeper)
	conn, _, err := zk.Connect([]string{addr}, time.Second, zk.WithLogger(quiet{}))
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close()
	done := make(chan struct{})
	go func() {
		defer close(done)
		conn.Exists("/greetings")
	}()
	select {
	case <-done:
	case <-time.After(100 * time.Millisecond):
	}
}
