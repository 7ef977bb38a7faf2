package main

import (
	"context"
	"net"
	"net/http"
	"testing"
	"time"
)

// The client goes away after a second; the handler never notices.
func TestClientLeaves(t *testing.T) {
	requestAndLeave(t, &Server{follow: follow})
}

// The handler waits for the end of the request, too.
//
// verdict: clean
func TestClientLeavesFixed(t *testing.T) {
	requestAndLeave(t, &Server{follow: followUntil})
}

func requestAndLeave(t *testing.T, logs *Server) {
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	// httptest.Server.Close waits for its handlers, which would hang here; http.Server.Close does not.
	server := &http.Server{Handler: http.HandlerFunc(logs.logsContainer)}
	go server.Serve(listener)
	defer server.Close()

	transport := &http.Transport{}
	defer transport.CloseIdleConnections()
	ctx, leave := context.WithTimeout(context.Background(), time.Second)
	defer leave()
	request, err := http.NewRequestWithContext(ctx, http.MethodGet, "http://"+listener.Addr().String()+"/logs", nil)
	if err != nil {
		t.Fatal(err)
	}
	response, err := (&http.Client{Transport: transport}).Do(request)
	if err != nil {
		return // the second was over before the answer had begun: a legal schedule
	}
	defer response.Body.Close()
	if n, err := response.Body.Read(make([]byte, 1)); err == nil {
		t.Errorf("read %d bytes of a silent log", n)
	}
}
