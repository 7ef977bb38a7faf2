import { causesAre } from "../../testing/diagnosed.js";

causesAre([
  {
    name: "mutex-never-unlocked: a place of x/sync's semaphore that a goroutine took and left with",
    run: `1 starts 1.1 main.do at a.go:3
          1 starts 1.2 main.do at a.go:4
          1.1 lock m at /go/pkg/mod/golang.org/x/sync@v0.10.0/semaphore/semaphore.go:41 in golang.org/x/sync/semaphore.(*Weighted).Acquire < main.do a.go:14
          1.1 unlock m at /go/pkg/mod/golang.org/x/sync@v0.10.0/semaphore/semaphore.go:48 in golang.org/x/sync/semaphore.(*Weighted).Acquire < main.do a.go:14
          1.1 ends
          1.2 lock m at /go/pkg/mod/golang.org/x/sync@v0.10.0/semaphore/semaphore.go:41 in golang.org/x/sync/semaphore.(*Weighted).Acquire < main.do a.go:14
          1.2 unlock m at /go/pkg/mod/golang.org/x/sync@v0.10.0/semaphore/semaphore.go:72 in golang.org/x/sync/semaphore.(*Weighted).Acquire < main.do a.go:14
          1.2 left select recv:r at /go/pkg/mod/golang.org/x/sync@v0.10.0/semaphore/semaphore.go:74 in golang.org/x/sync/semaphore.(*Weighted).Acquire < main.do a.go:14 : unreachable`,
    want: ["leaked mutex-never-unlocked x1"],
    evidence: ["goroutine 1.1 (main.do) acquired the semaphore at a.go:14 (step 1), has not released it, and ended at step 2"],
  },
  {
    name: "select-without-ready-case: it was released, and then taken by one whose child has to release it",
    run: `1 starts 1.1 main.do at a.go:3
          1 lock m at /go/pkg/mod/golang.org/x/sync@v0.10.0/semaphore/semaphore.go:41 in golang.org/x/sync/semaphore.(*Weighted).Acquire < main.do a.go:14
          1 starts 1.2 main.work at a.go:5
          1.1 lock m at /go/pkg/mod/golang.org/x/sync@v0.10.0/semaphore/semaphore.go:41 in golang.org/x/sync/semaphore.(*Weighted).Acquire < main.do a.go:14
          1 ends
          1.2 left recv never at a.go:30 : unreachable
          1.1 left select recv:r at /go/pkg/mod/golang.org/x/sync@v0.10.0/semaphore/semaphore.go:74 in golang.org/x/sync/semaphore.(*Weighted).Acquire < main.do a.go:14 : unreachable`,
    want: ["leaked receive-without-sender x1", "leaked select-without-ready-case x1"],
  },
  {
    name: "select-without-ready-case: an Acquire beside it gave up and locked twice, so nothing is certain",
    run: `1 starts 1.1 main.do at a.go:3
          1 starts 1.2 main.do at a.go:4
          1.1 lock m at /go/pkg/mod/golang.org/x/sync@v0.10.0/semaphore/semaphore.go:41 in golang.org/x/sync/semaphore.(*Weighted).Acquire < main.do a.go:14
          1.1 lock m at /go/pkg/mod/golang.org/x/sync@v0.10.0/semaphore/semaphore.go:76 in golang.org/x/sync/semaphore.(*Weighted).Acquire < main.do a.go:14
          1.1 ends
          1.2 lock m at /go/pkg/mod/golang.org/x/sync@v0.10.0/semaphore/semaphore.go:41 in golang.org/x/sync/semaphore.(*Weighted).Acquire < main.do a.go:14
          1.2 left select recv:r at /go/pkg/mod/golang.org/x/sync@v0.10.0/semaphore/semaphore.go:74 in golang.org/x/sync/semaphore.(*Weighted).Acquire < main.do a.go:14 : unreachable`,
    want: ["leaked select-without-ready-case x1"],
  },
  {
    name: "mutex-never-unlocked: what was released is not held; the one behind it is",
    run: `1 starts 1.1 main.do at a.go:3
          1 starts 1.2 main.do at a.go:4
          1.1 lock m at /go/pkg/mod/golang.org/x/sync@v0.10.0/semaphore/semaphore.go:41 in golang.org/x/sync/semaphore.(*Weighted).Acquire < main.do a.go:14
          1.1 lock m at /go/pkg/mod/golang.org/x/sync@v0.10.0/semaphore/semaphore.go:123 in golang.org/x/sync/semaphore.(*Weighted).Release < main.do a.go:20
          1.1 lock m at /go/pkg/mod/golang.org/x/sync@v0.10.0/semaphore/semaphore.go:41 in golang.org/x/sync/semaphore.(*Weighted).Acquire < main.do a.go:14
          1.1 ends
          1.2 lock m at /go/pkg/mod/golang.org/x/sync@v0.10.0/semaphore/semaphore.go:41 in golang.org/x/sync/semaphore.(*Weighted).Acquire < main.do a.go:14
          1.2 left select recv:r at /go/pkg/mod/golang.org/x/sync@v0.10.0/semaphore/semaphore.go:74 in golang.org/x/sync/semaphore.(*Weighted).Acquire < main.do a.go:14 : unreachable`,
    want: ["leaked mutex-never-unlocked x1"],
    evidence: ["goroutine 1.1 (main.do) acquired the semaphore at a.go:14 (step 3), has not released it, and ended at step 3"],
  },
]);
