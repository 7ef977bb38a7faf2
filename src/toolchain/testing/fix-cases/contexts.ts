import { way, type FixCase } from "./fix-case.js";

export const CONTEXT_CASES: readonly FixCase[] = [
  way("cancel", "a cancel function in a field: by who made the object", `
type rows struct{ cancel context.CancelFunc }

func f() {
	r := &rows{}
	r.start(context.Background())
}

func (r *rows) start(ctx context.Context) {
	ctx, r.cancel = context.WithCancel(ctx)
	go func() { <-ctx.Done() }() // here
}
`, [["+defer r.cancel()"]], `"context"`),
  way("cancel", "an object that is handed on", `
type rows struct{ cancel context.CancelFunc }

func f() *rows {
	r := &rows{}
	var ctx context.Context
	ctx, r.cancel = context.WithCancel(context.Background())
	go func() { <-ctx.Done() }() // here
	return r
}
`, /no context is made here whose cancel function is not deferred/, `"context"`),
  way("cancel", "a context that nobody cancels", `
func f() {
	ctx, cancel := context.WithCancel(context.Background())
	go func() {
		<-ctx.Done() // here
	}()
	if ctx.Err() != nil {
		cancel()
	}
}
`, [["+defer cancel()"]], `"context"`),
  way("cancel", "without a name", `
func f() {
	ctx, _ := context.WithCancel(context.Background())
	<-ctx.Done() // here
}
`, [["-ctx, _ := context.WithCancel(context.Background())", "+ctx, cancel := context.WithCancel(context.Background())", "+defer cancel()"]], `"context"`),
  way("cancel", "deferred already", `
func f() {
	ctx, cancel := context.WithCancel(context.Background())
	defer func() { cancel() }()
	<-ctx.Done() // here
}
`, /no context is made here whose cancel function is not deferred/, `"context"`),
  way("select-done", "a send beside a context; its comment stays", `
func f(ctx context.Context, ch chan<- int) error {
	ch <- 1 // here: the answer
	return nil
}
`, [["-ch <- 1 // here: the answer", "+select {", "+case ch <- 1: // here: the answer", "+case <-ctx.Done():", "+return ctx.Err()", "+}"]], `"context"`),
  way("select-done", "a receive that declares, beside a channel of the receiver's", `
type server struct {
	in   chan string
	quit chan struct{}
}

func (s *server) stop() { close(s.quit) }

func (s *server) next() (string, bool) {
	text := <-s.in // here
	return text, true
}
`, [["-text := <-s.in // here", "+var text string", "+select {", "+case text = <-s.in: // here", "+case <-s.quit:", '+return "", false', "+}"]]),
  way("select-done", "a return", `
func f(in <-chan int, done chan struct{}) int {
	defer close(done)
	return <-in // here
}
`, [["-return <-in // here", "+select {", "+case value := <-in:", "+return value", "+case <-done:", "+return 0", "+} // here"]]),
  way("select-done", "a context that has no name yet", `
func f(_ context.Context, in <-chan int) {
	<-in // here
}
`, [["-func f(_ context.Context, in <-chan int) {", "-<-in // here", "+func f(ctx context.Context, in <-chan int) {", "+select {", "+case <-in: // here", "+case <-ctx.Done():", "+return", "+}"]], `"context"`),
  way("select-done", "nothing that ends is in scope", `
func f(in <-chan int, other chan int) {
	<-in // here
	<-other
}
`, /no context and no channel that somebody closes is in scope/),
  way("select-done", "in a larger expression", `
func f(ctx context.Context, in <-chan int) int {
	return 1 + <-in // here
}
`, /is part of a larger expression/, `"context"`),
  way("select-done", "by what a select around it ends by", `
type stopper struct{ over chan struct{} }

func (s *stopper) stop() <-chan struct{} { return s.over }

func f(s *stopper, events chan int) {
	for {
		select {
		case <-s.stop():
			return
		default:
			events <- 1 // here
		}
	}
}
`, [["-events <- 1 // here", "+select {", "+case events <- 1: // here", "+case <-s.stop():", "+return", "+}"]]),
  way("timeout", "a client without one, or the request's own context", `
var client = &http.Client{}

func get(url string) error {
	response, err := client.Get(url) // here
	if err != nil {
		return err
	}
	return response.Body.Close()
}
`, [
  ['-import "net/http"', "+import (", '+"net/http"', '+"time"', "+)", "-var client = &http.Client{}", "+var client = &http.Client{Timeout: 30 * time.Second}"],
  ['-import "net/http"', "+import (", '+"context"', '+"net/http"', '+"time"', "+)", "-response, err := client.Get(url) // here", "+ctx, cancel := context.WithTimeout(context.Background(), 30*time.Second)", "+defer cancel()", "+request, err := http.NewRequestWithContext(ctx, http.MethodGet, url, nil)", "+if err != nil {", "+return err", "+}", "+response, err := client.Do(request) // here"],
], `"net/http"`),
  way("timeout", "a request with a context of its own", `
func do(client *http.Client, r *http.Request) (int, error) {
	response, err := client.Do(r) // here
	if err != nil {
		return 0, err
	}
	defer response.Body.Close()
	return response.StatusCode, nil
}
`, [["+\"context\"", "+\"time\"", "-response, err := client.Do(r) // here", "+ctx, cancel := context.WithTimeout(r.Context(), 30*time.Second)", "+defer cancel()", "+response, err := client.Do(r.WithContext(ctx)) // here"]], `(
	"net/http"
)`),
  way("timeout", "the answer leaves the function", `
func get(url string) (*http.Response, error) {
	response, err := http.Get(url) // here
	return response, err
}
`, /the answer is used when the function has returned/, `"net/http"`),
];
