package main

import (
	"fmt"
	"go/ast"
	"go/token"
	"strings"
)

var unlocking = map[string]string{"Lock": "Unlock", "RLock": "RUnlock"}

// unlock gives a lock back on every path: before each way out on which it is kept, or deferred where it is taken.
func unlock(p *program, s *site) ([]Candidate, string) {
	blocked := s.blockedOn("Lock", "RLock")
	if len(blocked) == 0 {
		return nil, "nobody is blocked in a lock that the source shows"
	}
	var found []Candidate
	for _, class := range classesOf(blocked) {
		for _, taken := range p.of(class, "Lock", "RLock") {
			found = append(found, p.givenBack(taken)...)
		}
	}
	if len(found) == 0 {
		return nil, "every function that takes this lock gives it back on every path"
	}
	return found, ""
}

func classesOf(ops []operation) []any {
	var classes []any
	seen := map[any]bool{}
	for _, op := range ops {
		if op.class != nil && !seen[op.class] {
			seen[op.class] = true
			classes = append(classes, op.class)
		}
	}
	return classes
}

func (p *program) givenBack(taken operation) []Candidate {
	function := p.function(taken.node)
	statement, ok := p.statement(taken.node).(*ast.ExprStmt)
	if function == nil || !ok || statement.X != taken.node {
		return nil
	}
	release := p.source(taken.on) + "." + unlocking[taken.kind] + "()"
	facts := map[string]string{"lock": p.short(taken.on), "function": p.nameOf(function)}
	w := &holding{program: p, taken: taken, release: release}
	held, falls := w.list(bodyOf(function).List, false)
	if w.deferred {
		return nil
	}
	if held && falls {
		if list := bodyOf(function).List; len(list) > 0 {
			w.missing = append(w.missing, p.after(list[len(list)-1], release))
		}
	}
	var found []Candidate
	atTop := p.parents[statement] == bodyOf(function)
	deferred := p.after(statement, "defer "+release)
	switch {
	case len(w.missing) == 0:
		return nil
	case len(w.released) == 0 && atTop:
		return []Candidate{{Edits: []Edit{deferred}, Facts: with(facts, "how", "deferred")}}
	}
	found = append(found, Candidate{Edits: w.missing, Facts: with(facts, "how", "each")})
	if len(w.missing) > 1 {
		for _, edit := range w.missing {
			found = append(found, Candidate{Edits: []Edit{edit}, Facts: with(facts, "how", "each")})
		}
	}
	if atTop && len(w.released) > 0 {
		edits := []Edit{deferred}
		for _, one := range w.released {
			edits = append(edits, p.withoutLine(one))
		}
		found = append(found, Candidate{Edits: edits, Facts: with(facts, "how", "deferred")})
	}
	return found
}

func with(facts map[string]string, name, value string) map[string]string {
	more := map[string]string{name: value}
	for key, text := range facts {
		more[key] = text
	}
	return more
}

// withoutLine takes a statement away that is done elsewhere now, with its line where it stands alone there.
func (p *program) withoutLine(statement ast.Stmt) Edit {
	edit := p.replace(statement.Pos(), statement.End(), "")
	text := p.text[edit.File]
	from, to := edit.Offset, edit.Offset+edit.Length
	for from > 0 && (text[from-1] == ' ' || text[from-1] == '\t') {
		from--
	}
	if to < len(text) && text[to] == '\n' && from > 0 && text[from-1] == '\n' {
		return Edit{edit.File, from, to + 1 - from, ""}
	}
	return edit
}

// nameOf is a function's name for a sentence.
func (p *program) nameOf(function ast.Node) string {
	if decl, ok := function.(*ast.FuncDecl); ok {
		return decl.Name.Name
	}
	if outer := p.function(function); outer != nil {
		return "the function in " + p.nameOf(outer)
	}
	return "the function"
}

// holding walks a function along its statements and notes the ways out on which the lock is kept.
type holding struct {
	*program
	taken    operation
	release  string
	missing  []Edit
	released []ast.Stmt
	deferred bool
	// atLoop: was it held when the loop around began? broke: was it held at a break out of it?
	loops []*loopState
}

type loopState struct{ held, broke bool }

func (w *holding) is(node ast.Node, kinds ...string) bool {
	for _, op := range w.of(w.taken.class, kinds...) {
		if op.node == node {
			return true
		}
	}
	return false
}

