package main

import (
	"fmt"
	"go/ast"
	"go/token"
)

// waitGroupCount adds as many to a WaitGroup as are done.
func waitGroupCount(p *program, s *site) ([]Candidate, string) {
	waits := s.blockedOn("Wait")
	if len(waits) == 0 {
		return nil, "nobody is blocked in a Wait that the source shows"
	}
	class := waits[0].class
	adds := p.of(class, "Add")
	if len(adds) != 1 {
		return nil, "there is not one Add whose number could be another"
	}
	call := adds[0].node.(*ast.CallExpr)
	home := p.function(call)
	if home == nil || p.inLoop(call) || len(call.Args) != 1 {
		return nil, "the Add stands in a loop"
	}
	wanted := map[ast.Node]bool{}
	for _, done := range p.of(class, "Done") {
		wanted[done.node] = true
	}
	c := &counter{program: p, wanted: wanted, made: map[ast.Node]bool{call: true}, at: call}
	times := c.function(home)
	if c.err != nil {
		return nil, c.err.Error()
	}
	if times.isZero() {
		return nil, "nobody calls Done"
	}
	edit := p.replace(call.Args[0].Pos(), call.Args[0].End(), times.String())
	return []Candidate{{Edits: []Edit{edit}, Facts: map[string]string{"group": p.short(adds[0].on), "number": times.String(), "before": p.short(call.Args[0])}}}, ""
}

// waitGroupDone calls Done in the goroutine that is waited for, and on every path of it; and adds before it is started.
func waitGroupDone(p *program, s *site) ([]Candidate, string) {
	waits := s.blockedOn("Wait")
	if len(waits) == 0 {
		return nil, "nobody is blocked in a Wait that the source shows"
	}
	class := waits[0].class
	waiter := p.function(waits[0].node)
	var found []Candidate
	for _, done := range p.of(class, "Done") {
		deferred, isDeferred := p.parents[done.node].(*ast.DeferStmt)
		if isDeferred && p.function(done.node) == waiter {
			if candidate, ok := p.intoGoroutine(deferred, done); ok {
				found = append(found, candidate)
			}
			continue
		}
		statement, plain := p.statement(done.node).(*ast.ExprStmt)
		if plain && !isDeferred && statement.X == done.node && p.parents[statement] == ast.Node(bodyOf(p.function(done.node))) {
			function := p.function(done.node)
			if edit, ok := p.deferredIn(function, done.on, p.source(done.node)); ok {
				found = append(found, Candidate{Edits: []Edit{edit, p.withoutLine(statement)}, Facts: map[string]string{"group": p.short(done.on), "function": p.nameOf(function), "how": "deferred"}})
			}
		}
	}
	found = append(found, p.waitBehind(waits[0])...)
	if len(found) == 0 {
		return nil, "each Done is deferred in the goroutine that it is for"
	}
	return found, ""
}

// intoGoroutine: the waiter's own deferred Done belongs into the goroutine that it starts next.
func (p *program) intoGoroutine(deferred *ast.DeferStmt, done operation) (Candidate, bool) {
	start, ok := p.next(deferred).(*ast.GoStmt)
	if !ok {
		return Candidate{}, false
	}
	text := "defer " + p.source(done.node)
	facts := map[string]string{"group": p.short(done.on), "function": "the goroutine", "how": "moved"}
	if literal, ok := start.Call.Fun.(*ast.FuncLit); ok {
		return Candidate{Edits: []Edit{p.withoutLine(deferred), p.atStart(literal.Body, text)}, Facts: facts}, true
	}
	for _, argument := range start.Call.Args { // they would be evaluated later
		if _, isName := argument.(*ast.Ident); !isName {
			if _, isLiteral := argument.(*ast.BasicLit); !isLiteral {
				return Candidate{}, false
			}
		}
	}
	indent := p.indent(start.Pos())
	whole := fmt.Sprintf("go func() {\n%s\t%s\n%s\t%s\n%s}()", indent, text, indent, p.source(start.Call), indent)
	return Candidate{Edits: []Edit{p.withoutLine(deferred), p.replace(start.Pos(), start.End(), whole)}, Facts: facts}, true
}

