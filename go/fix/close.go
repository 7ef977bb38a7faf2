package main

import (
	"fmt"
	"go/ast"
	"go/types"
)

// closeSender lets the only function that sends close the channel: deferred, or behind its last send.
func closeSender(p *program, s *site) ([]Candidate, string) {
	received := s.blockedOn("receive", "range")
	if len(received) == 0 {
		return nil, "nobody is blocked in a receive that the source shows"
	}
	return each(classesOf(received), p.closedBySender)
}

func (p *program) closedBySender(class any) ([]Candidate, string) {
	sends := p.of(class, "send")
	if len(sends) == 0 {
		return p.closedOnEveryPath(class)
	}
	sender := p.function(sends[0].node)
	last := sends[0]
	for _, send := range sends {
		if p.function(send.node) != sender {
			return nil, fmt.Sprintf("it is sent to in %s and in %s: none of them may close it", p.nameOf(sender), p.nameOf(p.function(send.node)))
		}
		if send.node.Pos() > last.node.Pos() {
			last = send
		}
	}
	if sender == nil {
		return nil, "it is sent to outside of every function"
	}
	for _, call := range p.callers[sender] {
		if p.inLoop(call) {
			return nil, fmt.Sprintf("%s is started in a loop: none of several senders may close the channel", p.nameOf(sender))
		}
	}
	if p.isOfObject(sender, sends[0].on) {
		return nil, fmt.Sprintf("%s may be called more than once, and would close it twice", p.nameOf(sender))
	}
	text := "close(" + p.source(sends[0].on) + ")"
	facts := map[string]string{"channel": p.short(sends[0].on), "function": p.nameOf(sender)}
	closes := p.of(class, "close")
	var found []Candidate
	switch {
	case len(closes) == 0:
		if edit, ok := p.deferredIn(sender, sends[0].on, text); ok {
			found = append(found, Candidate{Edits: []Edit{edit}, Facts: with(facts, "how", "deferred")})
		}
		if !p.isDeclaredIn(last.on, p.topStatement(last.node)) {
			found = append(found, Candidate{Edits: []Edit{p.after(p.topStatement(last.node), text)}, Facts: with(facts, "how", "after")})
		}
		if len(found) == 0 {
			return nil, fmt.Sprintf("%s sends on several channels, one after the other", p.nameOf(sender))
		}
	case len(closes) == 1 && p.function(closes[0].node) == sender:
		statement, ok := p.statement(closes[0].node).(*ast.ExprStmt)
		if !ok {
			return nil, "it is closed already"
		}
		edit, ok := p.deferredIn(sender, sends[0].on, text)
		if !ok {
			return nil, "where it could be closed is not known"
		}
		found = append(found, Candidate{Edits: []Edit{edit, p.withoutLine(statement)}, Facts: with(facts, "how", "deferred")})
	default:
		return nil, "it is closed already, elsewhere"
	}
	return found, ""
}

// isOfObject: an exported method sends on a channel of its receiver's, and has not closed it so far.
func (p *program) isOfObject(function ast.Node, on ast.Expr) bool {
	decl, ok := function.(*ast.FuncDecl)
	_, isField := ast.Unparen(on).(*ast.SelectorExpr)
	return ok && isField && decl.Recv != nil && decl.Name.IsExported()
}

// closedOnEveryPath: one function closes it, in a place that some of its ways out leave out: the close is deferred.
func (p *program) closedOnEveryPath(class any) ([]Candidate, string) {
	closes := p.of(class, "close")
	if len(closes) != 1 {
		return nil, "nobody sends on this channel"
	}
	function := p.function(closes[0].node)
	statement, ok := p.statement(closes[0].node).(*ast.ExprStmt)
	if !ok || function == nil || p.parents[statement] != ast.Node(bodyOf(function)) || !p.returnsBefore(function, statement) {
		return nil, "nobody sends on this channel, and who closes it does so on every path"
	}
	edit, ok := p.deferredIn(function, closes[0].on, p.source(closes[0].node))
	if !ok {
		return nil, "where it could be closed is not known"
	}
	return []Candidate{{Edits: []Edit{edit, p.withoutLine(statement)}, Facts: map[string]string{"channel": p.short(closes[0].on), "function": p.nameOf(function), "how": "paths"}}}, ""
}

