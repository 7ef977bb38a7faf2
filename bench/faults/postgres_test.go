package faults

import (
	"encoding/binary"
	"io"
	"net"
	"testing"
)

// postgres lets everybody in, and answers each message as if it had done what it says.
func postgres(t *testing.T) string {
	return "postgres://test@" + serve(t, servePostgres) + "/test?sslmode=disable"
}

const (
	ready    = "Z\x00\x00\x00\x05I"
	complete = "C\x00\x00\x00\x0fINSERT 0 1\x00"
	noData   = "n\x00\x00\x00\x04"
)

func servePostgres(conn net.Conn) {
	defer conn.Close()
	if _, _, err := readPostgres(conn, 0); err != nil {
		return
	}
	answer := "R\x00\x00\x00\x08\x00\x00\x00\x00" + ready
	for {
		if _, err := io.WriteString(conn, answer); err != nil {
			return
		}
		kind, body, err := readPostgres(conn, 1)
		if err != nil {
			return
		}
		answer = ""
		switch kind {
		case 'P':
			answer = "1\x00\x00\x00\x04"
		case 'B':
			answer = "2\x00\x00\x00\x04"
		case 'D':
			if answer = noData; body[0] == 'S' {
				answer = "t\x00\x00\x00\x06\x00\x00" + noData
			}
		case 'E':
			answer = complete
		case 'S':
			answer = ready
		case 'Q':
			answer = complete + ready
		case 'X':
			return
		}
	}
}

// readPostgres reads a message: its kind (none where a connection begins), how long it is, and its body.
func readPostgres(conn net.Conn, kind int) (byte, []byte, error) {
	head := make([]byte, kind+4)
	if _, err := io.ReadFull(conn, head); err != nil {
		return 0, nil, err
	}
	body := make([]byte, binary.BigEndian.Uint32(head[kind:])-4)
	_, err := io.ReadFull(conn, body)
	return head[0], body, err
}
