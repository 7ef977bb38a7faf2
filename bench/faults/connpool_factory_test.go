package faults

import (
	"context"
	"net"
	"testing"

	"github.com/buraksezer/connpool"
)

// Where a pool of one connection cannot connect, its user tries once more.
func TestPool(t *testing.T) {
	address := echo(t)
	pool, err := connpool.NewChannelPool(0, 1, func() (net.Conn, error) { return net.Dial("tcp", address) })
	if err != nil {
		t.Fatal(err)
	}
	defer pool.Close()
	for range 2 {
		if conn, err := pool.Get(context.Background()); err == nil {
			conn.Close()
			return
		}
	}
}
