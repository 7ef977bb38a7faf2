package faults

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"testing"
	"time"

	"github.com/donovanhide/eventsource"
)

// A client that reads two events, or gives up, and closes its stream.
func TestTwoEvents(t *testing.T) {
	srv := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Content-Type", "text/event-stream")
		for i := range 2 {
			fmt.Fprintf(w, "id: %d\ndata: hello\n\n", i+1)
			w.(http.Flusher).Flush()
		}
		<-r.Context().Done()
	}))
	defer srv.Close()
	defer srv.CloseClientConnections()
	stream, err := eventsource.Subscribe(srv.URL, "")
	if err != nil {
		return
	}
	defer stream.Close()
	for range 2 {
		select {
		case <-stream.Events:
		case <-time.After(time.Second):
			return
		}
	}
}
