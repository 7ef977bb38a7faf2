package faults

import (
	"bufio"
	"io"
	"net"
	"testing"
)

// echo is a server that answers each line with itself, until the test is over.
func echo(t *testing.T) string {
	return serve(t, func(conn net.Conn) {
		defer conn.Close()
		io.Copy(conn, conn)
	})
}

// say sends a line, and waits for the answer.
func say(conn net.Conn) error {
	if _, err := conn.Write([]byte("hello\n")); err != nil {
		return err
	}
	_, err := bufio.NewReader(conn).ReadString('\n')
	return err
}
