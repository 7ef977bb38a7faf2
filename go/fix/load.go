package main

import (
	"fmt"
	"go/ast"
	"go/importer"
	"go/parser"
	"go/token"
	"go/types"
	"io"
	"os"
	"path/filepath"
)

// program is what was read: syntax trees with types.
type program struct {
	set     *token.FileSet
	files   []*ast.File
	names   map[*ast.File]string
	text    map[string][]byte
	info    *types.Info
	parents map[ast.Node]ast.Node
	version map[*ast.File]string
	// bodies holds the declaration of each function, literals the one function literal that a variable is given.
	bodies   map[types.Object]*ast.FuncDecl
	literals map[types.Object]*ast.FuncLit
	// methods are the declared methods by name: of an interface's method the one that can be meant is found among them.
	methods map[string][]*types.Func
	callers map[ast.Node][]*ast.CallExpr
	alias   *aliases
	ops     []operation
}

func load(request Request) *program {
	p := &program{
		set: token.NewFileSet(), names: map[*ast.File]string{}, text: map[string][]byte{}, parents: map[ast.Node]ast.Node{},
		version: map[*ast.File]string{}, bodies: map[types.Object]*ast.FuncDecl{}, literals: map[types.Object]*ast.FuncLit{},
		callers: map[ast.Node][]*ast.CallExpr{}, methods: map[string][]*types.Func{},
		info: &types.Info{
			Types: map[ast.Expr]types.TypeAndValue{}, Defs: map[*ast.Ident]types.Object{}, Uses: map[*ast.Ident]types.Object{},
			Selections: map[*ast.SelectorExpr]*types.Selection{}, Scopes: map[ast.Node]*types.Scope{}, Implicits: map[ast.Node]types.Object{},
		},
	}
	l := &loader{program: p, request: request, done: map[string]*types.Package{}}
	l.compiled = importer.ForCompiler(p.set, "gc", func(path string) (io.ReadCloser, error) {
		file, ok := request.Exports[path]
		if !ok {
			return nil, fmt.Errorf("no export data of %s", path)
		}
		return os.Open(file)
	})
	for _, pkg := range request.Packages {
		l.check(pkg)
	}
	p.index()
	return p
}

// loader checks each package once; one that another of them imports first, so that both speak of the same objects.
type loader struct {
	*program
	request  Request
	compiled types.Importer
	done     map[string]*types.Package
}

func (l *loader) check(pkg Package) *types.Package {
	if done, ok := l.done[pkg.Path]; ok {
		return done
	}
	l.done[pkg.Path] = nil
	var files []*ast.File
	for _, name := range pkg.Files {
		text, err := l.read(name)
		if err != nil {
			continue
		}
		file, err := parser.ParseFile(l.set, name, text, parser.ParseComments|parser.SkipObjectResolution)
		if err != nil {
			continue // it does not build: the exploration has said so
		}
		l.text[name], l.names[file], l.version[file] = text, name, pkg.GoVersion
		files = append(files, file)
	}
	if len(files) == 0 {
		return nil
	}
	config := types.Config{Importer: importing{l, pkg}, Error: func(error) {}, GoVersion: pkg.GoVersion, FakeImportC: true}
	checked, _ := config.Check(plainPath(pkg.Path), l.set, files, l.info) // what is wrong somewhere leaves the rest with types
	l.done[pkg.Path] = checked
	l.files = append(l.files, files...)
	return checked
}

func (l *loader) read(name string) ([]byte, error) {
	if text, ok := l.request.Overlay[name]; ok {
		return []byte(text), nil
	}
	return os.ReadFile(name)
}

type importing struct {
	*loader
	of Package
}

func (i importing) Import(path string) (*types.Package, error) {
	if path == "unsafe" {
		return types.Unsafe, nil
	}
	if mapped, ok := i.of.ImportMap[path]; ok {
		path = mapped
	}
	for _, pkg := range i.request.Packages {
		if pkg.Path == path {
			if checked := i.check(pkg); checked != nil {
				return checked, nil
			}
		}
	}
	return i.compiled.Import(path)
}

// plainPath is `p` of `p [p.test]`.
func plainPath(path string) string {
	for i := range path {
		if path[i] == ' ' {
			return path[:i]
		}
	}
	return path
}

