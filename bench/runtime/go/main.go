// The programs of bench/runtime/channels.ts in Go: one line of JSON, name -> operations per second (parked: bytes each).
package main

import (
	"encoding/json"
	"fmt"
	"runtime"
	"sync"
	"time"
)

func rate(n int, body func()) float64 {
	body()
	start := time.Now()
	body()
	return float64(n) / time.Since(start).Seconds()
}

func pingPong(n int) func() {
	return func() {
		a, b := make(chan int), make(chan int)
		go func() {
			for range n {
				<-a
				b <- 1
			}
		}()
		for range n {
			a <- 1
			<-b
		}
	}
}

func pipeline(n int) func() {
	return func() {
		stages := [4]chan int{}
		for i := range stages {
			stages[i] = make(chan int, 64)
		}
		for i := range 3 {
			go func() {
				for v := range stages[i] {
					stages[i+1] <- v + 1
				}
				close(stages[i+1])
			}()
		}
		go func() {
			for i := range n {
				stages[0] <- i
			}
			close(stages[0])
		}()
		for range stages[3] {
		}
	}
}

func fanIn(n int) func() {
	return func() {
		c := make(chan int)
		for range 1000 {
			go func() {
				for i := range n / 1000 {
					c <- i
				}
			}()
		}
		for range n / 1000 * 1000 {
			<-c
		}
	}
}

func selectTen(n int) func() {
	return func() {
		var c [10]chan int
		for i := range c {
			c[i] = make(chan int)
			go func() {
				for j := range n / 10 {
					c[i] <- j
				}
			}()
		}
		for range n / 10 * 10 {
			select {
			case <-c[0]:
			case <-c[1]:
			case <-c[2]:
			case <-c[3]:
			case <-c[4]:
			case <-c[5]:
			case <-c[6]:
			case <-c[7]:
			case <-c[8]:
			case <-c[9]:
			}
		}
	}
}

func mutex(n int) func() {
	return func() {
		var mu sync.Mutex
		var wg sync.WaitGroup
		for range 10 {
			wg.Add(1)
			go func() {
				defer wg.Done()
				for range n / 10 {
					mu.Lock()
					runtime.Gosched()
					mu.Unlock()
				}
			}()
		}
		wg.Wait()
	}
}

func parked(n int) float64 {
	var before, after runtime.MemStats
	runtime.GC()
	runtime.ReadMemStats(&before)
	c := make(chan int)
	for range n {
		go func() { <-c }()
	}
	time.Sleep(500 * time.Millisecond)
	runtime.GC()
	runtime.ReadMemStats(&after)
	defer close(c)
	return float64(after.HeapInuse+after.StackInuse-before.HeapInuse-before.StackInuse) / float64(n)
}

func main() {
	const n = 300_000
	result := map[string]float64{
		"ping-pong": rate(n, pingPong(n)), "pipeline": rate(n, pipeline(n)), "fan-in": rate(n, fanIn(n)),
		"select of 10": rate(n, selectTen(n)), "mutex": rate(n, mutex(n)), "parked bytes": parked(100_000),
	}
	text, _ := json.Marshal(result)
	fmt.Println(string(text))
}
