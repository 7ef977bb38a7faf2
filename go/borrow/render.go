package main

import (
	"fmt"
	"go/ast"
	"go/token"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
)

// suffix keeps a borrowed file from being left out by its name (go/build, goodOSArchFile).
const suffix = "_unpark"

func borrowedName(name string) string {
	base, end := splitName(name)
	return base + suffix + end
}

func originalName(name string) string {
	base, end := splitName(name)
	return strings.TrimSuffix(base, suffix) + end
}

// splitName keeps what says that it is a test file apart.
func splitName(name string) (base, end string) {
	base = strings.TrimSuffix(strings.TrimSuffix(name, ".go"), "_test")
	return base, name[len(base):]
}

// render gives the overlay's files of one package, and the names of its stubs.
func (w *world) render(path string) ([]Text, []string) {
	own, decision := w.packages[path], w.decision(path)
	declared := map[string]bool{}
	for _, name := range own.Files {
		if file := w.read(filepath.Join(own.Dir, name)); file != nil && !slices.Contains(decision.Emptied, name) {
			for _, one := range names(file.file) {
				declared[one] = !slices.Contains(decision.Left[name], one)
			}
		}
	}
	var texts []Text
	var stubs, calls []string
	for _, name := range decision.Emptied {
		texts = append(texts, Text{path, own.Dir, name, fmt.Sprintf("package %s\n", own.Name), name})
	}
	for _, name := range slices.Concat(own.Files, own.Tests) {
		if slices.Contains(decision.Emptied, name) {
			continue
		}
		if len(decision.Stubbed[name])+len(decision.Left[name])+len(decision.Blank[name])+len(decision.Emptied) == 0 {
			continue
		}
		e := w.edit(own, name, decision)
		if len(decision.Emptied) > 0 {
			e.saysLinux()
		}
		if len(e.list)+len(decision.Blank[name]) == 0 {
			continue
		}
		stubs = append(stubs, e.stubs...)
		texts = append(texts, Text{path, own.Dir, name, e.text(), name})
	}
	for _, name := range decision.Borrowed {
		e := w.edit(own, name, decision)
		if len(decision.Emptied) > 0 {
			e.saysLinux()
		}
		e.dropDeclared(declared)
		e.dropConstraints()
		e.useErrnos(w.syscallNames)
		stubs, calls = append(stubs, e.stubs...), append(calls, e.calls...)
		texts = append(texts, Text{path, own.Dir, borrowedName(name), e.text(), name})
	}
	if len(stubs)+len(calls) > 0 {
		texts = append(texts, Text{Package: path, Dir: own.Dir, Name: helperName(own), Text: helper(own.Name) + strings.Join(calls, "")})
	}
	slices.Sort(stubs)
	return texts, slices.Compact(stubs)
}

// helperName: an external test package has test files alone.
func helperName(own Package) string {
	if len(own.Files)+len(own.Lenders) == 0 {
		return "unpark_stub_test.go"
	}
	return "unpark_stub.go"
}

func helper(name string) string {
	return fmt.Sprintf("package %s\n\nimport (\n\t\"syscall\"\n\t_ \"unsafe\"\n)\n\nconst unparkENOSYS = syscall.ENOSYS\n\n//go:linkname unparkStub runtime.unparkStub\nfunc unparkStub(name string)\n", name)
}

// edits changes one file within its lines.
type edits struct {
	source *source
	own    Package
	list   []edit
	stubs  []string
	calls  []string   // functions that are written anew, beside the file
	gone   []ast.Node // what is no longer there: its imports may be needed no more
	blank  []string
}

type edit struct {
	start, end int
	text       string
}

func (w *world) edit(own Package, name string, decision *Decision) *edits {
	e := &edits{source: w.read(filepath.Join(own.Dir, name)), own: own, blank: decision.Blank[name]}
	for _, decl := range e.source.file.Decls {
		switch decl := decl.(type) {
		case *ast.FuncDecl:
			key := keyOf(decl)
			switch {
			case slices.Contains(decision.Left[name], key):
				e.remove(decl, decl.Doc)
			case decl.Body == nil && slices.Contains(decision.Borrowed, name) && !e.isLinked(decl) || slices.Contains(decision.Stubbed[name], key):
				e.stub(decl, key, strings.HasSuffix(name, "_test.go"))
			}
		case *ast.GenDecl:
			for _, spec := range decl.Specs {
				if slices.ContainsFunc(specNames(spec), func(one string) bool { return slices.Contains(decision.Left[name], one) }) {
					e.leave(decl, spec)
				}
			}
		}
	}
	return e
}

func (e *edits) offset(pos token.Pos) int { return e.source.set.Position(pos).Offset }

func (e *edits) slice(node ast.Node) string {
	return string(e.source.text[e.offset(node.Pos()):e.offset(node.End())])
}