func (w *holding) list(list []ast.Stmt, held bool) (bool, bool) {
	for _, statement := range list {
		var falls bool
		if held, falls = w.statement(statement, held); !falls {
			return held, false
		}
	}
	return held, true
}

// statement: is it held afterwards, and does the next one follow?
func (w *holding) statement(statement ast.Stmt, held bool) (bool, bool) {
	switch s := statement.(type) {
	case *ast.ExprStmt:
		if w.is(s.X, w.taken.kind) {
			return true, true
		}
		if w.is(s.X, unlocking[w.taken.kind]) {
			w.released = append(w.released, s)
			return false, true
		}
		if call, ok := s.X.(*ast.CallExpr); ok && w.builtin(call) == "panic" {
			return held, false
		}
	case *ast.DeferStmt:
		ast.Inspect(s.Call, func(node ast.Node) bool {
			if w.is(node, unlocking[w.taken.kind]) {
				w.deferred = true
			}
			return true
		})
	case *ast.ReturnStmt:
		if held {
			w.missing = append(w.missing, w.before(s, w.release))
		}
		return held, false
	case *ast.BranchStmt:
		if len(w.loops) > 0 && s.Label == nil {
			loop := w.loops[len(w.loops)-1]
			switch {
			case s.Tok == token.CONTINUE && held && !loop.held:
				w.missing = append(w.missing, w.before(s, w.release))
			case s.Tok == token.BREAK:
				loop.broke = loop.broke || held
			}
		}
		return held, false
	case *ast.BlockStmt:
		return w.list(s.List, held)
	case *ast.LabeledStmt:
		return w.statement(s.Stmt, held)
	case *ast.IfStmt:
		then, falls := w.list(s.Body.List, held)
		other, otherFalls := held, true
		if s.Else != nil {
			other, otherFalls = w.statement(s.Else, held)
		}
		return falls && then || otherFalls && other, falls || otherFalls
	case *ast.ForStmt:
		return w.loop(s.Body, held, s.Cond != nil)
	case *ast.RangeStmt:
		return w.loop(s.Body, held, true)
	case *ast.SwitchStmt:
		return w.clauses(s.Body, held)
	case *ast.TypeSwitchStmt:
		return w.clauses(s.Body, held)
	case *ast.SelectStmt:
		return w.clauses(s.Body, held)
	}
	return held, true
}

func (w *holding) loop(body *ast.BlockStmt, held, ends bool) (bool, bool) {
	loop := &loopState{held: held}
	w.loops = append(w.loops, loop)
	after, falls := w.list(body.List, held)
	w.loops = w.loops[:len(w.loops)-1]
	if falls && after && !held && len(body.List) > 0 {
		w.missing = append(w.missing, w.after(body.List[len(body.List)-1], w.release))
	}
	return loop.broke || ends && held, true
}

func (w *holding) clauses(body *ast.BlockStmt, held bool) (bool, bool) {
	after, falls := false, false
	hasDefault := false
	for _, clause := range body.List {
		var list []ast.Stmt
		switch c := clause.(type) {
		case *ast.CaseClause:
			list = c.Body
			hasDefault = hasDefault || c.List == nil
		case *ast.CommClause:
			list = c.Body
			hasDefault = true
		}
		one, on := w.list(list, held)
		after, falls = after || on && one, falls || on
	}
	if !hasDefault {
		after, falls = after || held, true
	}
	return after, falls
}

