package main

import (
	"go/ast"
	"go/token"
	"go/types"
	"strings"
)

// deferClose closes what a function makes, and keeps to itself, when it returns: the body of an answer, a file, rows, a server.
// What has a Stop in place of a Close is stopped.
func deferClose(p *program, s *site) ([]Candidate, string) {
	near := &nearby{packages: map[string]bool{}, functions: map[ast.Node]bool{}}
	for _, frame := range append(append([]Frame{}, s.Stack...), s.Others...) {
		if at, ok := p.place(frame); ok && p.packageAt(at.function) != nil {
			near.packages[p.packageAt(at.function).Path()] = true
			for function := at.function; function != nil; function = p.function(function) {
				near.functions[function] = true
			}
		}
	}
	byKind := map[string]*Candidate{}
	var found []*Candidate
	for _, file := range p.files {
		ast.Inspect(file, func(node ast.Node) bool {
			assign, ok := node.(*ast.AssignStmt)
			if !ok || assign.Tok != token.DEFINE || len(assign.Rhs) != 1 {
				return true
			}
			for _, left := range assign.Lhs {
				name, ok := left.(*ast.Ident)
				if !ok {
					continue
				}
				one, kind, ok := p.closedLater(assign, name, near)
				if !ok {
					continue
				}
				if byKind[kind] == nil {
					byKind[kind] = &Candidate{Facts: one.Facts}
					found = append(found, byKind[kind])
				}
				byKind[kind].Edits = append(byKind[kind].Edits, one.Edits...)
			}
			return true
		})
	}
	if len(found) == 0 {
		return nil, "nothing is made here that has a Close, is never closed and does not leave its function"
	}
	var candidates []Candidate
	for _, one := range found {
		candidates = append(candidates, *one)
	}
	return candidates, ""
}

// nearby are the packages of a goroutine's own frames, and the functions of these with all around them.
type nearby struct {
	packages  map[string]bool
	functions map[ast.Node]bool
}

// closedLater closes what a statement declares, by a defer behind it, and behind the look at its error.
func (p *program) closedLater(assign *ast.AssignStmt, name *ast.Ident, near *nearby) (Candidate, string, bool) {
	none := Candidate{}
	call, isCall := assign.Rhs[0].(*ast.CallExpr)
	function := p.function(assign)
	if !isCall || name.Name == "_" || function == nil || p.inLoop(assign) || p.info.TypeOf(name) == nil {
		return none, "", false
	}
	text, kind := p.closing(name, p.packageAt(assign))
	if text == "" || !p.isMaker(call) {
		return none, "", false
	}
	// The leaking package's own types; of the library's those that are made around the goroutine, or anywhere where it has no frame here.
	path := kind.Pkg().Path()
	if !near.packages[path] && !(isStandard(path) && (len(near.packages) == 0 || near.functions[function])) {
		return none, "", false
	}
	edits := []Edit{}
	switch uses := p.uses(name, strings.TrimPrefix(text, name.Name)); len(uses) {
	case 0:
	case 1: // on some paths alone
		statement, ok := p.statement(uses[0]).(*ast.ExprStmt)
		if !ok || p.function(statement) != function || !p.returnsBefore(function, statement) || p.parents[statement] != p.parents[assign] {
			return none, "", false
		}
		edits = append(edits, p.withoutLine(statement))
	default:
		return none, "", false
	}
	if p.escapes(name, function) {
		return none, "", false
	}
	behind := ast.Stmt(assign)
	if failure, ok := assign.Lhs[len(assign.Lhs)-1].(*ast.Ident); ok && isError(p.info.TypeOf(failure)) {
		handler, ok := p.next(assign).(*ast.IfStmt)
		if !ok || handler.Else != nil || p.short(handler.Cond) != failure.Name+" != nil" {
			return none, "", false
		}
		behind = handler
	}
	edits = append(edits, p.after(behind, "defer "+text+"()"))
	facts := map[string]string{"function": p.nameOf(function), "close": text + "()"}
	return Candidate{Edits: edits, Facts: facts}, path + "." + kind.Name(), true
}

// closing is what closes a variable's value, and the name of its type; empty where nothing does.
func (p *program) closing(name *ast.Ident, from *types.Package) (string, *types.TypeName) {
	kind := p.info.TypeOf(name)
	named, ok := types.Unalias(elem(kind)).(*types.Named)
	if !ok || named.Obj().Pkg() == nil {
		return "", nil
	}
	if isNamed(named, "net/http", "Response") {
		return name.Name + ".Body.Close", named.Obj()
	}
	for _, method := range []string{"Close", "Stop"} {
		object, _, _ := types.LookupFieldOrMethod(kind, true, from, method)
		if function, ok := object.(*types.Func); ok {
			signature := function.Type().(*types.Signature)
			if signature.Params().Len() == 0 && signature.Results().Len() <= 1 {
				return name.Name + "." + method, named.Obj()
			}
		}
	}
	return "", nil
}

