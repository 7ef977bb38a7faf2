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
	addr := serve(t, mailServer)
	c, err := client.Dial(addr)
	if err != nil {
		return
	}
	defer c.Terminate()
	c.Logout()
}
