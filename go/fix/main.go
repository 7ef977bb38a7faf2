// Command fix proposes edits that may mend a goroutine leak. It reads one Request as JSON from stdin and writes one Answer
// for each site to stdout. It proves nothing: src/pipeline/fix builds each proposal, explores the same tests again, and
// throws away what does not hold. So a way here may be generous where the source does not say enough, but it must never
// hide a leak: no way takes an operation away, sleeps, or swallows a panic.
package main

import (
	"encoding/json"
	"fmt"
	"os"
)

// Request is what is asked: the packages that hold the sites, and the sites.
type Request struct {
	Packages []Package `json:"packages"`
	// Exports says where the compiler's export data of each package lies.
	Exports map[string]string `json:"exports"`
	// Overlay holds the texts of files that are not as they are on the disk.
	Overlay map[string]string `json:"overlay"`
	Sites   []Site            `json:"sites"`
}

// Package is one package that is read from its source.
type Package struct {
	Path      string            `json:"path"`
	Files     []string          `json:"files"`
	ImportMap map[string]string `json:"importMap"`
	GoVersion string            `json:"goVersion"`
}

// Site is a finding as far as it matters here.
type Site struct {
	// Ways are the names of the ways to try, in the order of the answer.
	Ways []string `json:"ways"`
	// Stack is the blocked goroutine's, the innermost frame first; Others are frames beside it: who started it, and who
	// waits for it.
	Stack  []Frame `json:"stack"`
	Others []Frame `json:"others"`
}

// Frame is a line of a source file.
type Frame struct {
	File string `json:"file"`
	Line int    `json:"line"`
}

// Answer is what one site got.
type Answer struct {
	Candidates []Candidate `json:"candidates"`
	// Refused says of each way that proposes nothing why not.
	Refused []Refusal `json:"refused"`
}

// Candidate is one proposal.
type Candidate struct {
	Way   string `json:"way"`
	Edits []Edit `json:"edits"`
	// Facts are the names that the sentence about this proposal needs.
	Facts map[string]string `json:"facts"`
}

// Edit puts Text in the place of Length bytes from Offset on.
type Edit struct {
	File   string `json:"file"`
	Offset int    `json:"offset"`
	Length int    `json:"length"`
	Text   string `json:"text"`
}

// Refusal is a way that proposes nothing, with the condition that does not hold.
type Refusal struct {
	Way string `json:"way"`
	Why string `json:"why"`
}

// way is one way to mend: a file each.
type way func(*program, *site) ([]Candidate, string)

var ways = map[string]way{
	"buffer":          buffer,
	"make":            makeChannel,
	"close-sender":    closeSender,
	"close-owner":     closeOwner,
	"close-handed":    closeHanded,
	"close-first":     closeFirst,
	"cancel":          cancel,
	"select-done":     selectDone,
	"done-added":      doneAdded,
	"receive":         receive,
	"unlock":          unlock,
	"lock-apart":      lockApart,
	"unlock-around":   unlockAround,
	"waitgroup-count": waitGroupCount,
	"waitgroup-done":  waitGroupDone,
	"signal-locked":   signalLocked,
	"unlock-last":     unlockLast,
	"quit-added":      quitAdded,
	"timeout":         timeout,
	"defer-close":     deferClose,
	"done-field":      doneField,
}

func main() {
	var request Request
	if err := json.NewDecoder(os.Stdin).Decode(&request); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
	p := load(request)
	answers := []Answer{}
	for _, s := range request.Sites {
		answers = append(answers, answer(p, s))
	}
	if err := json.NewEncoder(os.Stdout).Encode(answers); err != nil {
		os.Exit(1)
	}
}

func answer(p *program, asked Site) Answer {
	a := Answer{Candidates: []Candidate{}, Refused: []Refusal{}}
	s := p.site(asked)
	seen := map[string]bool{}
	for _, name := range asked.Ways {
		propose, ok := ways[name]
		if !ok {
			continue
		}
		candidates, why := propose(p, s)
		for _, c := range candidates {
			c.Way = name
			edits, err := p.settle(c.Edits)
			if err != nil {
				why = err.Error()
				continue
			}
			c.Edits = edits
			key := fmt.Sprint(edits)
			if !seen[key] {
				seen[key] = true
				a.Candidates = append(a.Candidates, c)
			}
		}
		if len(candidates) == 0 || why != "" {
			a.Refused = append(a.Refused, Refusal{name, why})
		}
	}
	return a
}
