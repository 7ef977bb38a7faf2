// Row 17. A service that streams the log of a container. Its handler follows a source that may not write anything for
// a long time, or ever; when the client goes away meanwhile, the handler stays, once for each client. With -fixed the
// end of the request ends the wait. `unpark verify URL --absent '(*Server).logsContainer'` tells the two apart.
//
// unpark: live
package main

import (
	"context"
	"flag"
	"fmt"
	"log"
	"net/http"
	_ "net/http/pprof"
)

func main() {
	address := flag.String("listen", "127.0.0.1:8017", "address of the service")
	fixed := flag.Bool("fixed", false, "stop following when the client is gone")
	flag.Parse()
	server := &Server{follow: follow}
	if *fixed {
		server.follow = followUntil
	}
	http.HandleFunc("/logs", server.logsContainer)
	log.Fatal(http.ListenAndServe(*address, nil))
}

// Server shows the logs of containers. follow hands each line of a container's log to print until the log ends.
type Server struct {
	follow func(ctx context.Context, lines <-chan string, print func(string))
}

func (s *Server) logsContainer(w http.ResponseWriter, r *http.Request) {
	w.WriteHeader(http.StatusOK)
	flush := http.NewResponseController(w).Flush
	flush()
	s.follow(r.Context(), openLog(), func(line string) {
		fmt.Fprintln(w, line)
		flush()
	})
}

// openLog gives the log of a container that is silent.
func openLog() <-chan string {
	return make(chan string)
}

func follow(_ context.Context, lines <-chan string, print func(string)) {
	for {
		line, more := <-lines // want(TestClientLeaves): leaked receive-without-sender x1
		if !more {
			return
		}
		print(line)
	}
}

func followUntil(ctx context.Context, lines <-chan string, print func(string)) {
	for {
		select {
		case line, more := <-lines:
			if !more {
				return
			}
			print(line)
		case <-ctx.Done():
			return
		}
	}
}