// isLinked: its body is package syscall's (go/syscall/unpark_msghdr.go).
func (e *edits) isLinked(function *ast.FuncDecl) bool {
	return slices.ContainsFunc(e.source.file.Comments, func(group *ast.CommentGroup) bool {
		return slices.ContainsFunc(group.List, func(comment *ast.Comment) bool {
			words := strings.Fields(comment.Text)
			return len(words) == 3 && words[0] == "//go:linkname" && words[1] == function.Name.Name && slices.Contains(linked, words[2])
		})
	})
}

var linked = []string{"syscall.getsockopt", "syscall.setsockopt"}

// replace keeps the number of lines.
func (e *edits) replace(start, end token.Pos, text string) {
	from, to := e.offset(start), e.offset(end)
	lines := strings.Count(string(e.source.text[from:to]), "\n") - strings.Count(text, "\n")
	e.list = append(e.list, edit{from, to, text + strings.Repeat("\n", max(lines, 0))})
}

func (e *edits) remove(node ast.Node, doc *ast.CommentGroup) {
	start := node.Pos()
	if doc != nil {
		start = doc.Pos() // a //go: directive would be left without its function
	}
	e.gone = append(e.gone, node)
	e.replace(start, node.End(), "")
}

// leave takes a specification out of its declaration; a constant's place is kept, for iota.
func (e *edits) leave(decl *ast.GenDecl, spec ast.Spec) {
	if !decl.Lparen.IsValid() {
		e.remove(decl, decl.Doc)
		return
	}
	e.gone = append(e.gone, spec)
	text := ""
	if decl.Tok == token.CONST {
		text = "_ = 0"
	}
	e.replace(spec.Pos(), spec.End(), text)
}

// stub gives a function a body that answers ENOSYS, or zero values. A test says that it cannot be built.
func (e *edits) stub(function *ast.FuncDecl, key string, isTest bool) {
	if function.Body == nil && strings.HasPrefix(e.own.Path, "golang.org/x/sys/") && slices.Contains(byNumber, key) {
		e.remove(function, function.Doc)
		e.calls = append(e.calls, byNumberText(e.slice(function), key, e.arguments(function)))
		return
	}
	e.stubs = append(e.stubs, key)
	for _, group := range e.source.file.Comments {
		for _, comment := range group.List {
			if strings.HasPrefix(comment.Text, "//go:linkname "+function.Name.Name+" ") || function.Doc != nil && slices.Contains(function.Doc.List, comment) && strings.HasPrefix(comment.Text, "//go:") {
				e.replace(comment.Pos(), comment.End(), "//")
			}
		}
	}
	body := fmt.Sprintf("{ unparkStub(%q); %s", e.own.Path+"."+key, e.answer(function))
	if t := parameterT(function); isTest && t != "" {
		body = fmt.Sprintf("{ unparkStub(%q); %s.Skip(\"does not build for wasip1\"); %s", e.own.Path+"."+key, t, e.answer(function))
	}
	if function.Body == nil {
		e.replace(function.End(), function.End(), " "+body+" }")
		return
	}
	e.gone = append(e.gone, function.Body)
	e.replace(function.Body.Lbrace, function.Body.Rbrace, body)
	e.replace(function.Body.Rbrace, function.Body.End(), "}")
}

// byNumber are written in assembler, and jump to package syscall, which has answers to some numbers (go/syscall/unpark_numbers.go).
var byNumber = []string{"Syscall", "Syscall6", "RawSyscall", "RawSyscall6"}

// byNumberText: what the numbers point to must not move. A stack does where it grows, and here it may: in a call, and where
// the goroutine stops. The compiler puts on the heap what is handed over to a function with this pragma.
func byNumberText(declared, key, arguments string) string {
	return fmt.Sprintf("\n//go:uintptrescapes\n%s { return syscall.%s(%s) }\n", declared, key, arguments)
}

func (e *edits) arguments(function *ast.FuncDecl) string {
	var names []string
	for _, field := range function.Type.Params.List {
		for _, name := range field.Names {
			names = append(names, name.Name)
		}
	}
	return strings.Join(names, ", ")
}

func (e *edits) answer(function *ast.FuncDecl) string {
	var values []string
	if function.Type.Results != nil {
		for _, field := range function.Type.Results.List {
			for range max(len(field.Names), 1) {
				values = append(values, fmt.Sprintf("*new(%s)", strings.ReplaceAll(e.slice(field.Type), "\n", " ")))
			}
		}
	}
	if len(values) == 0 {
		return ""
	}
	switch last := &values[len(values)-1]; *last {
	case "*new(error)":
		*last = "unparkENOSYS"
	case "*new(Errno)", "*new(syscall.Errno)":
		*last = strings.TrimPrefix(*last, "*new") + "(unparkENOSYS)"
	}
	return "return " + strings.Join(values, ", ")
}

// parameterT is the name of a *testing.T, "" where there is none.
func parameterT(function *ast.FuncDecl) string {
	for _, field := range function.Type.Params.List {
		star, ok := field.Type.(*ast.StarExpr)
		if !ok || len(field.Names) == 0 || field.Names[0].Name == "_" {
			continue
		}
		if selector, ok := star.X.(*ast.SelectorExpr); ok && (selector.Sel.Name == "T" || selector.Sel.Name == "B" || selector.Sel.Name == "F") {
			return field.Names[0].Name
		}
	}
	return ""
}

