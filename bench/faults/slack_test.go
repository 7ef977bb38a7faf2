package faults

import (
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/slack-go/slack"
)

// A client that uploads a file, in the three requests that takes, or gives up.
func TestUpload(t *testing.T) {
	mux := http.NewServeMux()
	srv := httptest.NewServer(mux)
	defer srv.Close()
	mux.HandleFunc("/files.getUploadURLExternal", func(w http.ResponseWriter, r *http.Request) {
		w.Write([]byte(`{"ok": true, "upload_url": "` + srv.URL + `/upload", "file_id": "F1"}`))
	})
	mux.HandleFunc("/", func(w http.ResponseWriter, r *http.Request) { w.Write([]byte(`{"ok": true, "files": [{"id": "F1"}]}`)) })
	client := slack.New("token", slack.OptionAPIURL(srv.URL+"/"), slack.OptionHTTPClient(srv.Client()))
	client.UploadFile(slack.UploadFileParameters{Reader: strings.NewReader("hello\n"), FileSize: 6, Filename: "hello"})
}
