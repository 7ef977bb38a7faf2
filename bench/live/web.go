package main

import (
	"bufio"
	"context"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"net/http/httputil"
	"net/rpc"
	"net/url"
	"os"
	"path/filepath"
	"time"

	"github.com/gorilla/websocket"
)

func serve(handler http.HandlerFunc) string {
	listener := listen()
	go http.Serve(listener, handler)
	return "http://" + listener.Addr().String()
}

func get(client *http.Client, url string) {
	response, err := client.Get(url)
	if err != nil {
		return
	}
	io.Copy(io.Discard, response.Body)
	response.Body.Close()
}

func hello(w http.ResponseWriter, _ *http.Request) { fmt.Fprintln(w, "hello") }

func init() {
	healthy["http-keep-alive"] = func() {
		at := serve(hello)
		client := &http.Client{Transport: &http.Transport{MaxIdleConnsPerHost: 40, IdleConnTimeout: 90 * time.Second}}
		many(40, func(int) { get(client, at) })
		every(50*time.Millisecond, func() { get(client, at) })
	}
	healthy["http-slow-handlers"] = func() {
		at := serve(func(w http.ResponseWriter, r *http.Request) {
			select {
			case <-time.After(5 * time.Second):
				hello(w, r)
			case <-r.Context().Done():
			}
		})
		client := &http.Client{Timeout: 20 * time.Second, Transport: &http.Transport{MaxIdleConnsPerHost: 100}}
		every(200*time.Millisecond, func() { go get(client, at) })
	}
	healthy["http-events"] = func() { // server-sent events: subscribers stay for hours
		at := serve(func(w http.ResponseWriter, r *http.Request) {
			events := time.NewTicker(time.Second)
			defer events.Stop()
			for {
				select {
				case <-events.C:
					fmt.Fprint(w, "data: x\n\n")
					w.(http.Flusher).Flush()
				case <-r.Context().Done():
					return
				}
			}
		})
		for range 60 {
			response, err := http.Get(at)
			must(err)
			go func() {
				defer response.Body.Close()
				for scanner := bufio.NewScanner(response.Body); scanner.Scan(); {
				}
			}()
		}
	}
	healthy["http-long-poll"] = func() { // handlers that wait for news, each with its client still there
		news := make(chan string)
		at := serve(func(w http.ResponseWriter, r *http.Request) {
			select {
			case text := <-news:
				fmt.Fprintln(w, text)
			case <-r.Context().Done():
			}
		})
		client := &http.Client{Transport: &http.Transport{}}
		for range 40 {
			go func() {
				for {
					get(client, at)
				}
			}()
		}
		every(time.Second, func() { news <- "x" })
	}
	healthy["websocket-hub"] = func() {
		at := serve(func(w http.ResponseWriter, r *http.Request) {
			upgrader := websocket.Upgrader{}
			conn, err := upgrader.Upgrade(w, r, nil)
			if err != nil {
				return
			}
			send := make(chan []byte, 8)
			done := make(chan bool)
			go writePump(conn, send, done)
			go readPump(conn, done)
		})
		for range 60 {
			conn, _, err := websocket.DefaultDialer.Dial("ws"+at[4:], nil)
			must(err)
			go func() {
				for {
					if _, _, err := conn.ReadMessage(); err != nil {
						return
					}
				}
			}()
		}
	}
	healthy["reverse-proxy"] = func() {
		target, _ := url.Parse(serve(hello))
		at := serve(httputil.NewSingleHostReverseProxy(target).ServeHTTP)
		every(20*time.Millisecond, func() { get(http.DefaultClient, at) })
	}
	healthy["http2-tls"] = func() {
		server := httptest.NewUnstartedServer(http.HandlerFunc(hello))
		server.EnableHTTP2 = true
		server.StartTLS()
		client := server.Client()
		many(50, func(int) { get(client, server.URL) })
		every(50*time.Millisecond, func() { get(client, server.URL) })
	}
	healthy["http-timeouts"] = func() {
		handler := http.TimeoutHandler(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			select {
			case <-time.After(2 * time.Second):
			case <-r.Context().Done():
			}
		}), time.Second, "slow")
		at := serve(handler.ServeHTTP)
		every(50*time.Millisecond, func() { go get(http.DefaultClient, at) })
	}
	healthy["downloads"] = func() { // large bodies that come slowly
		at := serve(func(w http.ResponseWriter, r *http.Request) {
			for r.Context().Err() == nil {
				w.Write(make([]byte, 1<<12))
				w.(http.Flusher).Flush()
				time.Sleep(100 * time.Millisecond)
			}
		})
		for range 12 {
			go get(http.DefaultClient, at)
		}
	}
	healthy["tcp-echo"] = func() { // a goroutine for each connection, most of them idle
		listener := listen()
		go acceptAll(listener)
		for range 80 {
			conn, err := net.Dial("tcp", listener.Addr().String())
			must(err)
			fmt.Fprintln(conn, "hello")
		}
	}
	healthy["unix-rpc"] = func() {
		folder, _ := os.MkdirTemp("", "live")
		listener, err := net.Listen("unix", filepath.Join(folder, "s"))
		must(err)
		must(rpc.Register(new(Arithmetic)))
		go rpc.Accept(listener)
		for range 15 {
			client, err := rpc.Dial("unix", listener.Addr().String())
			must(err)
			every(time.Second, func() {
				var sum int
				client.Call("Arithmetic.Add", []int{1, 2}, &sum)
			})
		}
	}
	healthy["udp"] = func() {
		conn, err := net.ListenPacket("udp", "127.0.0.1:0")
		must(err)
		for range 12 { // as DNS servers do: several readers of one socket
			go func() {
				for buffer := make([]byte, 512); ; {
					n, from, err := conn.ReadFrom(buffer)
					if err != nil {
						return
					}
					conn.WriteTo(buffer[:n], from)
				}
			}()
		}
		client, err := net.Dial("udp", conn.LocalAddr().String())
		must(err)
		every(50*time.Millisecond, func() { client.Write([]byte("x")) })
	}
	leaky["idle-connections"] = func() { // a Transport for each call
		at := serve(hello)
		forget(func() {
			get(&http.Client{Transport: &http.Transport{}}, at)
		})
	}
	leaky["unclosed-body"] = func() {
		at := serve(func(w http.ResponseWriter, r *http.Request) { w.Write(make([]byte, 1<<20)) })
		forget(func() {
			response, err := http.Get(at)
			must(err)
			_ = response.StatusCode
		})
	}
	leaky["no-timeout"] = func() { // an upstream that never answers
		at := serve(func(w http.ResponseWriter, r *http.Request) { select {} })
		forget(func() {
			go http.Get(at)
		})
	}
	leaky["handler-ignores-client"] = func() {
		never := make(chan int)
		at := serve(func(w http.ResponseWriter, r *http.Request) { <-never })
		forget(func() {
			ctx, cancel := context.WithTimeout(context.Background(), 100*time.Millisecond)
			request, _ := http.NewRequestWithContext(ctx, "GET", at, nil)
			http.DefaultClient.Do(request)
			cancel()
		})
	}
	leaky["write-pump"] = func() { // the reader ends with its client, the writer is not told
		at := serve(func(w http.ResponseWriter, r *http.Request) {
			upgrader := websocket.Upgrader{}
			conn, err := upgrader.Upgrade(w, r, nil)
			if err != nil {
				return
			}
			go writePump(conn, make(chan []byte), make(chan bool))
			go readPump(conn, make(chan bool))
		})
		forget(func() {
			conn, _, err := websocket.DefaultDialer.Dial("ws"+at[4:], nil)
			must(err)
			conn.Close()
		})
	}
}

func writePump(conn *websocket.Conn, send chan []byte, done chan bool) {
	for {
		select {
		case text := <-send:
			if conn.WriteMessage(websocket.TextMessage, text) != nil {
				return
			}
		case <-done:
			return
		}
	}
}

func readPump(conn *websocket.Conn, done chan bool) {
	defer close(done)
	for {
		if _, _, err := conn.ReadMessage(); err != nil {
			return
		}
	}
}

func acceptAll(listener net.Listener) {
	for {
		conn, err := listener.Accept()
		if err != nil {
			return
		}
		go echo(conn)
	}
}

func echo(conn net.Conn) {
	defer conn.Close()
	for reader := bufio.NewReader(conn); ; {
		line, err := reader.ReadString('\n')
		if err != nil {
			return
		}
		io.WriteString(conn, line)
	}
}

// Arithmetic is served by net/rpc.
type Arithmetic struct{}

// Add adds.
func (*Arithmetic) Add(numbers []int, sum *int) error {
	for _, n := range numbers {
		*sum += n
	}
	return nil
}