// index notes for each node what it stands in, which function a call calls, and every operation on a channel.
func (p *program) index() {
	for _, file := range p.files {
		var stack []ast.Node
		ast.Inspect(file, func(node ast.Node) bool {
			if node == nil {
				stack = stack[:len(stack)-1]
				return true
			}
			if len(stack) > 0 {
				p.parents[node] = stack[len(stack)-1]
			}
			stack = append(stack, node)
			switch n := node.(type) {
			case *ast.FuncDecl:
				if object := p.info.Defs[n.Name]; object != nil && n.Body != nil {
					p.bodies[object] = n
					if method, ok := object.(*types.Func); ok && n.Recv != nil {
						p.methods[n.Name.Name] = append(p.methods[n.Name.Name], method)
					}
				}
			case *ast.AssignStmt:
				if len(n.Lhs) == len(n.Rhs) {
					for i := range n.Lhs {
						p.literal(n.Lhs[i], n.Rhs[i])
					}
				}
			case *ast.ValueSpec:
				for i, value := range n.Values {
					if i < len(n.Names) {
						p.literal(n.Names[i], value)
					}
				}
			}
			return true
		})
	}
	for _, file := range p.files {
		ast.Inspect(file, func(node ast.Node) bool {
			if call, ok := node.(*ast.CallExpr); ok {
				if target := p.target(call.Fun); target != nil {
					p.callers[target] = append(p.callers[target], call)
				}
			}
			return true
		})
	}
	p.alias = newAliases(p)
	p.collect()
}

// literal: a variable that is given two literals is known as neither.
func (p *program) literal(left, right ast.Expr) {
	name, ok := left.(*ast.Ident)
	if !ok {
		return
	}
	object := p.object(name)
	if object == nil {
		return
	}
	if literal, ok := right.(*ast.FuncLit); ok {
		if _, twice := p.literals[object]; twice {
			literal = nil
		}
		p.literals[object] = literal
	}
}

func (p *program) object(name *ast.Ident) types.Object {
	if object := p.info.Defs[name]; object != nil {
		return object
	}
	return p.info.Uses[name]
}

// target is the function (*ast.FuncDecl or *ast.FuncLit) that an expression names, where it is one of the program's own
// and no other can be meant.
func (p *program) target(expression ast.Expr) ast.Node {
	switch e := ast.Unparen(expression).(type) {
	case *ast.FuncLit:
		return e
	case *ast.Ident:
		return p.declared(p.object(e))
	case *ast.SelectorExpr:
		return p.declared(p.info.Uses[e.Sel])
	case *ast.IndexExpr:
		return p.target(e.X)
	case *ast.IndexListExpr:
		return p.target(e.X)
	}
	return nil
}

func (p *program) declared(object types.Object) ast.Node {
	if function, ok := object.(*types.Func); ok {
		if decl := p.bodies[function.Origin()]; decl != nil {
			return decl
		}
		if method := p.implementation(function); method != nil {
			return p.bodies[method]
		}
	}
	if literal := p.literals[object]; literal != nil {
		return literal
	}
	return nil
}

// implementation is the one method here that a call of an interface's method can mean; nil where there are several, or none.
func (p *program) implementation(function *types.Func) *types.Func {
	receiver := function.Type().(*types.Signature).Recv()
	if receiver == nil {
		return nil
	}
	wanted, ok := receiver.Type().Underlying().(*types.Interface)
	if !ok {
		return nil
	}
	var found *types.Func
	for _, method := range p.methods[function.Name()] {
		if types.Implements(method.Type().(*types.Signature).Recv().Type(), wanted) {
			if found != nil {
				return nil
			}
			found = method
		}
	}
	return found
}

// function is the innermost function around a node: an *ast.FuncDecl or an *ast.FuncLit; nil at package level.
func (p *program) function(node ast.Node) ast.Node {
	for at := p.parents[node]; at != nil; at = p.parents[at] {
		switch at.(type) {
		case *ast.FuncDecl, *ast.FuncLit:
			return at
		}
	}
	return nil
}

func (p *program) file(node ast.Node) *ast.File {
	for at := node; at != nil; at = p.parents[at] {
		if file, ok := at.(*ast.File); ok {
			return file
		}
	}
	return nil
}

func (p *program) line(pos token.Pos) int { return p.set.PositionFor(pos, false).Line }

func (p *program) fileNamed(name string) *ast.File {
	for _, file := range p.files {
		if p.names[file] == name || filepath.Clean(name) == p.names[file] {
			return file
		}
	}
	return nil
}

func bodyOf(function ast.Node) *ast.BlockStmt {
	switch f := function.(type) {
	case *ast.FuncDecl:
		return f.Body
	case *ast.FuncLit:
		return f.Body
	}
	return nil
}

func typeOf(function ast.Node) *ast.FuncType {
	switch f := function.(type) {
	case *ast.FuncDecl:
		return f.Type
	case *ast.FuncLit:
		return f.Type
	}
	return nil
}

// within: does a node stand inside of another (or is it)?
func (p *program) within(node, around ast.Node) bool {
	for at := node; at != nil; at = p.parents[at] {
		if at == around {
			return true
		}
	}
	return false
}
