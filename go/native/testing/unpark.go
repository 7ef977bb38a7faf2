package testing

import (
	"internal/runtime/exithook"
	"os"
	"runtime"
	"runtime/pprof"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"syscall"
	"time"
)

// Unpark's native mode (src/toolchain/patches/native-patches.ts): every test, benchmark, example and fuzz target is the owner of
// the goroutines that it and they start, by a profile label, which the runtime hands on to each new goroutine. When
// the process exits, after TestMain's own teardown, the owners and all stacks are written to a file; what it means is
// decided by the reader (src/parse/native.ts, src/diagnose/native/native-findings.ts).
//
// N1. Without UNPARK_NATIVE, and without a reader (N6), nothing of this happens: no label, no file.
// N2. The leak collection runs once, as the last thing of the process: a goroutine that it marked must not be woken
//     afterwards ("bad g->status in ready").
// N4. A fuzz worker runs inputs by the million: what they leave belongs to the fuzz target as a whole.
// N5. It has two seconds to end before its coordinator kills it (internal/fuzz/worker.go, stop): with many goroutines left
//     nobody waits for some to end. It leaves a file with the package's name first, so that a report that never came is known.
// N7. With UNPARK_KEPT the folder lasts, and go may repeat this run from its cache: the package's token, which is asked for
//     here and so is part of the key, and a file that says that a run began, tell which report belongs to what is repeated
//     (src/pipeline/native/kept-runs.ts). Both names begin with the FNV-1a hash of the package's path.
// N8. A file says that the process began: one that died without a report is known by its number, before go test says so
//     (it prints the packages in their order: behind one that hangs, nothing).
// N3. The file ends with the line "end"; without it the process died while writing.
// N6. `unpark env` puts a file beside this one that names a reader: a command that is started when something is left, prints
//     the findings, and gives the process its exit code. A fuzz worker has none: its coordinator looks at its exit code.

// unparkOwner is the number of a test in unparkOwners, from 1; 0 for none.
type unparkOwner int32

type unparkTest struct {
	name string
	over bool
	live *uint32 // deep: how many goroutines it owns
}

var (
	unparkOn     atomic.Bool
	unparkDir    string
	unparkName   string   // N7: what the names of its files begin with
	unparkReader []string // N6: the command and its first arguments
	unparkPath   string   // import path of the package under test
	unparkMu     sync.Mutex
	unparkOwners []unparkTest
)

// unparkStart is called by M.Run, after m.before: from there on os.Getenv is part of the key of go's test cache, so a
// run for another folder is never taken from the cache.
func unparkStart(m *M) {
	dir := os.Getenv("UNPARK_NATIVE")
	reads := dir == "" && len(unparkReader) > 0 && !*isFuzzWorker // N6
	if dir == "" && !reads || unparkOn.Load() {
		return
	}
	unparkDir = dir
	unparkPath = m.deps.ImportPath()
	hash := unparkHash(unparkPath)
	kept, token := os.Getenv("UNPARK_KEPT"), os.Getenv("UNPARK_TOKEN_"+hash) // asked in every run: go looks up by what the last one asked for
	if kept != "" && !*isFuzzWorker {                                        // N7
		unparkName = hash + "." + token + "."
	}
	if dir != "" && !*isFuzzWorker { // N8
		os.WriteFile(unparkFile(".begun"), []byte(unparkPath), 0o666)
	}
	if unparkEach = os.Getenv("UNPARK_EACH") != "" && pprof.UnparkDeep; unparkEach {
		pprof.UnparkShowLabels()
	}
	if os.Getenv("UNPARK_STRESS") != "" {
		pprof.UnparkShake(true)
	}
	if *isFuzzWorker {
		os.WriteFile(dir+string(os.PathSeparator)+strconv.Itoa(os.Getpid())+".worker", []byte(unparkPath), 0o666)
	}
	unparkOn.Store(true)
	exithook.Add(exithook.Hook{F: unparkReport, RunOnFailure: true})
}

