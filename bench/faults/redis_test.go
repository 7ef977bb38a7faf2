package faults

import (
	"bufio"
	"fmt"
	"io"
	"net"
	"strings"
	"testing"
)

// redisServer confirms what a client subscribes to, and sends it a message at once.
func redisServer(t *testing.T) string {
	return serve(t, serveRedis)
}

func serveRedis(conn net.Conn) {
	defer conn.Close()
	in := bufio.NewReader(conn)
	for {
		var n int
		if _, err := fmt.Fscanf(in, "*%d\r\n", &n); err != nil {
			return
		}
		words := make([]string, n)
		for i := range words {
			var size int
			if _, err := fmt.Fscanf(in, "$%d\r\n%s\r\n", &size, &words[i]); err != nil {
				return
			}
		}
		answer := "+PONG\r\n"
		if strings.EqualFold(words[0], "subscribe") {
			answer = "*3\r\n$9\r\nsubscribe\r\n$1\r\ng\r\n:1\r\n*3\r\n$7\r\nmessage\r\n$1\r\ng\r\n$5\r\nhello\r\n"
		}
		if _, err := io.WriteString(conn, answer); err != nil {
			return
		}
	}
}
