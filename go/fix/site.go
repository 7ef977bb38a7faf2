package main

import (
	"go/ast"
	"go/token"
	"go/types"
)

// operation is one operation on a channel, a lock, a WaitGroup or a condition.
type operation struct {
	// kind is "send", "receive", "range", "close", "make", "nil" (a channel that is declared and not made), or the method's
	// name: "Lock", "Done" …
	kind string
	node ast.Node
	// on is what it is done on; nil of a make.
	on    ast.Expr
	class any
}

// site is where a goroutine is blocked.
type site struct {
	Site
	// stack are the program's own functions on the stack, the innermost first.
	stack []place
	// blocked are the operations at the innermost line.
	blocked []operation
}

// place is a line in a function of the program's own.
type place struct {
	Frame
	file     *ast.File
	function ast.Node
}

func (p *program) site(asked Site) *site {
	s := &site{Site: asked}
	for _, frame := range asked.Stack {
		if at, ok := p.place(frame); ok {
			s.stack = append(s.stack, at)
		}
	}
	if len(s.stack) > 0 {
		s.blocked = p.operationsAt(s.stack[0])
	}
	return s
}

func (p *program) place(frame Frame) (place, bool) {
	file := p.fileNamed(frame.File)
	if file == nil {
		return place{}, false
	}
	var innermost ast.Node
	ast.Inspect(file, func(node ast.Node) bool {
		switch node.(type) {
		case *ast.FuncDecl, *ast.FuncLit:
			if p.line(node.Pos()) <= frame.Line && frame.Line <= p.line(node.End()) {
				innermost = node
			}
		}
		return true
	})
	return place{frame, file, innermost}, innermost != nil
}

// operationsAt are those that begin in the line; where none does, those around it.
func (p *program) operationsAt(at place) []operation {
	var found, around []operation
	for _, op := range p.ops {
		if p.file(op.node) != at.file || op.kind == "make" || op.kind == "nil" {
			continue
		}
		if p.line(op.node.Pos()) == at.Line || p.line(op.node.End()) == at.Line && op.kind != "range" {
			found = append(found, op)
			continue
		}
		if choice := p.choice(op.node); choice != nil && p.line(choice.Pos()) == at.Line {
			around = append(around, op)
		}
	}
	return append(found, around...)
}

// choice is the select statement that an operation is a case of.
func (p *program) choice(node ast.Node) *ast.SelectStmt {
	for at := node; at != nil; at = p.parents[at] {
		switch up := p.parents[at].(type) {
		case *ast.CommClause:
			if up.Comm == at {
				choice, _ := p.parents[p.parents[up]].(*ast.SelectStmt)
				return choice
			}
			return nil
		case *ast.BlockStmt, *ast.FuncLit:
			return nil
		}
	}
	return nil
}

func (p *program) collect() {
	for _, file := range p.files {
		ast.Inspect(file, func(node ast.Node) bool {
			switch n := node.(type) {
			case *ast.SendStmt:
				p.add("send", n, n.Chan)
			case *ast.UnaryExpr:
				if n.Op == token.ARROW {
					p.add("receive", n, n.X)
				}
			case *ast.RangeStmt:
				if kind := p.info.TypeOf(n.X); kind != nil {
					if _, ok := kind.Underlying().(*types.Chan); ok {
						p.add("range", n, n.X)
					}
				}
			case *ast.ValueSpec:
				for _, name := range n.Names {
					if object := p.info.Defs[name]; object != nil && len(n.Values) == 0 && isChannel(object.Type()) {
						p.add("nil", n, name)
					}
				}
			case *ast.CallExpr:
				p.calls(n)
			}
			return true
		})
	}
}

func isChannel(kind types.Type) bool {
	if kind == nil {
		return false
	}
	_, ok := kind.Underlying().(*types.Chan)
	return ok
}

func (p *program) calls(n *ast.CallExpr) {
	switch p.builtin(n) {
	case "close":
		if len(n.Args) == 1 {
			p.add("close", n, n.Args[0])
		}
	case "make":
		if isChannel(p.info.TypeOf(n)) {
			p.ops = append(p.ops, operation{"make", n, nil, p.alias.find(n)})
		}
	}
	selector, ok := ast.Unparen(n.Fun).(*ast.SelectorExpr)
	if !ok {
		return
	}
	function, ok := p.info.Uses[selector.Sel].(*types.Func)
	if !ok || function.Pkg() == nil || function.Pkg().Path() != "sync" {
		return
	}
	op := operation{kind: selector.Sel.Name, node: n, on: selector.X, class: p.alias.class(selector.X)}
	// x.Lock() of an embedded Mutex is the embedded field's.
	if selection := p.info.Selections[selector]; selection != nil && len(selection.Index()) > 1 {
		if field := embedded(selection); field != nil {
			op.class = p.alias.find(field)
		}
	}
	p.ops = append(p.ops, op)
}

func embedded(selection *types.Selection) *types.Var {
	kind := selection.Recv()
	var field *types.Var
	for _, index := range selection.Index()[:len(selection.Index())-1] {
		if pointer, ok := kind.Underlying().(*types.Pointer); ok {
			kind = pointer.Elem()
		}
		structure, ok := kind.Underlying().(*types.Struct)
		if !ok {
			return nil
		}
		field = structure.Field(index)
		kind = field.Type()
	}
	if field == nil {
		return nil
	}
	return field.Origin()
}

func (p *program) add(kind string, node ast.Node, on ast.Expr) {
	p.ops = append(p.ops, operation{kind, node, on, p.alias.class(on)})
}

// of are the operations of these kinds on one class.
func (p *program) of(class any, kinds ...string) []operation {
	var found []operation
	if class == nil {
		return nil
	}
	for _, op := range p.ops {
		if op.class != nil && p.alias.find(op.class) == p.alias.find(class) {
			for _, kind := range kinds {
				if op.kind == kind {
					found = append(found, op)
				}
			}
		}
	}
	return found
}

// blockedOn are the blocked operations of these kinds.
// each asks a way about one thing after the other; why none holds is what it said last.
func each[T any](some []T, way func(T) ([]Candidate, string)) ([]Candidate, string) {
	var found []Candidate
	why := ""
	for _, one := range some {
		candidates, not := way(one)
		found = append(found, candidates...)
		if not != "" {
			why = not
		}
	}
	if len(found) > 0 {
		return found, ""
	}
	return nil, why
}

// alsoBlocked are operations of a kind at the frames beside the blocked goroutine's: of those that wait for it, or with it.
func (p *program) alsoBlocked(s *site, kind string) []operation {
	var found []operation
	for _, frame := range s.Others {
		at, ok := p.place(frame)
		if !ok {
			continue
		}
		for _, op := range p.operationsAt(at) {
			if op.kind == kind {
				found = append(found, op)
			}
		}
	}
	return found
}

const noSend = "nobody is blocked in a send that the source shows"

func (s *site) blockedOn(kinds ...string) []operation {
	var found []operation
	for _, op := range s.blocked {
		for _, kind := range kinds {
			if op.kind == kind {
				found = append(found, op)
			}
		}
	}
	return found
}