func unparkFile(kind string) string {
	return unparkDir + string(os.PathSeparator) + unparkName + strconv.Itoa(os.Getpid()) + "-" + strconv.FormatInt(time.Now().UnixNano(), 36) + kind
}

// unparkHash is FNV-1a (hash/fnv, which package testing must not import), in hexadecimal.
func unparkHash(text string) string {
	hash := uint64(0xcbf29ce484222325)
	for i := 0; i < len(text); i++ {
		hash = (hash ^ uint64(text[i])) * 0x100000001b3
	}
	digits := strconv.FormatUint(hash, 16)
	return "0000000000000000"[len(digits):] + digits
}

// unparkRead has the reader print what a report holds. It ends the process where there are findings: an exit hook has no
// other way to change the exit code, and must not call os.Exit (internal/runtime/exithook). Nothing is printed before
// the reader has ended, and no goroutine is woken by waiting for it (N2).
func unparkRead(report string) {
	words := append(unparkReader[:len(unparkReader):len(unparkReader)], "--read="+report)
	if chatty.on {
		words = append(words, "--all")
	}
	if chatty.json {
		words = append(words, "--marks")
	}
	child, err := os.StartProcess(words[0], words, &os.ProcAttr{Files: []*os.File{nil, os.Stdout, os.Stderr}})
	if err != nil {
		os.Stderr.WriteString("unpark: cannot start the reader that `unpark env` named: " + err.Error() + "; run `unpark env` again\n")
		syscall.Exit(2)
	}
	state, err := child.Wait()
	os.RemoveAll(unparkDir)
	if err != nil || !state.Success() {
		code := 2
		if err == nil && state.Exited() {
			code = state.ExitCode()
		}
		syscall.Exit(code)
	}
}

// unparkBegin makes the test the owner of what this goroutine starts from now on. The roots of all tests, of all
// benchmarks and of all fuzz targets are no tests, and run on the main goroutine, which goes on after them.
func unparkBegin(c *common) unparkOwner {
	if c.parent == nil || *isFuzzWorker && c.parent.parent != nil {
		return 0 // N4
	}
	if c.name == c.parent.name {
		return 0 // synctest.Test's own T is the same test
	}
	return unparkNamed(c.name)
}

func unparkNamed(name string) unparkOwner {
	if !unparkOn.Load() {
		return 0
	}
	unparkMu.Lock()
	unparkOwners = append(unparkOwners, unparkTest{name: name})
	id := unparkOwner(len(unparkOwners))
	unparkMu.Unlock()
	live := pprof.UnparkSetOwner(strconv.Itoa(int(id)) + " " + name)
	if live != nil {
		unparkMu.Lock()
		unparkOwners[id-1].live = live
		unparkMu.Unlock()
	}
	return id
}

// unparkOver: the test is over, with its subtests and cleanups. What it owns and still lives has outlived it.
func unparkOver(id unparkOwner) {
	if id == 0 {
		return
	}
	unparkMu.Lock()
	unparkOwners[id-1].over = true
	live := unparkOwners[id-1].live
	unparkMu.Unlock()
	if unparkEach && live != nil && atomic.LoadUint32(live) > 1 { // one is the goroutine that says so
		unparkCheck(id, live)
	}
}

// unparkExample is for examples, which run on the main goroutine: the owner ends with them.
func unparkExample(name string) func() {
	id := unparkNamed(name)
	return func() {
		unparkOver(id)
		if id != 0 {
			pprof.UnparkSetOwner("")
		}
	}
}

const unparkMostChecks = 200 // each stops the world for all stacks

var (
	unparkEach   bool // UNPARK_EACH: look at each test's end
	unparkChecks int
	unparkSeen   strings.Builder // the stacks of what outlived its test
	unparkMissed int
)

