// Row 03. A goroutine panics because a file is missing; its deferred recover prints the reason, and it ends.
// (Linux and wasip1 spell the system's error with a small and a capital letter.)
//
// matches: goroutine exit by panic: open /no/such/file\.txt: [Nn]o such file or directory
// prints: main exit
// verdict: clean
package main

import (
	"fmt"
	"os"
	"sync"
)

func main() {
	var wg sync.WaitGroup
	wg.Add(1)
	go func() {
		defer wg.Done()
		defer func() {
			if reason := recover(); reason != nil {
				fmt.Println("goroutine exit by panic:", reason)
			}
		}()
		file, err := os.Open("/no/such/file.txt")
		if err != nil {
			panic(err)
		}
		file.Close()
	}()
	wg.Wait()
	fmt.Println("main exit")
}
