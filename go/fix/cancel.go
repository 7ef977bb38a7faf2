package main

import (
	"go/ast"
	"go/types"
	"strings"
)

// cancel calls a context's cancel function at the end of the function that made the context.
func cancel(p *program, s *site) ([]Candidate, string) {
	var found []Candidate
	packages := map[*types.Package]bool{}
	for _, frame := range append(append([]Frame{}, s.Stack...), s.Others...) {
		if at, ok := p.place(frame); ok {
			packages[p.packageAt(at.function)] = true
		}
	}
	for _, file := range p.files {
		if len(file.Decls) == 0 || !packages[p.packageAt(file.Decls[0])] {
			continue
		}
		ast.Inspect(file, func(node ast.Node) bool {
			assign, ok := node.(*ast.AssignStmt)
			if !ok || len(assign.Lhs) != 2 || len(assign.Rhs) != 1 {
				return true
			}
			call, ok := assign.Rhs[0].(*ast.CallExpr)
			if !ok || !p.makesContext(call) {
				return true
			}
			if field, ok := assign.Lhs[1].(*ast.SelectorExpr); ok {
				found = append(found, p.cancelOfObject(assign, field)...)
				return true
			}
			name, isName := assign.Lhs[1].(*ast.Ident)
			if !isName {
				return true
			}
			var edits []Edit
			text := name.Name
			if text == "_" {
				text = "cancel"
				if scope := p.scopeAt(assign); scope != nil && scope.Lookup(text) != nil {
					return true
				}
				edits = append(edits, p.replace(name.Pos(), name.End(), text))
				if assign.Tok.String() == "=" {
					return true
				}
			} else if p.isDeferred(name) {
				return true
			}
			edits = append(edits, p.after(assign, "defer "+text+"()"))
			found = append(found, Candidate{Edits: edits, Facts: map[string]string{"cancel": text, "function": p.nameOf(p.function(assign))}})
			return true
		})
	}
	if len(found) == 0 {
		return nil, "no context is made here whose cancel function is not deferred"
	}
	return found, ""
}

func (p *program) makesContext(call *ast.CallExpr) bool {
	selector, ok := ast.Unparen(call.Fun).(*ast.SelectorExpr)
	if !ok {
		return false
	}
	function, ok := p.info.Uses[selector.Sel].(*types.Func)
	return ok && function.Pkg() != nil && function.Pkg().Path() == "context" && strings.HasPrefix(function.Name(), "With") && function.Name() != "WithValue" && function.Name() != "WithoutCancel"
}

// isDeferred: is the function that a variable holds deferred somewhere?
func (p *program) isDeferred(name *ast.Ident) bool {
	object := p.object(name)
	found := false
	for use, used := range p.info.Uses {
		if used != object {
			continue
		}
		for at := ast.Node(use); at != nil; at = p.parents[at] {
			if _, ok := at.(*ast.DeferStmt); ok {
				found = true
			}
			if _, ok := at.(*ast.FuncDecl); ok {
				break
			}
		}
	}
	return found
}

// cancelOfObject: the cancel function is a field of an object. Who made the object, and keeps it to itself, calls it when it
// returns: the function that makes the context, or whoever calls that as the object's method.
func (p *program) cancelOfObject(assign *ast.AssignStmt, field *ast.SelectorExpr) []Candidate {
	object, ok := p.info.Uses[field.Sel].(*types.Var)
	owner, isName := field.X.(*ast.Ident)
	function := p.function(assign)
	if !ok || !isName || function == nil || p.isCalledDeferred(object) {
		return nil
	}
	if p.keeps(function, owner) {
		return []Candidate{p.deferredCall(assign, owner.Name+"."+field.Sel.Name)}
	}
	if decl, ok := function.(*ast.FuncDecl); !ok || decl.Recv == nil || len(decl.Recv.List[0].Names) == 0 || p.info.Defs[decl.Recv.List[0].Names[0]] != p.object(owner) {
		return nil
	}
	var edits []Edit
	text := ""
	for _, call := range p.callers[function] {
		selector, ok := ast.Unparen(call.Fun).(*ast.SelectorExpr)
		statement, isPlain := p.statement(call).(*ast.ExprStmt)
		if !ok || !isPlain || p.inLoop(call) {
			return nil
		}
		name, ok := selector.X.(*ast.Ident)
		if !ok || !p.keeps(p.function(call), name) {
			return nil
		}
		text = name.Name + "." + field.Sel.Name
		edits = append(edits, p.deferredCall(statement, text).Edits...)
	}
	if len(edits) == 0 {
		return nil
	}
	return []Candidate{{Edits: edits, Facts: map[string]string{"cancel": text, "function": p.nameOf(p.function(p.callers[function][0]))}}}
}

func (p *program) deferredCall(behind ast.Stmt, text string) Candidate {
	return Candidate{Edits: []Edit{p.after(behind, "defer "+text+"()")}, Facts: map[string]string{"cancel": text, "function": p.nameOf(p.function(behind))}}
}

// isCalledDeferred: what a field holds is called by a defer somewhere.
func (p *program) isCalledDeferred(field *types.Var) bool {
	for use, used := range p.info.Uses {
		if used != field {
			continue
		}
		for at := ast.Node(use); at != nil; at = p.parents[at] {
			if _, ok := at.(*ast.DeferStmt); ok {
				return true
			}
			if _, ok := at.(*ast.FuncDecl); ok {
				break
			}
		}
	}
	return false
}

// keeps: the function makes the object that a variable of its own holds, and hands it to nobody: it is only looked into, and
// its methods are called.
func (p *program) keeps(function ast.Node, name *ast.Ident) bool {
	object := p.object(name)
	if function == nil || object == nil || object.Pos() < bodyOf(function).Lbrace || bodyOf(function).Rbrace < object.Pos() || p.function(p.definition(object)) != function {
		return false
	}
	for use, used := range p.info.Uses {
		if used != object {
			continue
		}
		if selector, ok := p.parents[use].(*ast.SelectorExpr); !ok || selector.X != ast.Expr(use) {
			return false
		}
	}
	return true
}

// definition is the name that declares an object.
func (p *program) definition(object types.Object) ast.Node {
	for name, defined := range p.info.Defs {
		if defined == object {
			return name
		}
	}
	return nil
}
