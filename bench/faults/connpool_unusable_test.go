package faults

import (
	"context"
	"net"
	"testing"

	"github.com/buraksezer/connpool"
)

// Two requests over a pool of one connection. Whoever has an error marks the connection as unusable.
func TestPool(t *testing.T) {
	address := echo(t)
	pool, err := connpool.NewChannelPool(0, 1, func() (net.Conn, error) { return net.Dial("tcp", address) })
	if err != nil {
		t.Fatal(err)
	}
	for range 2 {
		conn, err := pool.Get(context.Background())
		if err != nil {
			return
		}
		if err := say(conn); err != nil {
			conn.(*connpool.PoolConn).MarkUnusable()
		}
		conn.Close()
	}
	pool.Close()
}