// lockApart splits a method that takes the lock: one part takes it, the other expects it to be held, and whoever holds it
// already calls that one.
func lockApart(p *program, s *site) ([]Candidate, string) {
	blocked := s.blockedOn("Lock", "RLock")
	if len(blocked) == 0 || len(s.stack) < 2 {
		return nil, "the lock is not taken in a function that another one calls"
	}
	class := blocked[0].class
	caller := s.stack[1]
	isHeld := false
	for _, taken := range p.of(class, "Lock", "RLock") {
		if p.function(taken.node) == caller.function && p.line(taken.node.Pos()) <= caller.Line {
			isHeld = true
		}
	}
	if !isHeld {
		return nil, fmt.Sprintf("%s, which calls it, does not itself take the lock", p.nameOf(caller.function))
	}
	edits := []Edit{}
	why := ""
	apart := map[ast.Node]bool{}
	names := []string{}
	ast.Inspect(bodyOf(caller.function), func(node ast.Node) bool {
		call, ok := node.(*ast.CallExpr)
		if !ok {
			return true
		}
		decl, ok := p.target(call.Fun).(*ast.FuncDecl)
		if !ok || !p.takesFirst(decl, class) {
			return true
		}
		more, not := p.split(decl)
		if not != "" {
			why = not
			return true
		}
		name := decl.Name.Name + "Locked"
		if !apart[decl] {
			apart[decl] = true
			edits = append(edits, more...)
			names = append(names, name)
		}
		switch f := ast.Unparen(call.Fun).(type) {
		case *ast.SelectorExpr:
			edits = append(edits, p.replace(f.Sel.Pos(), f.Sel.End(), name))
		case *ast.Ident:
			edits = append(edits, p.replace(f.Pos(), f.End(), name))
		}
		return true
	})
	if len(names) == 0 {
		if why == "" {
			why = "no function that it calls begins by taking the lock and gives it back at its end"
		}
		return nil, why
	}
	return []Candidate{{Edits: edits, Facts: map[string]string{"names": strings.Join(names, ", "), "function": p.nameOf(caller.function), "lock": p.short(blocked[0].on)}}}, ""
}

// takesFirst: its first statement takes the lock.
func (p *program) takesFirst(decl *ast.FuncDecl, class any) bool {
	if len(decl.Body.List) < 2 {
		return false
	}
	first, ok := decl.Body.List[0].(*ast.ExprStmt)
	if !ok {
		return false
	}
	for _, taken := range p.of(class, "Lock", "RLock") {
		if taken.node == first.X {
			return true
		}
	}
	return false
}

func (p *program) split(decl *ast.FuncDecl) ([]Edit, string) {
	list := decl.Body.List
	taken := p.callText(list[0])
	release := strings.TrimSuffix(taken, "Lock()") + "Unlock()"
	deferred, isDeferred := list[1].(*ast.DeferStmt)
	isDeferred = isDeferred && p.short(deferred.Call) == release
	last, isLast := list[len(list)-1].(*ast.ExprStmt)
	isLast = isLast && p.short(last.X) == release && !returns(decl.Body)
	if !isDeferred && !isLast {
		return nil, fmt.Sprintf("%s does not give the lock back at its end alone", decl.Name.Name)
	}
	call, head, why := p.headOf(decl)
	if why != "" {
		return nil, why
	}
	if decl.Type.Results != nil && len(decl.Type.Results.List) > 0 {
		call = "return " + call
	}
	comment := fmt.Sprintf("\n\n// %sLocked is %s for callers that hold the lock.\n%s {", decl.Name.Name, decl.Name.Name, head)
	if isDeferred {
		return []Edit{p.insert(list[1].End(), "\n\t"+call+"\n}"+comment)}, ""
	}
	return []Edit{p.insert(list[0].End(), "\n\t"+call+"\n\t"+release+"\n}"+comment), p.withoutLine(last)}, ""
}

func (p *program) callText(statement ast.Stmt) string {
	if s, ok := statement.(*ast.ExprStmt); ok {
		return p.short(s.X)
	}
	return ""
}

func returns(body *ast.BlockStmt) bool {
	found := false
	ast.Inspect(body, func(node ast.Node) bool {
		switch node.(type) {
		case *ast.FuncLit:
			return false
		case *ast.ReturnStmt:
			found = true
		}
		return true
	})
	return found
}

