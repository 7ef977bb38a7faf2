package testing

import (
	"io"
	"os"
	"reflect"
	"runtime"
	"strings"
	"unsafe"
)

// Operations, as in runtime/unpark.go.
const (
	unparkLoad  = 22
	unparkStore = 23
)

//go:linkname unparkPoint runtime.unparkPoint
func unparkPoint(op int32, obj uintptr, aux int32, pc uintptr)

//go:linkname unparkHandOver runtime.unparkHandOver
func unparkHandOver(obj uintptr)

// unparkMutex takes the place of common.mu, which guards a test's own log, flags and clean-up list: one goroutine runs at a time, and the host
// need not hear of a lock that is free. One that is held is held over a step (a log that is written into a pipe); who comes then looks again.
type unparkMutex struct {
	isWritten bool
	readers   int
}

func (m *unparkMutex) Lock() {
	for m.isWritten || m.readers > 0 {
		runtime.Gosched()
	}
	m.isWritten = true
	unparkHandOver(uintptr(unsafe.Pointer(m)))
}

func (m *unparkMutex) Unlock() {
	m.isWritten = false
	unparkHandOver(uintptr(unsafe.Pointer(m)))
}

func (m *unparkMutex) RLock() {
	for m.isWritten {
		runtime.Gosched()
	}
	m.readers++
	unparkHandOver(uintptr(unsafe.Pointer(m)))
}

func (m *unparkMutex) RUnlock() {
	m.readers--
	unparkHandOver(uintptr(unsafe.Pointer(m)))
}

// unparkDone stops before c.done is read (whoever fails or logs) or set (the test is over): which comes first decides
// whether a goroutine that outlives its test panics.
func unparkDone(c *common, op int32) { unparkPoint(op, uintptr(unsafe.Pointer(&c.done)), 0, 0) }

// unparkFails: besides, the host knows from when on the test has failed; of tests that the program itself runs it does not ask.
func unparkFails(c *common) {
	unparkDone(c, unparkLoad)
	if unparkNested == 0 {
		unparkTestFailed()
	}
}

// unparkFailsNow: what a goroutine that is none of testing's own has begun it does not come to end (a mock that refuses a call in the
// middle of the code under test).
func unparkFailsNow() {
	if unparkNested == 0 {
		unparkTestCutOff()
	}
}

// unparkLogs stops before each done that log looks at: the line of a test that is over is its parent's, as long as that
// is not over, too; where all are, log panics. (Most tests are not over: then it looks at one.) True: time has passed since then, and the
// line is dropped, for natively nobody would panic: the process has ended, or other tests still run, and their parent takes the line.
func unparkLogs(c *common) bool {
	for ; c != nil; c = c.parent {
		if unparkDone(c, unparkLoad); !c.done {
			return false
		}
	}
	return unparkIsLate()
}

// unparkWaiting are the parallel tests that wait for a place, in order, by the channel at which they would wait natively. There the
// first in the channel's queue is let go on; here a thousand at one channel would be a thousand ways to go on.
var unparkWaiting = map[chan bool][]chan bool{}

func unparkWaits(startParallel chan bool) <-chan bool {
	next := make(chan bool, 1)
	unparkWaiting[startParallel] = append(unparkWaiting[startParallel], next)
	return next
}

func unparkStarts(startParallel chan bool) chan<- bool {
	first := unparkWaiting[startParallel][0]
	unparkWaiting[startParallel] = unparkWaiting[startParallel][1:]
	return first
}

//go:linkname unparkIsLate
func unparkIsLate() bool

//go:linkname unparkTestOver
func unparkTestOver(failed bool)

//go:linkname unparkTestSkipped
func unparkTestSkipped()

//go:linkname unparkTestFailed
func unparkTestFailed()

//go:linkname unparkTestCutOff
func unparkTestCutOff()

//go:linkname unparkTestName
func unparkTestName(name string)

//go:linkname unparkSubtestName
func unparkSubtestName(name string)

//go:linkname unparkTestSelect
func unparkTestSelect(part []byte) (program, length int)

// unparkProgram is one thing that go test runs: a test, a fuzz target with its seeds, an example, a benchmark.
type unparkProgram struct {
	kind unparkKind
	at   int
	name string
	// symbol is its function's, with the path of its package.
	symbol string
}

type unparkKind int

const (
	unparkTest unparkKind = iota
	unparkFuzz
	unparkExample
	unparkBenchmark
)

var (
	unparkPartText [4096]byte
	// unparkRun is the program of this run.
	unparkRun unparkProgram
	// unparkPart is the full name of the subtest that it is cut down to; "": the whole of it.
	unparkPart string
	// unparkLists: the names of its subtests are asked for, and none is run.
	unparkLists bool
	// unparkNested counts the calls of RunTests from inside of the program: their tests are none of its subtests.
	unparkNested int
)

