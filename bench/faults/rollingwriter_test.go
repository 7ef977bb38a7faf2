package faults

import (
	"testing"

	"github.com/arthurkiller/rollingwriter"
)

// A program that logs into a file, and ends; of writes that fail it takes no notice.
func TestLog(t *testing.T) {
	w, err := rollingwriter.NewWriter(rollingwriter.WithLogPath(t.TempDir()), rollingwriter.WithFileName("app"), rollingwriter.WithAsynchronous(), rollingwriter.WithoutRollingPolicy())
	if err != nil {
		return
	}
	w.Write([]byte("hello\n"))
	w.Close()
}
