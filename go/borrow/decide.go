package main

import (
	"go/ast"
	"go/parser"
	"go/token"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
)

// world holds the packages, their files read once, and what was decided.
type world struct {
	packages  map[string]Package
	decisions map[string]*Decision
	files     map[string]*source
	// hasBorrowed are the packages that files were borrowed for in this round.
	hasBorrowed map[string]bool
	// syscallNames are the errors and signals of the target.
	syscallNames map[string]bool
}

// source is one parsed file.
type source struct {
	text []byte
	set  *token.FileSet
	file *ast.File
}

func newWorld(request Request) *world {
	w := &world{packages: map[string]Package{}, decisions: request.Decisions, files: map[string]*source{}, hasBorrowed: map[string]bool{}, syscallNames: map[string]bool{"EWOULDBLOCK": true}} // it is ours (go/syscall/unpark_flock.go)
	for _, one := range request.Packages {
		w.packages[one.Path] = one
	}
	for _, name := range []string{"tables_wasip1.go", "syscall_wasip1.go"} {
		if file := w.read(filepath.Join(request.Goroot, "src", "syscall", name)); file != nil {
			for _, one := range names(file.file) {
				w.syscallNames[one] = true
			}
		}
	}
	return w
}

// read gives nil for a file that cannot be read or parsed.
func (w *world) read(path string) *source {
	if found, ok := w.files[path]; ok {
		return found
	}
	w.files[path] = nil
	text, err := os.ReadFile(path)
	if err != nil {
		return nil
	}
	set := token.NewFileSet()
	file, err := parser.ParseFile(set, path, text, parser.ParseComments|parser.SkipObjectResolution)
	if err != nil {
		return nil
	}
	w.files[path] = &source{text, set, file}
	return w.files[path]
}

func (w *world) decision(path string) *Decision {
	found := w.decisions[path]
	if found == nil {
		found = &Decision{}
		w.decisions[path] = found
	}
	for _, field := range []*map[string][]string{&found.Stubbed, &found.Left, &found.Blank} {
		if *field == nil {
			*field = map[string][]string{}
		}
	}
	return found
}

var (
	undefined = regexp.MustCompile(`^undefined(?:: | array length )(?:(\w+)\.)?(\w+)(?: or missing type constraint)?$`)
	noMethod  = regexp.MustCompile(`\*?(?:(\w+)\.)?(\w+) (?:has no field or|does not implement \S+ \(missing) method (\w+)`)
	notUsed   = regexp.MustCompile(`^"([^"]+)" imported .*not used$`)
)

// decide says whether it decided anything new. Where a package has borrowed just now, its other errors may be consequences
// of what was missing: they wait for the next round.
func (w *world) decide(faults []Error) bool {
	progress := false
	for _, fault := range faults {
		progress = w.lendFor(fault) || progress
	}
	for _, fault := range faults {
		if own, ok := w.packages[fault.Package]; ok && fault.File != "" && !w.hasBorrowed[own.Path] {
			progress = w.giveUp(own, fault) || progress
		}
	}
	return progress
}

func (w *world) lendFor(fault Error) bool {
	own, ok := w.packages[fault.Package]
	if !ok {
		return false
	}
	if fault.File == "" {
		return w.borrow(own, own.Lenders...)
	}
	name := originalName(filepath.Base(fault.File))
	file := w.read(filepath.Join(own.Dir, name))
	if file == nil {
		return false
	}
	if m := undefined.FindStringSubmatch(fault.Message); m != nil && w.lend(own, file, m[1], "", m[2]) {
		return true
	}
	if m := noMethod.FindStringSubmatch(fault.Message); m != nil && w.lend(own, file, m[1], m[2], m[3]) {
		return true
	}
	return false
}

// giveUp stubs, or leaves out, what nobody lends.
func (w *world) giveUp(own Package, fault Error) bool {
	name := originalName(filepath.Base(fault.File))
	file := w.read(filepath.Join(own.Dir, name))
	if file == nil {
		return false
	}
	if m := notUsed.FindStringSubmatch(fault.Message); m != nil {
		return add(w.decision(own.Path).Blank, name, m[1])
	}
	return w.stub(own, name, file, fault)
}

