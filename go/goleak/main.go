// Command goleak says where a tree of Go sources uses go.uber.org/goleak, and with which options. `unpark migrate goleak`
// (src/pipeline/migrate) makes settings of it, and a report heeds the options (src/pipeline/go/goleak-ignores.ts). It prints one JSON
// value, of type Answer, for the folder that it is given and those below; with a second word for that folder alone.
package main

import (
	"encoding/json"
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"sort"
	"strings"
)

const library = "go.uber.org/goleak"

// Answer is what is printed.
type Answer struct {
	// Files is the number of Go files that were read.
	Files int   `json:"files"`
	Uses  []Use `json:"uses"`
	// Broken are files that import goleak, or may, and do not parse.
	Broken []string `json:"broken"`
}

// Use is one mention of a name of goleak's.
type Use struct {
	File    string `json:"file"`
	Line    int    `json:"line"`
	Package string `json:"package"`
	// Name is goleak's: VerifyTestMain, IgnoreTopFunction …
	Name string `json:"name"`
	// Called: it is called here; else it is a value that somebody may call.
	Called bool `json:"called"`
	// Function is the top-level function around it, "" of a package variable.
	Function string `json:"function"`
	// Test says that the file is one of tests.
	Test bool `json:"test"`
	// Value is the first argument, where it is a constant text; Known says that it is.
	Value string `json:"value"`
	Known bool   `json:"known"`
	// Comment is what is written beside it, or above it.
	Comment string `json:"comment"`
	// Bare says that the function around it does nothing else, as a TestMain that only verifies.
	Bare bool `json:"bare"`
	// Callers is how often a function that is no test, but verifies, is called below the folder.
	Callers int `json:"callers"`
	// Variable is the package variable whose value it is part of.
	Variable string `json:"variable,omitempty"`
	// CalledBy are the top-level functions of its own package that call the one around it, where that is no test; that name the variable.
	CalledBy []string `json:"calledBy,omitempty"`
}

type source struct {
	name  string
	file  *ast.File
	set   *token.FileSet
	path  string // of its package
	local string // the name that goleak has here; "." where its names stand alone, "" where it is not imported
}

func main() {
	root, alone := os.Args[1], len(os.Args) > 2
	answer := Answer{Uses: []Use{}, Broken: []string{}}
	var sources []source
	filepath.WalkDir(root, func(name string, entry fs.DirEntry, err error) error {
		if err != nil {
			return nil
		}
		base := entry.Name()
		if entry.IsDir() {
			// As go's own ./... leaves them out; node_modules may hold Go files, too.
			if name != root && (alone || strings.HasPrefix(base, ".") || strings.HasPrefix(base, "_") || base == "vendor" || base == "testdata" || base == "node_modules") {
				return fs.SkipDir
			}
			return nil
		}
		if !strings.HasSuffix(base, ".go") || !entry.Type().IsRegular() {
			return nil
		}
		answer.Files++
		text, err := os.ReadFile(name)
		if err != nil {
			return nil
		}
		set := token.NewFileSet()
		file, err := parser.ParseFile(set, name, text, parser.ParseComments)
		if err != nil {
			if strings.Contains(string(text), library) {
				answer.Broken = append(answer.Broken, name)
			}
			return nil
		}
		sources = append(sources, source{name: name, file: file, set: set, path: packagePath(root, filepath.Dir(name)), local: localName(file)})
		return nil
	})
	constants := constantsOf(sources)
	for _, s := range sources {
		if s.local != "" {
			answer.Uses = append(answer.Uses, usesIn(s, constants[s.path+" "+s.file.Name.Name])...)
		}
	}
	countCallers(answer.Uses, sources)
	sort.SliceStable(answer.Uses, func(i, j int) bool {
		a, b := answer.Uses[i], answer.Uses[j]
		return a.File < b.File || a.File == b.File && a.Line < b.Line
	})
	json.NewEncoder(os.Stdout).Encode(answer)
}

// packagePath is the import path of a folder, by the nearest go.mod from there up to the root of the file system.
func packagePath(root, dir string) string {
	for at := dir; ; at = filepath.Dir(at) {
		if text, err := os.ReadFile(filepath.Join(at, "go.mod")); err == nil {
			below, err := filepath.Rel(at, dir)
			if err != nil {
				return ""
			}
			return path.Join(moduleOf(string(text)), filepath.ToSlash(below))
		}
		if filepath.Dir(at) == at {
			return ""
		}
	}
}

func moduleOf(text string) string {
	for _, line := range strings.Split(text, "\n") {
		if words := strings.Fields(line); len(words) >= 2 && words[0] == "module" {
			return strings.Trim(words[1], "\"`")
		}
	}
	return ""
}
