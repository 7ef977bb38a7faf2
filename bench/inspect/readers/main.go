// readers TOOL FILE says how many goroutines another tool reads in a text, how many of them have a stack, and which it
// shows first: `count stacks outermost function [state]`, one goroutine's words as Go's own tests write them.
package main

import (
	"fmt"
	"io"
	"os"
	"sort"

	"github.com/DataDog/gostackparse"
	"github.com/maruel/panicparse/v2/stack"
)

func main() {
	file, err := os.Open(os.Args[2])
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(2)
	}
	switch os.Args[1] {
	case "panicparse":
		withPanicparse(file)
	case "gostackparse":
		withGostackparse(file)
	}
}

func withPanicparse(file io.Reader) {
	snapshot, _, _ := stack.ScanSnapshot(file, io.Discard, &stack.Opts{})
	if snapshot == nil {
		fmt.Println(0, 0)
		return
	}
	stacks := 0
	for _, g := range snapshot.Goroutines {
		if len(g.Stack.Calls) > 0 {
			stacks++
		}
	}
	first := snapshot.Aggregate(stack.AnyValue).Buckets[0]
	outermost := ""
	for _, call := range first.Stack.Calls {
		if call.Func.Complete != "runtime.goexit" {
			outermost = call.Func.Complete
		}
	}
	fmt.Printf("%d %d %s(...) [%s]\n", len(snapshot.Goroutines), stacks, outermost, first.State)
}

// gostackparse only reads: the largest group of one stack is what somebody would look at first.
func withGostackparse(file io.Reader) {
	all, _ := gostackparse.Parse(file)
	stacks, counts := 0, map[string]int{}
	for _, g := range all {
		if len(g.Stack) == 0 {
			continue
		}
		stacks++
		outermost := ""
		for _, frame := range g.Stack {
			if frame.Func != "runtime.goexit" {
				outermost = frame.Func
			}
		}
		counts[fmt.Sprintf("%s(...) [%s]", outermost, g.State)]++
	}
	words := []string{}
	for text := range counts {
		words = append(words, text)
	}
	sort.Slice(words, func(i, j int) bool {
		return counts[words[i]] > counts[words[j]] || counts[words[i]] == counts[words[j]] && words[i] < words[j]
	})
	if len(words) == 0 {
		words = []string{""}
	}
	fmt.Println(len(all), stacks, words[0])
}
