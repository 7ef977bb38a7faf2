package faults

import (
	"bufio"
	"fmt"
	"net"
	"strings"
	"testing"

	"github.com/emersion/go-imap/client"
)

// mailServer greets, says what it can do, and says good-bye.
func mailServer(conn net.Conn) {
	defer conn.Close()
	fmt.Fprint(conn, "* OK ready\r\n")
	lines := bufio.NewScanner(conn)
	for lines.Scan() {
		tag, command, _ := strings.Cut(lines.Text(), " ")
		switch command {
		case "CAPABILITY":
			fmt.Fprintf(conn, "* CAPABILITY IMAP4rev1\r\n%s OK done\r\n", tag)
		case "LOGOUT":
			fmt.Fprintf(conn, "* BYE\r\n%s OK done\r\n", tag)
			return
		default:
			fmt.Fprintf(conn, "%s OK done\r\n", tag)
		}
	}
}

// A client that connects and logs out, or gives up.
func TestLogout(t *testing.T) {
	ln, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer ln.Close()
	go func() {
		for {
			conn, err := ln.Accept()
			if err != nil {
				return
			}
			go mailServer(conn)
		}
	}()
	c, err := client.Dial(ln.Addr().String())
	if err != nil {
		return
	}
	defer c.Terminate()
	c.Logout()
}
