// oracle reads a dump with panicparse: as JSON for the comparison in test/oracle, or, with -time, in milliseconds for
// reading it and sorting it into buckets.
package main

import (
	"encoding/json"
	"flag"
	"fmt"
	"io"
	"log"
	"os"
	"time"

	"github.com/maruel/panicparse/v2/stack"
)

type frame struct {
	Function string `json:"function"`
	File     string `json:"file"`
	Line     int    `json:"line"`
}

type goroutine struct {
	ID      int     `json:"id"`
	State   string  `json:"state"`
	Minutes int     `json:"minutes"`
	Locked  bool    `json:"locked"`
	Stack   []frame `json:"stack"`
	Creator []frame `json:"creator"`
}

func frames(calls []stack.Call) []frame {
	list := []frame{}
	for _, call := range calls {
		list = append(list, frame{call.Func.Complete, call.RemoteSrcPath, call.Line})
	}
	return list
}

func main() {
	timed := flag.Bool("time", false, "print milliseconds and the number of goroutines and buckets")
	flag.Parse()
	file, err := os.Open(flag.Arg(0))
	if err != nil {
		log.Fatal(err)
	}
	start := time.Now()
	snapshot, _, err := stack.ScanSnapshot(file, io.Discard, &stack.Opts{})
	if snapshot == nil {
		log.Fatal(err)
	}
	if *timed {
		buckets := snapshot.Aggregate(stack.AnyValue)
		fmt.Println(time.Since(start).Milliseconds(), len(snapshot.Goroutines), len(buckets.Buckets))
		return
	}
	list := []goroutine{}
	for _, g := range snapshot.Goroutines {
		list = append(list, goroutine{g.ID, g.State, g.SleepMin, g.Locked, frames(g.Stack.Calls), frames(g.CreatedBy.Calls)})
	}
	json.NewEncoder(os.Stdout).Encode(list)
}
