package main

import (
	"io"
	"net/http"
	"net/http/httptest"
	"testing"
)

// Three requests, three goroutines left.
func TestThreeRequests(t *testing.T) {
	server := httptest.NewServer(http.HandlerFunc(sum))
	defer server.Close()
	for range 3 {
		response, err := server.Client().Get(server.URL + "/sum")
		if err != nil {
			t.Fatal(err)
		}
		body, err := io.ReadAll(response.Body)
		response.Body.Close()
		if err != nil || string(body) != "sum 3\n" {
			t.Errorf("answer %q, error %v", body, err)
		}
	}
}
