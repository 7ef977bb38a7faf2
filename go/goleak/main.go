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

// localName: without a name of its own an import has the package's, which is goleak.
func localName(file *ast.File) string {
	for _, one := range file.Imports {
		if strings.Trim(one.Path.Value, "\"`") != library {
			continue
		}
		if one.Name == nil {
			return "goleak"
		}
		if one.Name.Name != "_" {
			return one.Name.Name
		}
	}
	return ""
}

var names = map[string]bool{"VerifyTestMain": true, "VerifyNone": true, "Find": true, "IgnoreTopFunction": true, "IgnoreAnyFunction": true, "IgnoreCurrent": true, "IgnoreCreatedBy": true, "Cleanup": true}

func usesIn(s source, constants map[string]ast.Expr) []Use {
	var uses []Use
	var stack []ast.Node
	ast.Inspect(s.file, func(node ast.Node) bool {
		if node == nil {
			stack = stack[:len(stack)-1]
			return true
		}
		name, at := mention(s, node, stack)
		if name != "" {
			use := Use{File: s.name, Line: s.set.Position(at.Pos()).Line, Package: strings.TrimSuffix(s.path, "_test"), Name: name, Test: strings.HasSuffix(s.name, "_test.go"), Comment: comment(s, at)}
			if call, ok := parent(stack).(*ast.CallExpr); ok && call.Fun == node {
				use.Called = true
				if len(call.Args) > 0 {
					use.Value, use.Known = text(call.Args[0], constants, 0)
				}
			}
			for _, outer := range stack {
				if spec, ok := outer.(*ast.ValueSpec); ok && use.Function == "" && len(spec.Names) == 1 {
					use.Variable = spec.Names[0].Name
				}
				if function, ok := outer.(*ast.FuncDecl); ok {
					use.Variable = ""
					use.Function = function.Name.Name
					use.Bare = function.Body != nil && len(function.Body.List) == 1
				}
			}
			uses = append(uses, use)
		}
		stack = append(stack, node)
		return true
	})
	return uses
}

// mention: is this node a name of goleak's? A variable of the file's own that has the name is none.
func mention(s source, node ast.Node, stack []ast.Node) (string, ast.Node) {
	switch n := node.(type) {
	case *ast.SelectorExpr:
		if left, ok := n.X.(*ast.Ident); ok && s.local != "." && left.Name == s.local && left.Obj == nil && names[n.Sel.Name] {
			return n.Sel.Name, n
		}
	case *ast.Ident:
		if s.local == "." && n.Obj == nil && names[n.Name] {
			// A method, a field or a key may have the name, too.
			switch p := parent(stack).(type) {
			case *ast.SelectorExpr:
				if p.Sel == n {
					return "", nil
				}
			case *ast.FuncDecl, *ast.Field:
				return "", nil
			case *ast.KeyValueExpr:
				if p.Key == n {
					return "", nil
				}
			}
			return n.Name, n
		}
	}
	return "", nil
}

func parent(stack []ast.Node) ast.Node {
	if len(stack) == 0 {
		return nil
	}
	return stack[len(stack)-1]
}

// comment: on the same line, or alone on the lines above.
func comment(s source, node ast.Node) string {
	line := s.set.Position(node.Pos()).Line
	above := ""
	for _, group := range s.file.Comments {
		start, end := s.set.Position(group.Pos()), s.set.Position(group.End())
		words := strings.Join(strings.Fields(group.Text()), " ")
		if start.Line == line {
			return words
		}
		if end.Line == line-1 && !sharesLine(s, group) {
			above = words
		}
	}
	return above
}

// sharesLine: a comment behind code belongs to that code.
func sharesLine(s source, group *ast.CommentGroup) bool {
	line, found := s.set.Position(group.Pos()).Line, false
	ast.Inspect(s.file, func(node ast.Node) bool {
		if node == nil || found {
			return false
		}
		if _, ok := node.(*ast.CommentGroup); ok {
			return false
		}
		if _, ok := node.(*ast.Comment); ok {
			return false
		}
		if node.End() < group.Pos() && s.set.Position(node.End()).Line == line {
			found = true
		}
		return !found
	})
	return found
}

// constantsOf: the constants and variables with a text of each package, by name. A variable that is written to again would be
// no constant: such a name is left out.
func constantsOf(sources []source) map[string]map[string]ast.Expr {
	all := map[string]map[string]ast.Expr{}
	for _, s := range sources {
		own := all[s.path+" "+s.file.Name.Name]
		if own == nil {
			own = map[string]ast.Expr{}
			all[s.path+" "+s.file.Name.Name] = own
		}
		for _, declaration := range s.file.Decls {
			general, ok := declaration.(*ast.GenDecl)
			if !ok || general.Tok != token.CONST {
				continue
			}
			for _, spec := range general.Specs {
				if value, ok := spec.(*ast.ValueSpec); ok {
					for i, name := range value.Names {
						if i < len(value.Values) {
							own[name.Name] = value.Values[i]
						}
					}
				}
			}
		}
	}
	return all
}