// unparkCheck is for a test that is over while goroutines of it live: those that do not end within the grace are noted
// with their stacks, whether or not they are still there when the process exits.
func unparkCheck(id unparkOwner, live *uint32) {
	for pause, waited := time.Duration(0), time.Duration(0); waited < unparkGrace; pause = 2*pause + time.Millisecond/8 {
		if atomic.LoadUint32(live) <= 1 {
			return
		}
		time.Sleep(pause)
		waited += pause
	}
	unparkMu.Lock()
	defer unparkMu.Unlock()
	if unparkChecks++; unparkChecks > unparkMostChecks {
		unparkMissed++
		return
	}
	label := `"` + strconv.Itoa(int(id)) + " "
	for _, block := range strings.Split(unparkStacks(), "\n\n")[1:] {
		if header, _, _ := strings.Cut(block, "\n"); strings.Contains(header, label) {
			unparkSeen.WriteString(block)
			unparkSeen.WriteString("\n\n")
		}
	}
}

const unparkMany = 2_000

const unparkGrace = 300 * time.Millisecond

func unparkReport() {
	pprof.UnparkShake(false)
	unparkMu.Lock()
	owners := unparkOwners[:len(unparkOwners):len(unparkOwners)]
	unparkMu.Unlock()
	pprof.UnparkShowLabels()
	many := *isFuzzWorker && runtime.NumGoroutine() > unparkMany // N5
	dump := ""
	if !many {
		dump = unparkSettle()
	}
	proved := false
	var leaked, abandoned []uint64
	if many || unparkHasLeft(dump) {
		if pprof.UnparkDeep {
			proved = true
			leaked = pprof.UnparkCollect(false, nil)
			abandoned = pprof.UnparkCollect(true, unparkLeft(dump, owners))
			dump = unparkStacks()
		} else if proved = pprof.UnparkLeakGC(); proved || many { // N2
			dump = unparkStacks()
		}
	}
	read := unparkDir == ""
	if read { // N6
		if !unparkHasLeft(dump) {
			return
		}
		var err error
		if unparkDir, err = os.MkdirTemp("", "unpark-env-"); err != nil {
			os.Stderr.WriteString("unpark: cannot make a folder for its report: " + err.Error() + "\n")
			syscall.Exit(2)
		}
	}
	var b strings.Builder
	b.WriteString("unpark-native 1\n")
	unparkLine(&b, "package", unparkPath)
	unparkLine(&b, "go", runtime.Version())
	unparkLine(&b, "pid", strconv.Itoa(os.Getpid()))
	unparkLine(&b, "proof", strconv.FormatBool(proved))
	for i, owner := range owners {
		if owner.over {
			unparkLine(&b, "over", strconv.Itoa(i+1)+" "+owner.name)
		} else {
			unparkLine(&b, "running", strconv.Itoa(i+1)+" "+owner.name)
		}
	}
	for _, id := range leaked {
		unparkLine(&b, "leaked", strconv.FormatUint(id, 10))
	}
	for _, id := range abandoned {
		unparkLine(&b, "abandoned", strconv.FormatUint(id, 10))
	}
	if unparkMissed > 0 {
		unparkLine(&b, "missed", strconv.Itoa(unparkMissed))
	}
	for _, line := range pprof.UnparkOwners() {
		unparkLine(&b, "owned", line)
	}
	if unparkSeen.Len() > 0 {
		b.WriteString("outlived\n")
		b.WriteString(unparkSeen.String())
	}
	b.WriteString("stacks\n")
	b.WriteString(dump)
	b.WriteString("\nend\n") // N3
	name := unparkFile(".unpark")
	if err := os.WriteFile(name, []byte(b.String()), 0o666); err != nil {
		os.Stderr.WriteString("unpark: cannot write its report: " + err.Error() + "\n")
	}
	if *isFuzzWorker {
		os.Remove(unparkDir + string(os.PathSeparator) + strconv.Itoa(os.Getpid()) + ".worker")
	}
	if read {
		unparkRead(name)
	}
}

