package main

import (
	"fmt"
	"go/ast"
	"go/token"
	"go/types"
	"strings"
)

var unlocking = map[string]string{"Lock": "Unlock", "RLock": "RUnlock"}

// unlock gives a lock back on every path: before each way out on which it is kept, or deferred where it is taken.
func unlock(p *program, s *site) ([]Candidate, string) {
	blocked := s.blockedOn("Lock", "RLock")
	if len(blocked) == 0 {
		return nil, "nobody is blocked in a lock that the source shows"
	}
	found := p.meantUnlock(blocked)
	for _, class := range classesOf(blocked) {
		for _, taken := range p.of(class, "Lock", "RLock") {
			found = append(found, p.givenBack(taken)...)
			found = append(found, p.givenBackEachTurn(taken)...)
		}
	}
	if len(found) == 0 {
		return nil, "every function that takes this lock gives it back on every path"
	}
	return found, ""
}

// meantUnlock: the same lock is taken again as the last thing before the function is left, so that nothing could be done
// under it: it was to be given back.
func (p *program) meantUnlock(blocked []operation) []Candidate {
	var found []Candidate
	for _, again := range blocked {
		statement, ok := p.statement(again.node).(*ast.ExprStmt)
		selector, isMethod := ast.Unparen(again.node.(*ast.CallExpr).Fun).(*ast.SelectorExpr)
		if !ok || !isMethod || statement.X != again.node || !p.isLast(statement) {
			continue
		}
		for _, taken := range p.of(again.class, again.kind) {
			if p.function(taken.node) == p.function(again.node) && taken.node.Pos() < again.node.Pos() && p.short(taken.on) == p.short(again.on) && !p.isReleasedBetween(taken, again.node) {
				edit := p.replace(selector.Sel.Pos(), selector.Sel.End(), unlocking[again.kind])
				found = append(found, Candidate{Edits: []Edit{edit}, Facts: map[string]string{"lock": p.short(again.on), "function": p.nameOf(p.function(again.node)), "how": "meant"}})
				break
			}
		}
	}
	return found
}

// isLast: the function is left behind it.
func (p *program) isLast(statement ast.Stmt) bool {
	if next := p.next(statement); next != nil {
		left, ok := next.(*ast.ReturnStmt)
		return ok && len(left.Results) == 0
	}
	return p.parents[statement] == ast.Node(bodyOf(p.function(statement)))
}

// isReleasedBetween: the lock is given back between its taking and a node of the same function.
func (p *program) isReleasedBetween(taken operation, node ast.Node) bool {
	for _, given := range p.of(taken.class, unlocking[taken.kind]) {
		_, isDeferred := p.parents[given.node].(*ast.DeferStmt)
		if p.function(given.node) == p.function(taken.node) && !isDeferred && taken.node.Pos() < given.node.Pos() && given.node.Pos() < node.Pos() {
			return true
		}
	}
	return false
}