// dropDeclared renames to _ what the package declares already, and notes what it now declares.
func (e *edits) dropDeclared(declared map[string]bool) {
	blank := func(name *ast.Ident) {
		if declared[name.Name] && name.Name != "_" {
			e.replace(name.Pos(), name.End(), "_")
		}
		declared[name.Name] = true
	}
	for _, decl := range e.source.file.Decls {
		switch decl := decl.(type) {
		case *ast.FuncDecl:
			key := keyOf(decl)
			if key == "init" || key == "_" || slices.ContainsFunc(e.gone, func(one ast.Node) bool { return one == ast.Node(decl) }) {
				continue
			}
			if declared[key] {
				e.stubs = slices.DeleteFunc(e.stubs, func(one string) bool { return one == key })
				e.list = slices.DeleteFunc(e.list, func(one edit) bool { return one.start >= e.offset(decl.Pos()) && one.end <= e.offset(decl.End()) })
				e.remove(decl, decl.Doc)
			}
			declared[key] = true
		case *ast.GenDecl:
			for _, spec := range decl.Specs {
				if slices.Contains(e.gone, ast.Node(spec)) || slices.Contains(e.gone, ast.Node(decl)) {
					continue
				}
				switch spec := spec.(type) {
				case *ast.TypeSpec:
					blank(spec.Name)
				case *ast.ValueSpec:
					for _, name := range spec.Names {
						blank(name)
					}
				}
			}
		}
	}
}

var constraint = regexp.MustCompile(`^//\s*(go:build|\+build)\b`)

func (e *edits) dropConstraints() {
	for _, group := range e.source.file.Comments {
		for _, comment := range group.List {
			if comment.Pos() < e.source.file.Package && constraint.MatchString(comment.Text) {
				e.replace(comment.Pos(), comment.End(), "//")
			}
		}
	}
}

// useErrnos: linux has other numbers for the errors and signals that the target's package syscall knows by the same names.
func (e *edits) useErrnos(known map[string]bool) {
	ast.Inspect(e.source.file, func(node ast.Node) bool {
		spec, ok := node.(*ast.ValueSpec)
		if !ok || len(spec.Names) != 1 || len(spec.Values) != 1 || !known[spec.Names[0].Name] {
			return true
		}
		if call, ok := spec.Values[0].(*ast.CallExpr); ok {
			if of := e.slice(call.Fun); of == "syscall.Errno" || of == "syscall.Signal" {
				e.replace(call.Pos(), call.End(), "syscall."+spec.Names[0].Name)
			}
		}
		return true
	})
}

// saysLinux: a package that takes linux' files is to do with them what it does there (golang.org/x/net/ipv4: more than one message at once).
func (e *edits) saysLinux() {
	ast.Inspect(e.source.file, func(node ast.Node) bool {
		selector, ok := node.(*ast.SelectorExpr)
		if !ok || selector.Sel.Name != "GOOS" {
			return true
		}
		if of, ok := selector.X.(*ast.Ident); ok && of.Name == "runtime" {
			e.gone = append(e.gone, selector)
			e.replace(selector.Pos(), selector.End(), `"linux"`)
		}
		return true
	})
}

func (e *edits) text() string {
	for _, spec := range e.source.file.Imports {
		path := strings.Trim(spec.Path.Value, `"`)
		if (slices.Contains(e.blank, path) || e.isUnneeded(spec, path)) && (spec.Name == nil || spec.Name.Name != "_" && spec.Name.Name != ".") {
			e.replace(spec.Pos(), spec.End(), "_ "+spec.Path.Value)
		}
	}
	slices.SortStableFunc(e.list, func(a, b edit) int { return a.start - b.start })
	var out strings.Builder
	at := 0
	for _, one := range e.list {
		if one.start < at { // inside of what is gone
			continue
		}
		out.Write(e.source.text[at:one.start])
		out.WriteString(one.text)
		at = one.end
	}
	out.Write(e.source.text[at:])
	return out.String()
}

// isUnneeded: only what is gone used it. The package's own name may differ from its path's end: then the compiler says so.
func (e *edits) isUnneeded(spec *ast.ImportSpec, path string) bool {
	if len(e.gone) == 0 {
		return false
	}
	name := path[strings.LastIndex(path, "/")+1:]
	if spec.Name != nil {
		name = spec.Name.Name
	}
	uses, left := 0, 0
	ast.Inspect(e.source.file, func(node ast.Node) bool {
		if selector, ok := node.(*ast.SelectorExpr); ok {
			if of, ok := selector.X.(*ast.Ident); ok && of.Name == name {
				uses++
				if !slices.ContainsFunc(e.gone, func(one ast.Node) bool { return one.Pos() <= of.Pos() && of.End() <= one.End() }) {
					left++
				}
			}
		}
		return true
	})
	return uses > 0 && left == 0
}
