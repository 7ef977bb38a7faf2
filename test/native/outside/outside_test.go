// Package outside is the part of the table that uses the network, signals and database/sql.
package outside

import (
	"database/sql"
	"database/sql/driver"
	"errors"
	"net"
	"net/http"
	"net/http/httptest"
	"os"
	"os/signal"
	"testing"
)

func get(t *testing.T, client *http.Client, url string) {
	response, err := client.Get(url)
	if err != nil {
		t.Fatal(err)
	}
	response.Body.Close()
}

func TestSignal(t *testing.T) {
	c := make(chan os.Signal, 1)
	signal.Notify(c, os.Interrupt)
	go func() { <-c }()
}

func TestUnclosedServer(t *testing.T) {
	server := httptest.NewServer(http.NotFoundHandler())
	client := &http.Client{Transport: &http.Transport{DisableKeepAlives: true}}
	get(t, client, server.URL)
}

func TestKeepAlive(t *testing.T) { // http.DefaultTransport keeps its connection; the server's Close ends it
	server := httptest.NewServer(http.NotFoundHandler())
	defer server.Close()
	get(t, http.DefaultClient, server.URL)
}

func TestAccept(t *testing.T) {
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	go func() { listener.Accept() }()
}

func TestPipe(t *testing.T) {
	a, _ := net.Pipe()
	go func() { a.Read(make([]byte, 1)) }()
}

type noDriver struct{}

func (noDriver) Open(string) (driver.Conn, error) { return nil, errors.New("no") }

func TestDB(t *testing.T) {
	sql.Register("none", noDriver{})
	sql.Open("none", "")
}
