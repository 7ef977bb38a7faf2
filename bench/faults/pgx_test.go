package faults

import (
	"context"
	"testing"

	"github.com/jackc/pgx/v5"
)

// A client that sends a batch of one statement, and closes its connection.
func TestBatch(t *testing.T) {
	ctx, cancel := context.WithCancel(context.Background())
	defer cancel()
	conn, err := pgx.Connect(ctx, postgres(t))
	if err != nil {
		return
	}
	defer conn.Close(ctx)
	batch := &pgx.Batch{}
	batch.Queue("insert into greetings values ('hello')")
	conn.SendBatch(ctx, batch).Close()
}