// isMaker: a function, not a look into what somebody else keeps.
func (p *program) isMaker(call *ast.CallExpr) bool {
	if tv := p.info.Types[call.Fun]; tv.IsType() || tv.IsBuiltin() {
		return false
	}
	if function := p.target(call.Fun); function != nil { // it gives what it has made: a literal, or what another function gave
		returned := true
		ast.Inspect(bodyOf(function), func(node ast.Node) bool {
			if _, isLiteral := node.(*ast.FuncLit); isLiteral {
				return false
			}
			if statement, ok := node.(*ast.ReturnStmt); ok && len(statement.Results) > 0 {
				if _, isField := ast.Unparen(statement.Results[0]).(*ast.SelectorExpr); isField {
					returned = false
				}
			}
			return true
		})
		return returned
	}
	return true
}

func isStandard(path string) bool {
	first, _, _ := strings.Cut(path, "/")
	return !strings.Contains(first, ".")
}

// uses are the places that do something of a variable: `.Close` of x.
func (p *program) uses(name *ast.Ident, what string) []ast.Node {
	var found []ast.Node
	for use, used := range p.info.Uses {
		if used != p.object(name) {
			continue
		}
		at := ast.Node(use)
		for up, ok := p.parents[at].(*ast.SelectorExpr); ok; up, ok = p.parents[at].(*ast.SelectorExpr) {
			at = up
		}
		if p.source(at) == use.Name+what {
			found = append(found, at)
		}
	}
	return found
}

// escapes: what a variable holds may be used when its function has returned. It does not where it is only looked into, its
// methods are called, and what is handed on goes to the library, whose answers stay here as well.
func (p *program) escapes(name *ast.Ident, function ast.Node) bool {
	for use, used := range p.info.Uses {
		if used == p.object(name) && (!p.isHere(use, function) || !p.stays(use, function, 0)) {
			return true
		}
	}
	return false
}

// isHere: in the function itself, or in a literal that it defers; in any of its literals, where nothing is to outlive the function.
func (p *program) isHere(node, function ast.Node) bool {
	inner := p.function(node)
	if inner == function || p.isScope(function) && p.within(node, function) {
		return true
	}
	call, isCall := p.parents[inner].(*ast.CallExpr)
	_, isDeferred := p.parents[call].(*ast.DeferStmt)
	return isCall && isDeferred && p.function(call) == function
}

func (p *program) stays(node ast.Expr, function ast.Node, depth int) bool {
	switch up := p.parents[node].(type) {
	case *ast.ParenExpr:
		return p.stays(up, function, depth)
	case *ast.BinaryExpr, *ast.ExprStmt:
		return true
	case *ast.SelectorExpr:
		if call, ok := p.parents[up].(*ast.CallExpr); ok && call.Fun == ast.Expr(up) {
			_, isStarted := p.parents[call].(*ast.GoStmt)
			return !isStarted
		}
		return !holds(p.info.TypeOf(up)) || p.stays(up, function, depth)
	case *ast.CallExpr:
		callee, ok := ast.Unparen(up.Fun).(*ast.SelectorExpr)
		if !ok || depth > 2 {
			return false
		}
		called, ok := p.info.Uses[callee.Sel].(*types.Func)
		if !ok || called.Pkg() == nil || !isStandard(called.Pkg().Path()) {
			return false
		}
		if results := called.Type().(*types.Signature).Results(); results.Len() == 0 || !holds(results.At(0).Type()) {
			return true
		}
		return p.stays(up, function, depth+1)
	case *ast.AssignStmt:
		local, ok := up.Lhs[0].(*ast.Ident)
		return ok && up.Tok == token.DEFINE && len(up.Rhs) == 1 && depth < 3 && !p.escapes(local, function)
	}
	return false
}

// holds: a value of this type may refer to what it was made of.
func holds(kind types.Type) bool {
	if kind == nil || isError(kind) {
		return false
	}
	switch t := kind.Underlying().(type) {
	case *types.Basic:
		return false
	case *types.Slice:
		return holds(t.Elem())
	case *types.Map:
		return holds(t.Key()) || holds(t.Elem())
	}
	return true
}

func isError(kind types.Type) bool {
	named, ok := types.Unalias(kind).(*types.Named)
	return ok && named.Obj().Pkg() == nil && named.Obj().Name() == "error"
}
