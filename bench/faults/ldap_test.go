package faults

import (
	"io"
	"net"
	"testing"

	"github.com/go-ldap/ldap/v3"
)

// directory lets one client bind, and reads until it goes.
func directory(conn net.Conn) {
	defer conn.Close()
	if _, err := conn.Read(make([]byte, 1024)); err != nil {
		return
	}
	// LDAPMessage 1: bindResponse, success.
	if _, err := conn.Write([]byte{0x30, 12, 2, 1, 1, 0x61, 7, 10, 1, 0, 4, 0, 4, 0}); err != nil {
		return
	}
	io.Copy(io.Discard, conn)
}

// A client that binds and unbinds, or gives up.
func TestUnbind(t *testing.T) {
	addr := serve(t, directory)
	conn, err := ldap.DialURL("ldap://" + addr)
	if err != nil {
		return
	}
	defer conn.Close()
	if err := conn.Bind("cn=test", "secret"); err != nil {
		return
	}
	conn.Unbind()
}
