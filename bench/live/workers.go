package main

import (
	"context"
	"net/http"
	"os"
	"os/exec"
	"os/signal"
	"path/filepath"
	"sync"
	"sync/atomic"
	"syscall"
	"time"

	"github.com/fsnotify/fsnotify"
	"github.com/panjf2000/ants/v2"
	"github.com/patrickmn/go-cache"
	"github.com/robfig/cron/v3"
	"golang.org/x/sync/errgroup"
	"golang.org/x/sync/semaphore"
	"golang.org/x/sync/singleflight"
)

func init() {
	healthy["worker-pool"] = func() { // 100 workers, most of them idle
		jobs := make(chan int)
		for range 100 {
			go worker(jobs)
		}
		every(100*time.Millisecond, func() { jobs <- 1 })
	}
	healthy["worker-pool-select"] = func() {
		ctx, jobs := context.Background(), make(chan int)
		for range 64 {
			go func() {
				for {
					select {
					case <-jobs:
					case <-ctx.Done():
						return
					}
				}
			}()
		}
	}
	healthy["cond-pool"] = func() {
		var mu sync.Mutex
		wake, waiting := sync.NewCond(&mu), 0
		for range 64 {
			go func() {
				mu.Lock()
				defer mu.Unlock()
				for {
					waiting++
					wake.Wait()
					waiting--
				}
			}()
		}
		every(100*time.Millisecond, wake.Signal)
	}
	healthy["back-pressure"] = func() { // producers that wait for a slow consumer, for moments
		jobs := make(chan int)
		for range 30 {
			go func() {
				for {
					jobs <- 1
				}
			}()
		}
		go func() {
			for range jobs {
				time.Sleep(2 * time.Millisecond)
			}
		}()
	}
	healthy["hot-lock"] = func() {
		var mu sync.Mutex
		var sum atomic.Int64
		for range 40 {
			go func() {
				for {
					mu.Lock()
					time.Sleep(time.Millisecond)
					sum.Add(1)
					mu.Unlock()
				}
			}()
		}
	}
	healthy["semaphore"] = func() {
		limit := semaphore.NewWeighted(4)
		for range 24 {
			go func() {
				for {
					limit.Acquire(context.Background(), 1)
					time.Sleep(5 * time.Millisecond)
					limit.Release(1)
				}
			}()
		}
	}
	healthy["errgroup"] = func() { // fan-out for each request
		every(200*time.Millisecond, func() {
			group, ctx := errgroup.WithContext(context.Background())
			group.SetLimit(4)
			for range 12 {
				group.Go(func() error {
					select {
					case <-time.After(300 * time.Millisecond):
					case <-ctx.Done():
					}
					return nil
				})
			}
			go group.Wait()
		})
	}
	healthy["singleflight"] = func() {
		var flights singleflight.Group
		at := serve(func(w http.ResponseWriter, r *http.Request) {
			flights.Do("key", func() (any, error) {
				time.Sleep(500 * time.Millisecond)
				return 1, nil
			})
			hello(w, r)
		})
		client := &http.Client{Transport: &http.Transport{MaxIdleConnsPerHost: 50}}
		every(20*time.Millisecond, func() { go get(client, at) })
	}
	healthy["background-loops"] = func() { // what a service has around its work
		scheduler := cron.New()
		scheduler.AddFunc("@every 1s", func() {})
		scheduler.Start()
		folder, _ := os.MkdirTemp("", "live")
		watcher, err := fsnotify.NewWatcher()
		must(err)
		must(watcher.Add(folder))
		go func() {
			for range watcher.Events {
			}
		}()
		every(time.Second, func() { os.WriteFile(filepath.Join(folder, "f"), nil, 0o600) })
		signals := make(chan os.Signal, 1)
		signal.Notify(signals, syscall.SIGHUP)
		go func() {
			for range signals {
			}
		}()
		cache.New(time.Minute, time.Second)
		for i := range 20 {
			every(time.Duration(i+1)*100*time.Millisecond, func() {})
		}
	}
	healthy["ants-pool"] = func() {
		pool, err := ants.NewPool(100, ants.WithExpiryDuration(time.Hour))
		must(err)
		many(100, func(int) { pool.Submit(func() { time.Sleep(100 * time.Millisecond) }) })
	}
	healthy["children"] = func() { // processes whose output is read
		for range 12 {
			child := exec.Command("sleep", "100000")
			child.SysProcAttr = &syscall.SysProcAttr{Pdeathsig: syscall.SIGKILL}
			child.Stdout = new(discard)
			must(child.Start())
			go child.Wait()
		}
	}
	leaky["tick"] = func() { // a loop for each request, with a ticker that nobody stops
		forget(func() {
			go pollState()
		})
	}
	leaky["singleflight-hangs"] = func() { // one call hangs, all others wait for it
		var flights singleflight.Group
		forget(func() {
			go lookUp(&flights)
		})
	}
	leaky["errgroup-hangs"] = func() {
		forget(func() {
			go fanOut()
		})
	}
	leaky["signal-handlers"] = func() { // one for each request
		forget(func() {
			go waitForSignal()
		})
	}
	leaky["caches"] = func() {
		forget(func() {
			keep(cache.New(time.Minute, time.Minute))
		})
	}
	leaky["file-watchers"] = func() {
		forget(func() {
			watcher, err := fsnotify.NewWatcher()
			must(err)
			keep(watcher)
		})
	}
	leaky["cron"] = func() {
		forget(func() {
			cron.New().Start()
		})
	}
	leaky["blocked-syscall"] = func() { // reads of a FIFO that nobody opens for writing
		folder, _ := os.MkdirTemp("", "live")
		for i := range LEAKS {
			name := filepath.Join(folder, string(rune('A'+i)))
			must(syscall.Mkfifo(name, 0o600))
			go openPipe(name)
		}
	}
}

var kept sync.Map

func keep(thing any) { kept.Store(new(int), thing) }

type discard struct{}

func (*discard) Write(bytes []byte) (int, error) { return len(bytes), nil }

func worker(jobs chan int) {
	for range jobs {
		time.Sleep(time.Millisecond)
	}
}

func pollState() {
	for range time.Tick(time.Second) {
		sink.Add(1)
	}
}

var sink atomic.Int64

func lookUp(flights *singleflight.Group) {
	flights.Do("key", func() (any, error) {
		<-make(chan int)
		return nil, nil
	})
}

func fanOut() {
	var group errgroup.Group
	answer := make(chan int)
	group.Go(func() error {
		answer <- 1
		return nil
	})
	group.Wait()
}

func waitForSignal() {
	signals := make(chan os.Signal, 1)
	signal.Notify(signals, syscall.SIGUSR2)
	<-signals
}

func openPipe(name string) {
	file, err := syscall.Open(name, syscall.O_RDONLY, 0) // not os.Open: that would take it from its thread
	if err == nil {
		syscall.Close(file)
	}
}