// lend borrows the file that declares a name: of this package, or of the one that it imports as qualifier.
func (w *world) lend(own Package, file *source, qualifier, receiver, name string) bool {
	lender := own
	if qualifier != "" {
		for _, spec := range file.file.Imports {
			path := strings.Trim(spec.Path.Value, `"`)
			if other, ok := w.packages[path]; ok && (spec.Name != nil && spec.Name.Name == qualifier || spec.Name == nil && other.Name == qualifier) {
				lender = other
			}
		}
		if lender.Path == own.Path && own.Name != qualifier {
			return false
		}
	}
	wanted := name
	if receiver != "" {
		wanted = receiver + "." + name
	}
	for _, candidate := range lender.Lenders {
		if source := w.read(filepath.Join(lender.Dir, candidate)); source != nil && slices.Contains(names(source.file), wanted) {
			if w.borrow(lender, candidate) {
				w.hasBorrowed[own.Path] = true // it waits for its lender
				return true
			}
		}
	}
	return false
}

func (w *world) borrow(from Package, files ...string) bool {
	progress := false
	for _, name := range files {
		found := w.decisions[from.Path]
		if found != nil && slices.Contains(found.Borrowed, name) || !w.canBorrow(from, name) {
			continue
		}
		found = w.decision(from.Path)
		found.Borrowed = append(found.Borrowed, name)
		slices.Sort(found.Borrowed)
		w.hasBorrowed[from.Path] = true
		progress = true
	}
	return progress
}

func (w *world) canBorrow(from Package, name string) bool {
	source := w.read(filepath.Join(from.Dir, name))
	return source != nil && !slices.ContainsFunc(source.file.Imports, func(one *ast.ImportSpec) bool { return one.Path.Value == `"C"` })
}

// stub finds the declaration around an error. A function whose body is wrong answers ENOSYS. What is wrong outside of a
// body, or in a stub already, is left out, but only of a borrowed file: the package's own are not taken to pieces.
func (w *world) stub(own Package, name string, file *source, fault Error) bool {
	decision := w.decision(own.Path)
	isBorrowed := slices.Contains(decision.Borrowed, name)
	for _, decl := range file.file.Decls {
		if !contains(file, decl, fault) {
			continue
		}
		if function, ok := decl.(*ast.FuncDecl); ok {
			key := keyOf(function)
			if !isBorrowed && isEntry[key] {
				return false
			}
			if isInBody(file, function, fault) && add(decision.Stubbed, name, key) {
				return true
			}
			return isBorrowed && add(decision.Left, name, key)
		}
		for _, spec := range decl.(*ast.GenDecl).Specs {
			if isBorrowed && contains(file, spec, fault) {
				return addAll(decision.Left, name, specNames(spec))
			}
		}
	}
	return false
}

// isEntry: without these nothing of the program is left to look at.
var isEntry = map[string]bool{"main": true, "init": true, "TestMain": true}

func contains(file *source, node ast.Node, at Error) bool {
	start, end := file.set.Position(node.Pos()), file.set.Position(node.End())
	return start.Line <= at.Line && at.Line <= end.Line
}

func isInBody(file *source, function *ast.FuncDecl, at Error) bool {
	if function.Body == nil {
		return at.Message == "missing function body"
	}
	brace := file.set.Position(function.Body.Lbrace)
	return at.Line > brace.Line || at.Line == brace.Line && at.Column >= brace.Column
}

func add(lists map[string][]string, name, item string) bool {
	if item == "" || slices.Contains(lists[name], item) {
		return false
	}
	lists[name] = append(lists[name], item)
	slices.Sort(lists[name])
	return true
}

func addAll(lists map[string][]string, name string, items []string) bool {
	progress := false
	for _, item := range items {
		progress = add(lists, name, item) || progress
	}
	return progress
}

// names are what a file declares at its top level; methods as "T.m".
func names(file *ast.File) []string {
	var found []string
	for _, decl := range file.Decls {
		switch decl := decl.(type) {
		case *ast.FuncDecl:
			found = append(found, keyOf(decl))
		case *ast.GenDecl:
			for _, spec := range decl.Specs {
				found = append(found, specNames(spec)...)
			}
		}
	}
	return found
}

func specNames(spec ast.Spec) []string {
	switch spec := spec.(type) {
	case *ast.TypeSpec:
		return []string{spec.Name.Name}
	case *ast.ValueSpec:
		var found []string
		for _, one := range spec.Names {
			found = append(found, one.Name)
		}
		return found
	}
	return nil
}

// keyOf names a function in its package: "f", or "T.m".
func keyOf(function *ast.FuncDecl) string {
	if function.Recv == nil || len(function.Recv.List) == 0 {
		return function.Name.Name
	}
	receiver := function.Recv.List[0].Type
	for {
		switch of := receiver.(type) {
		case *ast.StarExpr:
			receiver = of.X
		case *ast.ParenExpr:
			receiver = of.X
		case *ast.IndexExpr:
			receiver = of.X
		case *ast.IndexListExpr:
			receiver = of.X
		case *ast.Ident:
			return of.Name + "." + function.Name.Name
		default:
			return function.Name.Name
		}
	}
}