// unparkLeft are the numbers of the goroutines of this dump whose test is over.
func unparkLeft(dump string, owners []unparkTest) []uint64 {
	var left []uint64
	for _, block := range strings.Split(dump, "\n\n") {
		header, _, _ := strings.Cut(block, "\n")
		owner := pprof.UnparkOwnerOf(header)
		number, _, _ := strings.Cut(strings.TrimPrefix(header, "goroutine "), " ")
		id, err := strconv.ParseUint(number, 10, 64)
		if err == nil && owner > 0 && owner <= len(owners) && owners[owner-1].over {
			left = append(left, id)
		}
	}
	return left
}

func unparkLine(b *strings.Builder, key, value string) {
	b.WriteString(key)
	b.WriteByte(' ')
	b.WriteString(strings.ReplaceAll(value, "\n", " "))
	b.WriteByte('\n')
}

// unparkSettle waits for goroutines that are about to end, at most unparkGrace in all: until none is left, or all that
// are left are blocked as they were a while ago (a loop with a ticker comes back to that, too); a little longer where one
// waits for the network.
func unparkSettle() string {
	dump := unparkStacks()
	started := time.Now()
	if !unparkHasLeft(dump) {
		return dump
	}
	unparkFinalize()
	ended, seen := started, map[string]time.Time{unparkOthers(dump): started} // when one was last gone; when all was first so
	for pause := time.Millisecond; unparkHasLeft(dump) && time.Since(started) < unparkGrace; pause = min(2*pause, 10*time.Millisecond) {
		time.Sleep(pause)
		next := unparkStacks()
		now := time.Now() // stacks of many goroutines take their time, too
		if strings.Count(next, "\n\n") < strings.Count(dump, "\n\n") {
			ended = now
		}
		dump = next
		others := unparkOthers(dump)
		if _, known := seen[others]; !known {
			seen[others] = now
		}
		same, busy := now.Sub(seen[others]), unparkSays(next, " [running", " [runnable", " [syscall", " [sleep")
		if same >= 15*time.Millisecond && !busy && !unparkSays(next, " [IO wait") || same >= 50*time.Millisecond && !busy {
			break
		}
		if now.Sub(ended) >= 100*time.Millisecond && !unparkSays(next, " [sleep") {
			break // busy, but none of them has ended for long
		}
	}
	return dump
}

// unparkFinalize lets finalizers end what only they would: a cache's janitor that stops when the cache is collected. A
// collection of a small heap costs less than the wait for nothing.
func unparkFinalize() {
	var stats runtime.MemStats
	if runtime.ReadMemStats(&stats); stats.HeapAlloc < 64<<20 {
		runtime.GC()
	}
}

// unparkHasLeft: is there a goroutine that a test owns, or that a timer started (which inherits no label)?
func unparkHasLeft(dump string) bool {
	return pprof.UnparkOwned(dump) || strings.Contains(dump, "\ncreated by time.goFunc")
}

// unparkOthers: without this goroutine, the first of the dump, which asks from several places.
func unparkOthers(dump string) string {
	_, others, _ := strings.Cut(dump, "\n\n")
	return others
}

// unparkSays: is another goroutine than this one in one of these states?
func unparkSays(dump string, states ...string) bool {
	others := unparkOthers(dump)
	if before, after, found := strings.Cut(others, "\nos/signal.signal_recv("); found { // its loop is always in a syscall
		others = before[:max(0, strings.LastIndex(before, "\n\n"))] + after
	}
	for _, state := range states {
		if strings.Contains(others, state) {
			return true
		}
	}
	return false
}

var unparkSize = 64 << 10

func unparkStacks() string {
	for ; ; unparkSize *= 2 {
		buf := make([]byte, unparkSize)
		if n := runtime.Stack(buf, true); n < unparkSize || unparkSize >= 256<<20 {
			return string(buf[:n])
		}
	}
}