// text is the value of an expression of constant texts.
func text(expression ast.Expr, constants map[string]ast.Expr, depth int) (string, bool) {
	if depth > 20 {
		return "", false
	}
	switch e := expression.(type) {
	case *ast.BasicLit:
		if e.Kind != token.STRING {
			return "", false
		}
		return unquoted(e.Value)
	case *ast.ParenExpr:
		return text(e.X, constants, depth+1)
	case *ast.BinaryExpr:
		left, ok := text(e.X, constants, depth+1)
		right, also := text(e.Y, constants, depth+1)
		return left + right, ok && also && e.Op == token.ADD
	case *ast.Ident:
		// A constant of a function: the parser has its declaration at hand.
		if e.Obj != nil && e.Obj.Kind == ast.Con {
			if spec, ok := e.Obj.Decl.(*ast.ValueSpec); ok {
				for i, name := range spec.Names {
					if name.Name == e.Name && i < len(spec.Values) {
						return text(spec.Values[i], constants, depth+1)
					}
				}
			}
			return "", false
		}
		if value, ok := constants[e.Name]; ok && e.Obj == nil {
			return text(value, constants, depth+1)
		}
	}
	return "", false
}

func unquoted(literal string) (string, bool) {
	var value string
	if strings.HasPrefix(literal, "`") {
		return strings.ReplaceAll(strings.Trim(literal, "`"), "\r", ""), true
	}
	// Go's and JSON's quoted texts differ only in escapes that no function's name has.
	if json.Unmarshal([]byte(literal), &value) != nil {
		return "", false
	}
	return value, true
}

// countCallers says of each function that verifies, or makes options, and is no test how often it is called, by its package's name
// elsewhere, and by whom in its own package.
func countCallers(uses []Use, sources []source) {
	for i := range uses {
		use := &uses[i]
		if use.Variable != "" {
			use.CalledBy = mentions(use, sources)
			continue
		}
		if use.Function == "" || isTest(use.Function) || !strings.HasPrefix(use.Name, "Verify") && !strings.HasPrefix(use.Name, "Ignore") {
			continue
		}
		for _, s := range sources {
			for _, declaration := range s.file.Decls {
				here, elsewhere := callsOf(declaration, use, s)
				use.Callers += here + elsewhere
				if function, ok := declaration.(*ast.FuncDecl); ok && here > 0 {
					use.CalledBy = append(use.CalledBy, function.Name.Name)
				}
			}
		}
	}
}

// mentions are the functions that name a variable of their package.
func mentions(use *Use, sources []source) []string {
	var all []string
	for _, s := range sources {
		for _, declaration := range s.file.Decls {
			function, ok := declaration.(*ast.FuncDecl)
			if !ok || s.path != use.Package {
				continue
			}
			found := false
			ast.Inspect(function, func(node ast.Node) bool {
				name, ok := node.(*ast.Ident)
				found = found || ok && name.Name == use.Variable
				return !found
			})
			if found {
				all = append(all, function.Name.Name)
			}
		}
	}
	return all
}

// callsOf counts the calls of the function around a use: by its bare name in its own package, and by its package's name.
func callsOf(declaration ast.Decl, use *Use, s source) (here, elsewhere int) {
	imported := nameOf(s.file, use.Package)
	ast.Inspect(declaration, func(node ast.Node) bool {
		call, ok := node.(*ast.CallExpr)
		if !ok {
			return true
		}
		switch function := call.Fun.(type) {
		case *ast.Ident:
			if s.path == use.Package && function.Name == use.Function {
				here++
			}
		case *ast.SelectorExpr:
			if left, ok := function.X.(*ast.Ident); ok && imported != "" && left.Name == imported && function.Sel.Name == use.Function {
				elsewhere++
			}
		}
		return true
	})
	return here, elsewhere
}

func nameOf(file *ast.File, wanted string) string {
	for _, one := range file.Imports {
		if strings.Trim(one.Path.Value, "\"`") == wanted {
			if one.Name != nil {
				return one.Name.Name
			}
			return path.Base(wanted)
		}
	}
	return ""
}

func isTest(name string) bool {
	for _, start := range []string{"Test", "Benchmark", "Fuzz", "Example"} {
		if strings.HasPrefix(name, start) {
			return true
		}
	}
	return false
}
