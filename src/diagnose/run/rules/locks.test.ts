import { causesAre } from "../../testing/diagnosed.js";

causesAre([
  {
    name: "mutex-never-unlocked: the holder is gone (row 24)",
    run: `1 starts 1.1 main.add at a.go:3
          1 starts 1.2 main.add at a.go:3
          1 starts 1.3 main.add at a.go:3
          1.2 lock m at a.go:9
          1.2 ends
          1.1 left lock m at a.go:9 : unreachable
          1.3 left lock m at a.go:9 : unreachable`,
    want: ["leaked mutex-never-unlocked x2"],
    evidence: ["goroutine 1.2 (main.add) took the lock at a.go:9 (step 1), never unlocked it, and ended at step 1"],
  },
  {
    name: "an unlock by another goroutine ends the hold: then nobody holds the lock, and nothing is claimed",
    run: `1.1 lock m at a.go:9
          1.2 unlock m at a.go:10
          1.3 left lock m at a.go:9 : unreachable`,
    want: ["leaked unknown x1"],
  },
  {
    name: "recursive-lock (row 34)",
    run: `1 starts 1.1 main.f at a.go:3
          1.1 lock m at a.go:9
          1.1 left lock m at a.go:12 in main.helper < main.f a.go:10 : unreachable`,
    want: ["leaked recursive-lock x1"],
    evidence: ["goroutine 1.1 (main.f) itself took this lock at a.go:9 (step 1) and has not released it; Go's locks are not re-entrant"],
  },
  {
    name: "recursive-lock through a writer: reader, writer, the same reader again (sync.RWMutex)",
    run: `1 starts 1.1 main.read at a.go:3
          1 starts 1.2 main.write at a.go:4
          1.1 rlock m at a.go:9
          1.2 wlock m at a.go:20
          1.1 left rlock m at a.go:10 : unreachable
          1.2 left wacquire m at a.go:20 : unreachable`,
    want: ["leaked recursive-lock x1 so x1"],
    evidence: [
      "goroutine 1.1 (main.read) waits for goroutine 1.2 (main.write), which waits to write-lock the same lock at a.go:20 (step 2)",
      "goroutine 1.2 (main.write) waits for goroutine 1.1 (main.read), which took a read lock on the same lock at a.go:9 (step 1)",
    ],
  },
  {
    name: "mutex-never-unlocked: a TryLock of a free mutex got it, and did not give it back; one that found it taken got nothing",
    run: `1 starts 1.1 main.try at a.go:3
          1 starts 1.2 main.try at a.go:4
          1 starts 1.3 main.f at a.go:5
          1.1 trylock m at a.go:9
          1.2 trylock m at a.go:9
          1.1 ends
          1.3 left lock m at a.go:12 : unreachable`,
    want: ["leaked mutex-never-unlocked x1"],
    evidence: ["goroutine 1.1 (main.try) took the lock at a.go:9 (step 1), never unlocked it, and ended at step 2"],
  },
  {
    name: "lock-order: two Onces, each entered inside of the other",
    run: `1 starts 1.1 main.ab at a.go:3
          1 starts 1.2 main.ba at a.go:4
          1.1 once a at a.go:9
          1.2 once b at a.go:20
          1.1 left once b at a.go:10 : unreachable
          1.2 left once a at a.go:21 : unreachable`,
    want: ["leaked lock-order x1 so x1"],
    evidence: [
      "goroutine 1.1 (main.ab) waits at a.go:10 for the Once that goroutine 1.2 (main.ba) entered at a.go:20 (step 2)",
      "goroutine 1.2 (main.ba) waits at a.go:21 for the Once that goroutine 1.1 (main.ab) entered at a.go:9 (step 1)",
    ],
  },
  {
    name: "lock-order: two locks, two orders",
    run: `1 starts 1.1 main.ab at a.go:3
          1 starts 1.2 main.ba at a.go:4
          1.1 lock a at a.go:9
          1.2 lock b at a.go:20
          1.1 left lock b at a.go:10 : unreachable
          1.2 left lock a at a.go:21 : unreachable`,
    want: ["leaked lock-order x1 so x1"],
    evidence: [
      "goroutine 1.1 (main.ab) waits at a.go:10 for a lock that goroutine 1.2 (main.ba) took at a.go:20 (step 2)",
      "goroutine 1.2 (main.ba) waits at a.go:21 for a lock that goroutine 1.1 (main.ab) took at a.go:9 (step 1)",
    ],
  },
]);
