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
			name, isName := assign.Lhs[1].(*ast.Ident)
			if !ok || !isName || !p.makesContext(call) {
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
