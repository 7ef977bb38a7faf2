package main

import (
	"go/ast"
	"go/token"
	"go/types"
)

// unlockLast gives a lock back behind what its holder still changes beside it: what stands directly behind the Unlock, and is
// of the same value as the lock. Whoever gets the lock in between would have that change made under its feet.
func unlockLast(p *program, s *site) ([]Candidate, string) {
	blocked := s.blockedOn("Lock", "RLock")
	if len(blocked) == 0 {
		return nil, "nobody is blocked in a lock that the source shows"
	}
	var found []Candidate
	for _, class := range classesOf(blocked) {
		for _, given := range p.of(class, "Unlock", "RUnlock") {
			if candidate, ok := p.behindChanges(given); ok {
				found = append(found, candidate)
			}
		}
	}
	if len(found) == 0 {
		return nil, "nobody changes what belongs to the lock directly behind giving it back"
	}
	return found, ""
}

func (p *program) behindChanges(given operation) (Candidate, bool) {
	statement, ok := p.statement(given.node).(*ast.ExprStmt)
	owner := rootOf(given.on)
	if !ok || statement.X != given.node || owner == nil {
		return Candidate{}, false
	}
	var last ast.Stmt
	for next := p.next(statement); next != nil && p.changes(next, p.object(owner)); next = p.next(next) {
		last = next
	}
	if last == nil {
		return Candidate{}, false
	}
	edits := []Edit{p.withoutLine(statement), p.after(last, p.source(given.node))}
	return Candidate{Edits: edits, Facts: map[string]string{"lock": p.short(given.on), "function": p.nameOf(p.function(given.node)), "what": p.short(last)}}, true
}

// changes: a statement that writes a field of an object, by assignment or as an atomic value, and does nothing else.
func (p *program) changes(statement ast.Stmt, owner types.Object) bool {
	isOwners := func(expression ast.Expr) bool {
		root := rootOf(expression)
		_, isName := ast.Unparen(expression).(*ast.Ident)
		return !isName && root != nil && owner != nil && p.object(root) == owner
	}
	switch s := statement.(type) {
	case *ast.IncDecStmt:
		return isOwners(s.X)
	case *ast.AssignStmt:
		if s.Tok == token.DEFINE || len(s.Lhs) != 1 || len(s.Rhs) != 1 {
			return false
		}
		_, isCall := ast.Unparen(s.Rhs[0]).(*ast.CallExpr)
		return isOwners(s.Lhs[0]) && !isCall
	case *ast.ExprStmt:
		call, ok := s.X.(*ast.CallExpr)
		if !ok {
			return false
		}
		selector, ok := ast.Unparen(call.Fun).(*ast.SelectorExpr)
		if !ok {
			return false
		}
		function, ok := p.info.Uses[selector.Sel].(*types.Func)
		if !ok || function.Pkg() == nil || function.Pkg().Path() != "sync/atomic" {
			return false
		}
		on := selector.X
		if p.info.Selections[selector] == nil && len(call.Args) > 0 { // atomic.StoreInt64(&l.owner, 0)
			address, ok := ast.Unparen(call.Args[0]).(*ast.UnaryExpr)
			if !ok {
				return false
			}
			on = address.X
		}
		return isOwners(on)
	}
	return false
}