// returnsBefore: the function may be left before it comes to a statement.
func (p *program) returnsBefore(function ast.Node, statement ast.Stmt) bool {
	found := false
	ast.Inspect(bodyOf(function), func(node ast.Node) bool {
		switch n := node.(type) {
		case *ast.FuncLit:
			return false
		case *ast.ReturnStmt:
			found = found || n.Pos() < statement.Pos()
		}
		return true
	})
	return found
}

// inLoop: does a loop of the node's own function stand around it?
func (p *program) inLoop(node ast.Node) bool {
	for at := p.parents[node]; at != nil; at = p.parents[at] {
		switch at.(type) {
		case *ast.ForStmt, *ast.RangeStmt:
			return true
		case *ast.FuncDecl, *ast.FuncLit:
			return false
		}
	}
	return false
}

// topStatement is the statement directly in the function's body that a node stands in.
func (p *program) topStatement(node ast.Node) ast.Stmt {
	body := bodyOf(p.function(node))
	for at := node; at != nil; at = p.parents[at] {
		if p.parents[at] == ast.Node(body) {
			statement, _ := at.(ast.Stmt)
			return statement
		}
	}
	return nil
}

// deferredIn defers something at the beginning of a function, or behind the statement there that declares what it is done on.
func (p *program) deferredIn(function ast.Node, on ast.Expr, text string) (Edit, bool) {
	name := rootOf(on)
	if name == nil {
		return Edit{}, false
	}
	object := p.object(name)
	if object == nil {
		return Edit{}, false
	}
	body := bodyOf(function)
	if object.Pos() <= body.Lbrace || object.Pos() >= body.Rbrace {
		return p.atStart(body, "defer "+text), true
	}
	if statement := p.declaredBy(body, object); statement != nil {
		return p.after(statement, "defer "+text), true
	}
	return Edit{}, false
}

// declaredBy is the statement of a body that declares an object, which is known from there on; nil where it is known in a part alone.
func (p *program) declaredBy(body *ast.BlockStmt, object types.Object) ast.Stmt {
	for _, statement := range body.List {
		if statement.Pos() <= object.Pos() && object.Pos() < statement.End() {
			switch statement.(type) {
			case *ast.AssignStmt, *ast.DeclStmt:
				return statement
			}
		}
	}
	return nil
}

// rootOf is the x of x, x.f, x[i] and *x.
func rootOf(expression ast.Expr) *ast.Ident {
	for {
		switch e := expression.(type) {
		case *ast.ParenExpr:
			expression = e.X
		case *ast.StarExpr:
			expression = e.X
		case *ast.SelectorExpr:
			expression = e.X
		case *ast.IndexExpr:
			expression = e.X
		case *ast.Ident:
			return e
		default:
			return nil
		}
	}
}

// closeOwner lets the function that made a channel close it at its end, where nobody sends and nobody else closes.
func closeOwner(p *program, s *site) ([]Candidate, string) {
	received := s.blockedOn("receive", "range")
	if len(received) == 0 {
		return nil, "nobody is blocked in a receive that the source shows"
	}
	why := "where the channel is made is not known"
	for _, class := range classesOf(received) {
		if len(p.of(class, "close")) > 0 {
			why = "it is closed already, elsewhere"
			continue
		}
		if len(p.of(class, "send")) > 0 {
			why = "it is sent to: to close it is the sender's"
			continue
		}
		for _, made := range p.of(class, "make") {
			statement, name := p.assigned(made.node)
			if statement == nil {
				why = "the channel is made where it has no name"
				continue
			}
			text := "close(" + name + ")"
			facts := map[string]string{"channel": name, "function": p.nameOf(p.function(made.node))}
			return []Candidate{{Edits: []Edit{p.after(statement, "defer "+text)}, Facts: facts}}, ""
		}
	}
	return nil, why
}

// assigned is the statement that gives a value a name, and the name.
func (p *program) assigned(value ast.Node) (ast.Stmt, string) {
	switch up := p.parents[value].(type) {
	case *ast.AssignStmt:
		if len(up.Lhs) == len(up.Rhs) {
			for i := range up.Rhs {
				if up.Rhs[i] == value {
					return up, p.source(up.Lhs[i])
				}
			}
		}
	case *ast.ValueSpec:
		statement, ok := p.parents[p.parents[up]].(*ast.DeclStmt)
		if ok && len(up.Names) == 1 && len(up.Values) == 1 {
			return statement, up.Names[0].Name
		}
	}
	return nil, ""
}