// givenBackEachTurn: the lock is taken in each turn of a loop and given back once, behind the loop. Each turn gives it back:
// before each continue and break, and at its end.
func (p *program) givenBackEachTurn(taken operation) []Candidate {
	statement, ok := p.statement(taken.node).(*ast.ExprStmt)
	if !ok || statement.X != taken.node {
		return nil
	}
	body, ok := p.parents[statement].(*ast.BlockStmt)
	if !ok {
		return nil
	}
	loop, _ := p.parents[body].(ast.Stmt)
	switch loop.(type) {
	case *ast.ForStmt, *ast.RangeStmt:
	default:
		return nil
	}
	release := p.source(taken.on) + "." + unlocking[taken.kind] + "()"
	behind := p.next(loop)
	if behind == nil || p.callText(behind) != p.short(taken.on)+"."+unlocking[taken.kind]+"()" {
		return nil
	}
	w := &holding{program: p, taken: taken, release: release, eachTurn: true}
	if _, falls := w.loop(body, false, true); !falls || len(w.missing) == 0 || len(w.released) > 0 {
		return nil
	}
	facts := map[string]string{"lock": p.short(taken.on), "function": p.nameOf(p.function(taken.node)), "how": "turn"}
	return []Candidate{{Edits: append(w.missing, p.withoutLine(behind)), Facts: facts}}
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
	// eachTurn: a break gives it back, too.
	eachTurn bool
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
			case s.Tok == token.BREAK && held && w.eachTurn:
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
	held := ""
	for _, taken := range p.of(class, "Lock", "RLock") {
		if p.function(taken.node) == caller.function && p.line(taken.node.Pos()) <= caller.Line {
			held = taken.kind
		}
	}
	if held == "" {
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
		if !ok {
			return true
		}
		at, kind := p.takesFirst(decl, class)
		if at < 0 {
			return true
		}
		more, not := p.split(decl, at)
		if held == "RLock" && kind == "Lock" {
			not = fmt.Sprintf("%s takes the lock for writing, and %s holds it for reading", decl.Name.Name, p.nameOf(caller.function))
		}
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

// takesFirst is the place of the statement that takes the lock, and how: the first, but for calls of others' functions, which
// may as well be made under the lock. -1: there is none.
func (p *program) takesFirst(decl *ast.FuncDecl, class any) (int, string) {
	for i, statement := range decl.Body.List {
		first, ok := statement.(*ast.ExprStmt)
		if !ok || i+1 == len(decl.Body.List) {
			return -1, ""
		}
		for _, taken := range p.of(class, "Lock", "RLock") {
			if taken.node == first.X {
				return i, taken.kind
			}
		}
		call, ok := first.X.(*ast.CallExpr)
		if !ok || p.target(call.Fun) != nil || len(call.Args) > 0 || p.isMethod(call) {
			return -1, ""
		}
	}
	return -1, ""
}

// isMethod: it is called on a value, or is one.
func (p *program) isMethod(call *ast.CallExpr) bool {
	switch f := ast.Unparen(call.Fun).(type) {
	case *ast.SelectorExpr:
		return p.info.Selections[f] != nil
	case *ast.Ident:
		_, isFunction := p.info.Uses[f].(*types.Func)
		return !isFunction
	}
	return true
}

// split makes two functions of one whose statement number `at` takes the lock.
func (p *program) split(decl *ast.FuncDecl, at int) ([]Edit, string) {
	list := decl.Body.List
	taken := p.callText(list[at])
	release := strings.TrimSuffix(taken, "Lock()") + "Unlock()"
	deferred, isDeferred := list[at+1].(*ast.DeferStmt)
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
	edits := []Edit{}
	for _, before := range list[:at] {
		comment += "\n\t" + p.source(before)
		edits = append(edits, p.withoutLine(before))
	}
	if isDeferred {
		return append(edits, p.insert(list[at+1].End(), "\n\t"+call+"\n}"+comment)), ""
	}
	return append(edits, p.insert(list[at].End(), "\n\t"+call+"\n\t"+release+"\n}"+comment), p.withoutLine(last)), ""
}

func (p *program) callText(statement ast.Stmt) string {
	if s, ok := statement.(*ast.ExprStmt); ok {
		return p.short(s.X)
	}
	return ""
}

func returns(body *ast.BlockStmt) bool { return returnsIn(body) }

// returnsIn: the function around may be left in a statement of it.
func returnsIn(body ast.Stmt) bool {
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
		var own any // where it waits for a lock itself, it is another one that it gives back
		if locks := s.blockedOn("Lock", "RLock"); i == 0 && len(locks) > 0 {
			own = locks[0].class
		}
		found = append(found, p.released(at, own)...)
	}
	if len(found) == 0 {
		return nil, "none of the functions on its stack waits while it holds a lock"
	}
	return found, ""
}

func (p *program) released(at place, but any) []Candidate {
	statement := p.statementAt(at)
	if clause, ok := statement.(*ast.CommClause); ok {
		statement, _ = p.parents[p.parents[clause]].(ast.Stmt)
	}
	switch s := statement.(type) {
	case *ast.ExprStmt, *ast.AssignStmt, *ast.SendStmt:
	case *ast.SelectStmt:
		if hasDefault(s) {
			return nil
		}
	default:
		return nil
	}
	var found []Candidate
	for _, taken := range p.ops {
		release, ok := unlocking[taken.kind]
		if !ok || but != nil && p.alias.find(but) == p.alias.find(taken.class) || p.function(taken.node) != at.function || taken.node.Pos() >= statement.Pos() || p.within(taken.node, statement) {
			continue
		}
		text := p.source(taken.on) + "." + release + "()"
		facts := map[string]string{"lock": p.short(taken.on), "function": p.nameOf(at.function), "while": p.short(statement)}
		if next := p.next(statement); next != nil && p.callText(next) == p.short(taken.on)+"."+release+"()" {
			found = append(found, Candidate{Edits: []Edit{p.before(statement, text), p.withoutLine(next)}, Facts: facts})
			continue
		}
		if p.isHeldAt(taken, statement) {
			again := p.source(taken.on) + "." + taken.kind + "()"
			found = append(found, Candidate{Edits: append(p.behind(statement, again), p.before(statement, text)), Facts: facts})
		}
	}
	return found
}

// behind puts a statement behind another one; behind a select, where each of its cases begins.
func (p *program) behind(statement ast.Stmt, text string) []Edit {
	choice, ok := statement.(*ast.SelectStmt)
	if !ok {
		return []Edit{p.after(statement, text)}
	}
	var edits []Edit
	for _, one := range choice.Body.List {
		clause := one.(*ast.CommClause)
		edit := p.insert(clause.Colon+1, "\n"+p.indent(clause.Pos())+"\t"+text)
		edit.Offset += p.commented(edit)
		edits = append(edits, edit)
	}
	return edits
}

func hasDefault(choice *ast.SelectStmt) bool {
	for _, clause := range choice.Body.List {
		if clause.(*ast.CommClause).Comm == nil {
			return true
		}
	}
	return false
}

// isHeldAt: no release stands between in the source, and one stands behind or is deferred; a function literal of the
// function may be what gives it back.
func (p *program) isHeldAt(taken operation, statement ast.Stmt) bool {
	later := false
	for _, given := range p.of(taken.class, unlocking[taken.kind]) {
		if p.function(given.node) == p.function(taken.node) || p.short(given.on) == p.short(taken.on) && p.within(given.node, p.function(taken.node)) {
			later = true
		}
	}
	return later && !p.isReleasedBetween(taken, statement)
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
