package main

import (
	"go/ast"
	"go/token"
)

// receive takes the value on a path that left without it: it waits for the sender before it returns.
func receive(p *program, s *site) ([]Candidate, string) {
	sends := append(s.blockedOn("send"), p.alsoBlocked(s, "send")...)
	if len(sends) == 0 {
		return nil, noSend
	}
	var found []Candidate
	for _, class := range classesOf(sends) {
		functions := map[ast.Node]bool{}
		for _, taken := range p.of(class, "receive") {
			function := p.function(taken.node)
			if function == nil || functions[function] || p.choice(taken.node) != nil {
				continue
			}
			functions[function] = true
			var edits []Edit
			name := p.source(taken.on)
			ast.Inspect(bodyOf(function), func(node ast.Node) bool {
				switch n := node.(type) {
				case *ast.FuncLit:
					return false
				case *ast.ReturnStmt:
					// Between the start of the sender and the receive.
					if n.End() < taken.node.Pos() && p.startsBefore(function, sends, n) {
						edits = append(edits, p.before(n, "<-"+name))
					}
				}
				return true
			})
			if len(edits) > 0 {
				found = append(found, Candidate{Edits: edits, Facts: map[string]string{"channel": p.short(taken.on), "function": p.nameOf(function)}})
			}
		}
	}
	for _, class := range classesOf(sends) {
		found = append(found, p.drained(class)...)
	}
	if len(found) == 0 {
		return nil, "no return stands between the start of the sender and the receive"
	}
	return found, ""
}

// startsBefore: the sender's go statement stands before it in the same function.
func (p *program) startsBefore(function ast.Node, sends []operation, at ast.Node) bool {
	for _, send := range sends {
		for outer := p.function(send.node); outer != nil; outer = p.function(outer) {
			if outer == function {
				return send.node.Pos() < at.Pos()
			}
			for _, call := range p.callers[outer] {
				if p.function(call) == function && call.Pos() < at.Pos() {
					return true
				}
			}
		}
	}
	return false
}

// drained: a loop that takes what is sent, and is left before the channel is closed, takes the rest: only where somebody
// closes it, so that there is an end.
func (p *program) drained(class any) []Candidate {
	if len(p.of(class, "close")) == 0 {
		return nil
	}
	var found []Candidate
	for _, taken := range p.of(class, "range") {
		loop := taken.node.(*ast.RangeStmt)
		var edits []Edit
		rest := []string{"for range " + p.source(taken.on) + " {", "}"}
		ast.Inspect(loop.Body, func(node ast.Node) bool {
			switch n := node.(type) {
			case *ast.FuncLit:
				return false
			case *ast.ReturnStmt:
				edits = append(edits, p.before(n, rest...))
			case *ast.BranchStmt:
				if n.Tok == token.BREAK && n.Label == nil && p.breaks(n) == ast.Stmt(loop) {
					edits = append(edits, p.before(n, rest...))
				}
			}
			return true
		})
		if len(edits) > 0 {
			found = append(found, Candidate{Edits: edits, Facts: map[string]string{"channel": p.short(taken.on), "function": p.nameOf(p.function(loop)), "how": "rest"}})
		}
	}
	return found
}

// breaks is the statement that a break without a label leaves.
func (p *program) breaks(node ast.Node) ast.Stmt {
	for at := p.parents[node]; at != nil; at = p.parents[at] {
		switch s := at.(type) {
		case *ast.ForStmt, *ast.RangeStmt, *ast.SwitchStmt, *ast.TypeSwitchStmt, *ast.SelectStmt:
			statement, _ := s.(ast.Stmt)
			return statement
		}
	}
	return nil
}