// headOf is a call of the function's other half with its own parameters, and that half's head.
func (p *program) headOf(decl *ast.FuncDecl) (string, string, string) {
	name := decl.Name.Name + "Locked"
	if p.packageAt(decl).Scope().Lookup(name) != nil || decl.Type.TypeParams != nil {
		return "", "", fmt.Sprintf("%s cannot be split: the name %s is taken, or it has type parameters", decl.Name.Name, name)
	}
	call, head := name, "func "+name
	if decl.Recv != nil {
		receiver := decl.Recv.List[0]
		if len(receiver.Names) == 0 || receiver.Names[0].Name == "_" {
			return "", "", fmt.Sprintf("the receiver of %s has no name", decl.Name.Name)
		}
		call = receiver.Names[0].Name + "." + name
		head = "func " + p.source(decl.Recv) + " " + name
	}
	var arguments []string
	for _, field := range decl.Type.Params.List {
		if len(field.Names) == 0 {
			return "", "", fmt.Sprintf("a parameter of %s has no name", decl.Name.Name)
		}
		for _, parameter := range field.Names {
			if parameter.Name == "_" {
				return "", "", fmt.Sprintf("a parameter of %s has no name", decl.Name.Name)
			}
			text := parameter.Name
			if _, ok := field.Type.(*ast.Ellipsis); ok {
				text += "..."
			}
			arguments = append(arguments, text)
		}
	}
	head += p.source(decl.Type.Params)
	if decl.Type.Results != nil {
		head += " " + p.source(decl.Type.Results)
	}
	return call + "(" + strings.Join(arguments, ", ") + ")", head, ""
}

// unlockAround gives a lock back while its holder waits for something else: for a channel, or in a call that takes it again.
func unlockAround(p *program, s *site) ([]Candidate, string) {
	places := append([]place{}, s.stack...)
	for _, frame := range s.Others {
		if at, ok := p.place(frame); ok {
			places = append(places, at)
		}
	}
	var found []Candidate
	for i, at := range places {
		if i == 0 && len(s.blockedOn("Lock", "RLock")) > 0 {
			continue // it waits for a lock itself
		}
		found = append(found, p.released(at)...)
	}
	if len(found) == 0 {
		return nil, "none of the functions on its stack waits while it holds a lock"
	}
	return found, ""
}

func (p *program) released(at place) []Candidate {
	statement := p.statementAt(at)
	switch statement.(type) {
	case *ast.ExprStmt, *ast.AssignStmt, *ast.SendStmt:
	default:
		return nil
	}
	var found []Candidate
	for _, taken := range p.ops {
		release, ok := unlocking[taken.kind]
		if !ok || p.function(taken.node) != at.function || taken.node.Pos() >= statement.Pos() || p.within(taken.node, statement) {
			continue
		}
		text := p.source(taken.on) + "." + release + "()"
		facts := map[string]string{"lock": p.short(taken.on), "function": p.nameOf(at.function), "while": p.short(statement)}
		if next := p.next(statement); next != nil && p.callText(next) == p.short(taken.on)+"."+release+"()" {
			found = append(found, Candidate{Edits: []Edit{p.before(statement, text), p.withoutLine(next)}, Facts: facts})
			continue
		}
		if p.isHeldAt(taken, statement) {
			found = append(found, Candidate{Edits: []Edit{p.before(statement, text), p.after(statement, p.source(taken.on)+"."+taken.kind+"()")}, Facts: facts})
		}
	}
	return found
}

// isHeldAt: no release stands between in the source, and one stands behind or is deferred.
func (p *program) isHeldAt(taken operation, statement ast.Stmt) bool {
	later := false
	for _, given := range p.of(taken.class, unlocking[taken.kind]) {
		if p.function(given.node) != p.function(taken.node) {
			continue
		}
		_, isDeferred := p.parents[given.node].(*ast.DeferStmt)
		if !isDeferred && taken.node.Pos() < given.node.Pos() && given.node.Pos() < statement.Pos() {
			return false
		}
		later = true
	}
	return later
}

// statementAt is the innermost statement that begins in a place's line.
func (p *program) statementAt(at place) ast.Stmt {
	var found ast.Stmt
	ast.Inspect(bodyOf(at.function), func(node ast.Node) bool {
		if _, isLiteral := node.(*ast.FuncLit); isLiteral && node != at.function {
			return false
		}
		if node != nil && p.line(node.Pos()) == at.Line {
			if statement := p.statement(node); statement != nil && p.line(statement.Pos()) == at.Line && p.function(statement) == at.function {
				found = statement
			}
		}
		return true
	})
	return found
}

// next is the statement behind one in its list.
func (p *program) next(statement ast.Stmt) ast.Stmt {
	var list []ast.Stmt
	switch up := p.parents[statement].(type) {
	case *ast.BlockStmt:
		list = up.List
	case *ast.CaseClause:
		list = up.Body
	case *ast.CommClause:
		list = up.Body
	}
	for i, one := range list {
		if one == statement && i+1 < len(list) {
			return list[i+1]
		}
	}
	return nil
}