// waitBehind: a Wait in the loop that starts the goroutines waits for those that are not started yet.
func (p *program) waitBehind(wait operation) []Candidate {
	statement, ok := p.statement(wait.node).(*ast.ExprStmt)
	if !ok || statement.X != wait.node {
		return nil
	}
	var loop ast.Stmt
	switch up := p.parents[p.parents[statement]].(type) {
	case *ast.ForStmt:
		loop = up
	case *ast.RangeStmt:
		loop = up
	default:
		return nil
	}
	return []Candidate{{Edits: []Edit{p.withoutLine(statement), p.after(loop, p.source(wait.node))}, Facts: map[string]string{"group": p.short(wait.on), "function": p.nameOf(p.function(wait.node)), "how": "behind"}}}
}

// signalLocked signals under the lock, and waits in a loop.
func signalLocked(p *program, s *site) ([]Candidate, string) {
	var waits []operation
	for _, op := range s.blockedOn("Wait") {
		if kind := p.info.TypeOf(op.on); kind != nil && condition(p, op) {
			waits = append(waits, op)
		}
	}
	if len(waits) == 0 {
		return nil, "nobody is blocked in the Wait of a condition that the source shows"
	}
	class := waits[0].class
	var looped, locked, all []Edit
	for _, wait := range p.of(class, "Wait") {
		for at := p.parents[wait.node]; at != nil; at = p.parents[at] {
			if branch, ok := at.(*ast.IfStmt); ok && branch.Else == nil && branch.Init == nil && len(branch.Body.List) == 1 {
				looped = append(looped, p.replace(branch.Pos(), branch.Pos()+token.Pos(len("if")), "for"))
			}
			if _, ok := at.(*ast.BlockStmt); ok && len(looped) > 0 {
				break
			}
			if _, ok := at.(*ast.FuncDecl); ok {
				break
			}
		}
	}
	for _, signal := range p.of(class, "Signal", "Broadcast") {
		statement, ok := p.statement(signal.node).(*ast.ExprStmt)
		if !ok || p.isUnderLock(signal) {
			continue
		}
		from := ast.Stmt(statement)
		if before := p.previous(statement); before != nil {
			if _, ok := before.(*ast.AssignStmt); ok {
				from = before // the condition changes there
			}
		}
		name := p.source(signal.on)
		locked = append(locked, p.before(from, name+".L.Lock()"), p.after(statement, name+".L.Unlock()"))
	}
	for _, signal := range p.of(class, "Signal") {
		if selector, ok := signal.node.(*ast.CallExpr).Fun.(*ast.SelectorExpr); ok {
			all = append(all, p.replace(selector.Sel.Pos(), selector.Sel.End(), "Broadcast"))
		}
	}
	facts := map[string]string{"condition": p.short(waits[0].on)}
	var found []Candidate
	for _, one := range []struct {
		how   string
		edits []Edit
	}{{"looped", looped}, {"locked", locked}, {"all", all}} {
		if len(one.edits) > 0 {
			found = append(found, Candidate{Edits: one.edits, Facts: with(facts, "how", one.how)})
		}
	}
	if len(looped) > 0 && len(locked) > 0 {
		found = append(found, Candidate{Edits: append(append([]Edit{}, locked...), looped...), Facts: with(facts, "how", "both")})
	}
	if len(found) == 0 {
		return nil, "every signal is under the lock, and every Wait is in a loop"
	}
	return found, ""
}

func condition(p *program, op operation) bool {
	kind := p.info.TypeOf(op.on)
	return kind != nil && (syncType(kind) == "Cond" || syncType(elem(kind)) == "Cond")
}

// isUnderLock: a Lock stands before it in its function, and no Unlock between.
func (p *program) isUnderLock(signal operation) bool {
	held := false
	for _, op := range p.ops {
		if p.function(op.node) != p.function(signal.node) || op.node.Pos() > signal.node.Pos() {
			continue
		}
		if op.kind == "Lock" {
			held = true
		}
		if _, isDeferred := p.parents[op.node].(*ast.DeferStmt); op.kind == "Unlock" && !isDeferred {
			held = false
		}
	}
	return held
}

func (p *program) previous(statement ast.Stmt) ast.Stmt {
	block, ok := p.parents[statement].(*ast.BlockStmt)
	if !ok {
		return nil
	}
	for i, one := range block.List {
		if one == statement && i > 0 {
			return block.List[i-1]
		}
	}
	return nil
}
