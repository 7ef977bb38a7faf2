package testing

import "unsafe"

// Operations, as in runtime/unpark.go.
const (
	unparkLoad  = 22
	unparkStore = 23
)

//go:linkname unparkPoint runtime.unparkPoint
func unparkPoint(op int32, obj uintptr, aux int32, pc uintptr)

// unparkDone stops before c.done is read (whoever fails or logs) or set (the test is over): which comes first decides
// whether a goroutine that outlives its test panics.
func unparkDone(c *common, op int32) { unparkPoint(op, uintptr(unsafe.Pointer(&c.done)), 0, 0) }

//go:linkname unparkTestOver
func unparkTestOver(failed bool)

//go:linkname unparkTestSkipped
func unparkTestSkipped()

//go:linkname unparkTestName
func unparkTestName(name string)

//go:linkname unparkTestSelect
func unparkTestSelect() int

// unparkTests tells the host the names of the tests that -test.run and -test.skip let through, hands it control, and
// returns the one that it selected: each test is explored on its own, from this point on.
func unparkTests(matchString func(pat, str string) (bool, error), tests []InternalTest) []InternalTest {
	m := newMatcher(matchString, *match, "-test.run", *skip)
	var matching []InternalTest
	for _, test := range tests {
		if _, ok, _ := m.fullName(nil, test.Name); ok {
			matching = append(matching, test)
			unparkTestName(test.Name)
		}
	}
	i := unparkTestSelect()
	if i < 0 || i >= len(matching) {
		return nil
	}
	return matching[i : i+1]
}
