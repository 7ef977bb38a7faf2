// Row 23. A client that asks a server each second. The server takes the connection and never answers, and the client
// has no timeout: the waiting requests pile up, each with the goroutines of its connection. With -timeout each of them
// gives up.
//
// unpark: live
package main

import (
	"flag"
	"fmt"
	"log"
	"net"
	"net/http"
	_ "net/http/pprof"
	"runtime"
	"time"
)

func main() {
	address := flag.String("listen", "127.0.0.1:8023", "address of the silent server")
	debug := flag.String("debug", "127.0.0.1:8024", "address of net/http/pprof")
	timeout := flag.Duration("timeout", 0, "how long a request may take; 0 is for ever")
	flag.Parse()
	silent, err := listenSilently(*address)
	if err != nil {
		log.Fatal(err)
	}
	defer silent.Close()
	go func() { log.Fatal(http.ListenAndServe(*debug, nil)) }()
	client := &http.Client{Timeout: *timeout}
	for range time.Tick(time.Second) {
		go get(client, "http://"+*address)
		fmt.Println("goroutines", runtime.NumGoroutine())
	}
}

func get(client *http.Client, url string) {
	response, err := client.Get(url) // want(TestNoTimeout): waiting-outside no-timeout x3
	if err != nil {
		return
	}
	response.Body.Close()
}

// kept holds the server's side: a connection that nothing refers to is closed by its finalizer, and the client would see that.
var kept []net.Conn

// listenSilently accepts connections and keeps them open without a word, until the listener is closed.
func listenSilently(address string) (net.Listener, error) {
	listener, err := net.Listen("tcp", address)
	if err != nil {
		return nil, err
	}
	go func() {
		for {
			connection, err := listener.Accept()
			if err != nil {
				break
			}
			kept = append(kept, connection)
		}
	}()
	return listener, nil
}
