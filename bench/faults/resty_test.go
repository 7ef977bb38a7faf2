package faults

import (
	"net/http"
	"net/http/httptest"
	"path/filepath"
	"testing"

	"github.com/go-resty/resty/v2"
)

// A client that downloads a file, or gives up. It never sees the answer's body.
func TestDownload(t *testing.T) {
	srv := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		w.Write([]byte("hello\n"))
	}))
	defer srv.Close()
	resty.New().R().SetOutput(filepath.Join(t.TempDir(), "hello")).Get(srv.URL)
}
