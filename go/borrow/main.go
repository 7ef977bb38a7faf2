// Command borrow makes packages build for a system that they were not written for. It is told what the compiler missed
// (src/toolchain/borrow/), and decides for each error: a name that a file of the same package for linux/amd64 declares is
// borrowed with that file; a function that does not compile all the same is stubbed, it answers ENOSYS; a declaration that
// cannot even be stubbed is left out. It reads one Request as JSON and prints one Answer.
//
// B1. Every line stays where it is: a file is changed within its lines, so that positions are those of the original.
// B2. Decisions are data (Decision): the same decisions on the same files give the same text.
package main

import (
	"encoding/json"
	"fmt"
	"os"
	"slices"
)

// Request is what is known so far.
type Request struct {
	Goroot    string               `json:"goroot"`
	Packages  []Package            `json:"packages"`
	Decisions map[string]*Decision `json:"decisions"`
	Errors    []Error              `json:"errors"`
}

// Package is one package as two systems see it.
type Package struct {
	Path string `json:"path"`
	Name string `json:"name"`
	Dir  string `json:"dir"`
	// Files are those of the target; Tests its test files, in the package and beside it.
	Files []string `json:"files"`
	Tests []string `json:"tests"`
	// Lenders are the files that linux/amd64 has and the target has not.
	Lenders []string `json:"lenders"`
}

// Error is one of the compiler's, or of what loads packages: then File is empty, and the package has no file for the target.
type Error struct {
	Package string `json:"package"`
	File    string `json:"file"`
	Line    int    `json:"line"`
	Column  int    `json:"column"`
	Message string `json:"message"`
}

// Decision is what is done to one package. The lists are sorted.
type Decision struct {
	Borrowed []string            `json:"borrowed"`
	Emptied  []string            `json:"emptied"` // the target's own, whose place the borrowed ones take
	Stubbed  map[string][]string `json:"stubbed"` // by file: functions
	Left     map[string][]string `json:"left"`    // by file: declarations that are left out
	Blank    map[string][]string `json:"blank"`   // by file: imports that nothing needs any more
}

// Text is one file of the overlay.
type Text struct {
	Package string `json:"package"`
	Dir     string `json:"dir"`
	Name    string `json:"name"`
	Text    string `json:"text"`
	// Of is the file whose lines it has; empty for one of our own.
	Of string `json:"of"`
}

// Answer is what to try next. Progress is false where nothing more can be decided.
type Answer struct {
	Decisions map[string]*Decision `json:"decisions"`
	Texts     []Text               `json:"texts"`
	Progress  bool                 `json:"progress"`
	// Stubs are the functions that answer ENOSYS, by package: those that were decided and those without a body.
	Stubs map[string][]string `json:"stubs"`
}

func main() {
	var request Request
	if err := json.NewDecoder(os.Stdin).Decode(&request); err != nil {
		fmt.Fprintln(os.Stderr, "borrow:", err)
		os.Exit(2)
	}
	if request.Decisions == nil {
		request.Decisions = map[string]*Decision{}
	}
	world := newWorld(request)
	progress := world.decide(request.Errors)
	answer := Answer{Decisions: world.decisions, Progress: progress, Stubs: map[string][]string{}}
	for path := range world.decisions {
		texts, stubs := world.render(path)
		answer.Texts = append(answer.Texts, texts...)
		if len(stubs) > 0 {
			answer.Stubs[path] = stubs
		}
	}
	slices.SortFunc(answer.Texts, func(a, b Text) int {
		return slices.Compare([]string{a.Dir, a.Name}, []string{b.Dir, b.Name})
	})
	if err := json.NewEncoder(os.Stdout).Encode(answer); err != nil {
		os.Exit(2)
	}
}
