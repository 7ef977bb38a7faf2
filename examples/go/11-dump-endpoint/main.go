// Row 11. An HTTP service that shows its own goroutines: /stack writes the handler's own stack, /goroutines every
// goroutine's in the text form of pprof's debug=2. `unpark inspect http://127.0.0.1:8011/goroutines` reads it.
//
// unpark: live
package main

import (
	"flag"
	"log"
	"net/http"
	"runtime/debug"
	"runtime/pprof"
)

func main() {
	address := flag.String("listen", "127.0.0.1:8011", "address of the service")
	flag.Parse()
	log.Fatal(http.ListenAndServe(*address, newHandler()))
}

func newHandler() http.Handler {
	mux := http.NewServeMux()
	mux.HandleFunc("/stack", func(w http.ResponseWriter, _ *http.Request) {
		w.Write(debug.Stack())
	})
	mux.HandleFunc("/goroutines", func(w http.ResponseWriter, _ *http.Request) {
		pprof.Lookup("goroutine").WriteTo(w, 2)
	})
	return mux
}
