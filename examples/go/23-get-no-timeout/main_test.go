package main

import (
	"net/http"
	"testing"
	"time"
)

// Three requests wait for an answer that never comes.
func TestNoTimeout(t *testing.T) {
	askThrice(t, 0)
}

// verdict: clean
func TestTimeout(t *testing.T) {
	askThrice(t, 5*time.Second)
}

func askThrice(t *testing.T, timeout time.Duration) {
	silent, err := listenSilently("127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer silent.Close()
	client := &http.Client{Timeout: timeout, Transport: &http.Transport{}}
	defer client.CloseIdleConnections()
	for range 3 {
		go get(client, "http://"+silent.Addr().String())
		time.Sleep(time.Second)
	}
	time.Sleep(10 * time.Second)
}