// unparkPrograms tells the host what go test would run, in its order, hands it control, and leaves of m what it selected:
// each is explored on its own, from this point on.
func unparkPrograms(m *M) {
	programs := unparkProgramsOf(m)
	names := map[string]int{}
	for _, program := range programs {
		names[program.name]++
	}
	for _, program := range programs {
		name := program.name
		// A package and its external test package may both have a test of this name (go test runs both).
		if pkg := unparkPackage(program.symbol); names[name] > 1 && strings.HasSuffix(pkg, "_test") {
			name = pkg + "." + name
		}
		unparkTestName(name)
	}
	chosen, length := unparkTestSelect(unparkPartText[:])
	tests, fuzz, examples, benchmarks := m.tests, m.fuzzTargets, m.examples, m.benchmarks
	m.tests, m.fuzzTargets, m.examples, m.benchmarks = nil, nil, nil, nil
	if chosen < 0 || chosen >= len(programs) {
		return
	}
	unparkRun = programs[chosen]
	if unparkLists = length < 0; unparkLists {
		length = -1 - length
	}
	unparkPart = string(unparkPartText[:length])
	switch at := unparkRun.at; unparkRun.kind {
	case unparkTest:
		m.tests = tests[at : at+1]
	case unparkFuzz:
		m.fuzzTargets = fuzz[at : at+1]
	case unparkExample:
		m.examples = examples[at : at+1]
	case unparkBenchmark:
		m.benchmarks = benchmarks[at : at+1]
	}
}

// unparkProgramsOf: what -test.run, -test.bench and -test.skip let through.
func unparkProgramsOf(m *M) (programs []unparkProgram) {
	matching := newMatcher(m.deps.MatchString, *match, "-test.run", *skip)
	add := func(kind unparkKind, at int, name string, f any) {
		if _, ok, _ := matching.fullName(nil, name); ok {
			symbol := runtime.FuncForPC(reflect.ValueOf(f).Pointer()).Name()
			programs = append(programs, unparkProgram{kind, at, name, symbol})
		}
	}
	for i, test := range m.tests {
		add(unparkTest, i, test.Name, test.F)
	}
	for i, target := range m.fuzzTargets {
		add(unparkFuzz, i, target.Name, target.Fn)
	}
	for i, example := range m.examples {
		add(unparkExample, i, example.Name, example.F)
	}
	if *matchBenchmarks == "" {
		return programs
	}
	matching = newMatcher(m.deps.MatchString, *matchBenchmarks, "-test.bench", *skip)
	for i, benchmark := range m.benchmarks {
		add(unparkBenchmark, i, benchmark.Name, benchmark.F)
	}
	return programs
}

// unparkPackage: "p_test" of "example.com/p_test.TestX".
func unparkPackage(symbol string) string {
	symbol = symbol[strings.LastIndexByte(symbol, '/')+1:]
	pkg, _, _ := strings.Cut(symbol, ".")
	return pkg
}

// unparkOver: all programs of a kind have run, as often as -test.count says. Of the kind that the run is one of, that is
// the end of its scope.
func unparkOver(kind unparkKind, failed bool) {
	if kind == unparkRun.kind && unparkNested == 0 {
		unparkTestOver(failed)
	}
}

// unparkAdmits tells the host the subtests of the program itself, and lets through those that the run is about: the
// subtest that it is cut down to, what it stands in, and what stands in it.
func unparkAdmits(c *common, name string) bool {
	above := ""
	if unparkNested > 0 {
		return true
	} else if c != nil && c.level > 0 {
		above = c.name
	} else if unparkRun.kind == unparkFuzz && strings.HasPrefix(name, unparkRun.name+"/") {
		above = unparkRun.name // a seed is looked up by its whole name (testing.(*F).Fuzz)
	} else {
		return true
	}
	if above == unparkPart || unparkPart == "" && above == unparkRun.name {
		unparkSubtestName(name)
		return !unparkLists
	}
	return unparkPart == "" || name == unparkPart || strings.HasPrefix(unparkPart, name+"/") || strings.HasPrefix(name, unparkPart+"/")
}

// unparkSkips: a skipped test is not a passed one; nor is a subtest that is a program by itself.
func unparkSkips(c *common) {
	if unparkNested == 0 && (c.level == 1 || unparkPart != "" && c.name == unparkPart) {
		unparkTestSkipped()
	}
}

// unparkExampleOutput is what an example has printed, from the beginning. It may have closed its standard output: natively that
// is a pipe, which keeps what was written.
func unparkExampleOutput(f *os.File) (*os.File, error) {
	_, err := f.Seek(0, io.SeekStart)
	if err == nil {
		return f, nil
	}
	again, err := os.Open(f.Name())
	if err != nil {
		return f, err
	}
	return again, nil
}
