package main

import (
	"fmt"
	"go/ast"
	"go/token"
	"go/types"
	"sort"
	"strings"
)

// selectDone lets a goroutine stop waiting when a context that is in scope ends, or a channel that is in scope is closed.
func selectDone(p *program, s *site) ([]Candidate, string) {
	blocked := s.blockedOn("send", "receive")
	if len(blocked) == 0 {
		return nil, "nobody is blocked in a send or a receive that the source shows"
	}
	return each(blocked, p.givenUp)
}

// givenUp lets an operation be given up when something that is in scope ends.
func (p *program) givenUp(op operation) ([]Candidate, string) {
	var found []Candidate
	if name := p.blankContext(op); name != nil {
		if edits, why := p.withCase(op, "ctx.Done()", ""); why == "" {
			edits = append(edits, p.replace(name.Pos(), name.End(), "ctx"))
			found = append(found, Candidate{Edits: edits, Facts: map[string]string{"end": "ctx.Done()", "what": p.short(op.node)}})
		}
	}
	ends := append(p.endsAround(op), p.endsInScope(op)...)
	if len(ends) == 0 {
		return found, "no context and no channel that somebody closes is in scope"
	}
	more, why := each(ends, func(end string) ([]Candidate, string) {
		edits, not := p.withCase(op, end, "")
		if not != "" {
			return nil, not
		}
		return []Candidate{{Edits: edits, Facts: map[string]string{"end": end, "what": p.short(op.node)}}}, ""
	})
	return append(found, more...), why
}

// endsAround are what a select around the operation receives from to return: the function ends by them elsewhere, too.
func (p *program) endsAround(op operation) []string {
	var found []string
	function := p.function(op.node)
	for at := p.parents[op.node]; at != nil && at != function; at = p.parents[at] {
		choice, ok := at.(*ast.SelectStmt)
		if !ok || choice == p.choice(op.node) {
			continue
		}
		for _, one := range choice.Body.List {
			clause := one.(*ast.CommClause)
			received, ok := clause.Comm.(*ast.ExprStmt)
			if !ok || len(clause.Body) == 0 {
				continue
			}
			end, isReceive := ast.Unparen(received.X).(*ast.UnaryExpr)
			_, leaves := clause.Body[len(clause.Body)-1].(*ast.ReturnStmt)
			if isReceive && leaves && !p.isDeclaredIn(end.X, choice) {
				found = append(found, p.source(end.X))
			}
		}
	}
	return found
}

// isDeclaredIn: a name of the expression is declared inside of a node.
func (p *program) isDeclaredIn(expression ast.Expr, node ast.Node) bool {
	found := false
	ast.Inspect(expression, func(n ast.Node) bool {
		if name, ok := n.(*ast.Ident); ok {
			if object := p.object(name); object != nil && node.Pos() <= object.Pos() && object.Pos() < node.End() {
				found = true
			}
		}
		return true
	})
	return found
}

// blankContext is the `_` of a context parameter that the function around does not use; it may have a name.
func (p *program) blankContext(op operation) *ast.Ident {
	function := p.function(op.node)
	if p.isNameUsed("ctx", function) {
		return nil
	}
	for _, field := range typeOf(function).Params.List {
		for _, name := range field.Names {
			if kind := p.info.TypeOf(field.Type); name.Name == "_" && kind != nil && isNamed(kind, "context", "Context") {
				return name
			}
		}
	}
	return nil
}

// endsInScope are expressions from which one receives when something is over: ctx.Done(), done, s.quit.
func (p *program) endsInScope(op operation) []string {
	scope := p.scopeAt(op.node)
	var found []string
	seen := map[string]bool{}
	for at := scope; at != nil && at != types.Universe; at = at.Parent() {
		names := at.Names()
		sort.Strings(names)
		for _, name := range names {
			_, object := scope.LookupParent(name, op.node.Pos())
			variable, ok := object.(*types.Var)
			if !ok || seen[name] || at.Lookup(name) != object {
				continue
			}
			seen[name] = true
			found = append(found, p.endsOf(op, name, variable)...)
		}
	}
	return found
}

func (p *program) endsOf(op operation, name string, variable *types.Var) []string {
	if isNamed(variable.Type(), "context", "Context") {
		return []string{name + ".Done()"}
	}
	if p.isEnd(op, variable, variable.Type()) {
		return []string{name}
	}
	kind := variable.Type()
	if pointer, ok := kind.Underlying().(*types.Pointer); ok {
		kind = pointer.Elem()
	}
	structure, ok := kind.Underlying().(*types.Struct)
	if !ok {
		return nil
	}
	var found []string
	for i := range structure.NumFields() {
		field := structure.Field(i)
		if field.Pkg() != p.packageAt(op.node) && !field.Exported() {
			continue
		}
		if isNamed(field.Type(), "context", "Context") {
			found = append(found, name+"."+field.Name()+".Done()")
		} else if p.isEnd(op, field, field.Type()) {
			found = append(found, name+"."+field.Name())
		}
	}
	return found
}

// isEnd: another channel than the operation's, which somebody closes, and which one may receive from.
func (p *program) isEnd(op operation, variable *types.Var, kind types.Type) bool {
	channel, ok := kind.Underlying().(*types.Chan)
	if !ok || channel.Dir() == types.SendOnly {
		return false
	}
	class := p.alias.find(variable.Origin())
	return op.class != nil && class != p.alias.find(op.class) && len(p.of(class, "close")) > 0
}

// withCase makes a select of a send or a receive, with a case in which it gives up. `leave` is what is done then; by
// default it returns.
func (p *program) withCase(op operation, end, leave string) ([]Edit, string) {
	function := p.function(op.node)
	if leave == "" {
		text, why := p.leaving(function, op.node, end)
		if why != "" {
			return nil, why
		}
		leave = text
	}
	if choice := p.choice(op.node); choice != nil {
		body := choice.Body
		for _, clause := range body.List {
			if comm := clause.(*ast.CommClause); comm.Comm != nil && strings.Contains(p.source(comm.Comm), "<-"+end) {
				return nil, fmt.Sprintf("its select has a case for %s", end)
			}
		}
		indent := p.indent(choice.Pos())
		return []Edit{p.insert(body.Rbrace, "case <-"+end+":\n"+indent+"\t"+leave+"\n"+indent)}, ""
	}
	statement := p.statement(op.node)
	switch s := statement.(type) {
	case *ast.SendStmt:
		return p.asCase(s, "", end, leave), ""
	case *ast.ExprStmt:
		if s.X == op.node {
			return p.asCase(s, "", end, leave), ""
		}
	case *ast.AssignStmt:
		if len(s.Rhs) == 1 && s.Rhs[0] == op.node {
			if s.Tok == token.ASSIGN {
				return p.asCase(s, "", end, leave), ""
			}
			first, why := p.declarations(s)
			if why != "" {
				return nil, why
			}
			return append(p.asCase(s, first, end, leave), p.replace(s.TokPos, s.TokPos+token.Pos(len(":=")), "=")), ""
		}
	case *ast.ReturnStmt:
		if len(s.Results) == 1 && s.Results[0] == op.node {
			indent := p.indent(s.Pos())
			text := "select {\n" + indent + "case value := " + p.source(op.node) + ":\n" + indent + "\treturn value\n" + indent + "case <-" + end + ":\n" + indent + "\t" + leave + "\n" + indent + "}"
			return []Edit{p.replace(s.Pos(), s.End(), text)}, ""
		}
	}
	return nil, fmt.Sprintf("%s is part of a larger expression", p.short(op.node))
}

// asCase puts a select around a statement; a comment behind it in its line stays there.
func (p *program) asCase(statement ast.Stmt, first, end, leave string) []Edit {
	indent := p.indent(statement.Pos())
	rest := "\n" + indent + "case <-" + end + ":\n" + indent + "\t" + leave + "\n" + indent + "}"
	head := p.insert(statement.Pos(), first+"select {\n"+indent+"case ")
	tail := p.insert(statement.End(), ":")
	if n := p.commented(tail); n > 0 {
		return []Edit{head, tail, {tail.File, tail.Offset + n, 0, rest}}
	}
	tail.Text += rest
	return []Edit{head, tail}
}

// declarations are the declarations of what a receive declares: it must live behind the select.
func (p *program) declarations(s *ast.AssignStmt) (string, string) {
	indent := p.indent(s.Pos())
	first := ""
	for _, left := range s.Lhs {
		name, ok := left.(*ast.Ident)
		if !ok {
			return "", "what it declares has no name"
		}
		object := p.info.Defs[name]
		if object == nil {
			continue
		}
		kind := p.typeText(p.file(s), p.packageAt(s), object.Type())
		if kind == "" {
			return "", fmt.Sprintf("the type of %s needs an import", name.Name)
		}
		first += "var " + name.Name + " " + kind + "\n" + indent
	}
	return first, ""
}

// leaving is the return that gives up: zero values, and the context's error where an error is last.
func (p *program) leaving(function ast.Node, at ast.Node, end string) (string, string) {
	kind := typeOf(function)
	if kind.Results == nil || len(kind.Results.List) == 0 {
		return "return", ""
	}
	var values []string
	for _, field := range kind.Results.List {
		for range max(1, len(field.Names)) {
			zero, why := p.zero(field.Type, at)
			if why != "" {
				return "", why
			}
			values = append(values, zero)
		}
	}
	last := kind.Results.List[len(kind.Results.List)-1]
	if name, ok := last.Type.(*ast.Ident); ok && name.Name == "error" {
		if !strings.HasSuffix(end, ".Done()") {
			return "", fmt.Sprintf("%s returns an error, and which one it would be when %s is closed is not known", p.nameOf(function), end)
		}
		values[len(values)-1] = strings.TrimSuffix(end, ".Done()") + ".Err()"
	}
	return "return " + strings.Join(values, ", "), ""
}

func (p *program) zero(expression ast.Expr, at ast.Node) (string, string) {
	kind := p.info.TypeOf(expression)
	if kind == nil {
		return "", "the type of a result is not known"
	}
	if _, isParameter := kind.(*types.TypeParam); isParameter {
		return "", "a result has a type parameter's type"
	}
	switch t := kind.Underlying().(type) {
	case *types.Basic:
		switch {
		case t.Info()&types.IsString != 0:
			return `""`, ""
		case t.Info()&types.IsBoolean != 0:
			return "false", ""
		case t.Info()&types.IsNumeric != 0:
			return "0", ""
		}
		return "nil", ""
	case *types.Struct, *types.Array:
		return p.source(expression) + "{}", ""
	}
	return "nil", ""
}

// doneAdded hands a done channel to the function whose goroutine sends for ever; who calls it closes it.
func doneAdded(p *program, s *site) ([]Candidate, string) {
	sends := s.blockedOn("send")
	if len(sends) == 0 {
		return nil, noSend
	}
	return each(sends, p.withDone)
}

func (p *program) withDone(send operation) ([]Candidate, string) {
	literal, ok := p.function(send.node).(*ast.FuncLit)
	if !ok {
		return nil, "the sender is no function literal that sees its starter's variables"
	}
	starter := p.function(literal)
	if p.isNameUsed("done", starter) {
		return nil, "the name done is taken"
	}
	edits, why := p.withCase(send, "done", "")
	if why != "" {
		return nil, why
	}
	facts := map[string]string{"function": p.nameOf(starter), "what": p.short(send.node)}
	if decl, ok := starter.(*ast.FuncDecl); ok && p.returnsChannel(decl) {
		return p.doneByCaller(decl, edits, with(facts, "by", "caller"))
	}
	// The starter itself is who leaves: it, or what it waits for, takes the values.
	if !p.takes(starter, send.class) {
		return nil, fmt.Sprintf("%s, which starts the sender, does not itself receive what it sends: when it is enough is not known", p.nameOf(starter))
	}
	start := p.topStatement(literal)
	if start == nil {
		return nil, "where its starter begins is not known"
	}
	found := []Candidate{{Edits: append(append([]Edit{}, edits...), p.before(start, "done := make(chan struct{})", "defer close(done)")), Facts: with(facts, "by", "starter")}}
	if last := p.lastTaken(starter, send.class); last != nil && last.Pos() > start.Pos() {
		found = append(found, Candidate{Edits: append(edits, p.before(start, "done := make(chan struct{})"), p.after(last, "close(done)")), Facts: with(facts, "by", "enough")})
	}
	return found, ""
}

// lastTaken is the last statement directly in a function's body that takes what is sent; nil where the function may be left before it.
func (p *program) lastTaken(function ast.Node, class any) ast.Stmt {
	var last ast.Stmt
	for _, taken := range p.of(class, "receive", "range") {
		if top := p.topStatement(taken.node); p.function(taken.node) == function && top != nil && (last == nil || top.Pos() > last.Pos()) {
			last = top
		}
	}
	list := bodyOf(function).List
	if last == nil || last == list[len(list)-1] || p.returnsBefore(function, last) || returnsIn(last) {
		return nil
	}
	return last
}

// takes: a function receives on a channel, or hands it to who does.
func (p *program) takes(function ast.Node, class any) bool {
	for _, taken := range p.of(class, "receive", "range") {
		if p.within(taken.node, function) {
			return true
		}
		for _, call := range p.callers[p.function(taken.node)] {
			if p.within(call, function) {
				return true
			}
		}
	}
	return false
}

// doneByCaller: the starter hands its channel out and is over; each way in which its callers can close done is a patch.
func (p *program) doneByCaller(starter *ast.FuncDecl, edits []Edit, facts map[string]string) ([]Candidate, string) {
	if starter.Name.IsExported() {
		return nil, fmt.Sprintf("the signature of %s, which others may call, would change", starter.Name.Name)
	}
	more, why := p.handDone(starter)
	if why != "" {
		return nil, why
	}
	var found []Candidate
	for _, calls := range more {
		found = append(found, Candidate{Edits: append(append([]Edit{}, edits...), calls...), Facts: facts})
	}
	return found, ""
}

func (p *program) isNameUsed(name string, function ast.Node) bool {
	found := false
	ast.Inspect(function, func(node ast.Node) bool {
		if ident, ok := node.(*ast.Ident); ok && ident.Name == name {
			found = true
		}
		return true
	})
	return found
}

func (p *program) returnsChannel(decl *ast.FuncDecl) bool {
	return decl.Type.Results != nil && len(decl.Type.Results.List) == 1 && isChannel(p.info.TypeOf(decl.Type.Results.List[0].Type))
}

// handDone adds the parameter, and at each call a channel that is closed: at its function's end, or behind the last use.
func (p *program) handDone(decl *ast.FuncDecl) ([][]Edit, string) {
	parameter := "done <-chan struct{}"
	if decl.Type.Params.NumFields() > 0 {
		if _, variadic := decl.Type.Params.List[len(decl.Type.Params.List)-1].Type.(*ast.Ellipsis); variadic {
			return nil, decl.Name.Name + " takes any number of arguments"
		}
		parameter = ", " + parameter
	}
	common := []Edit{p.insert(decl.Type.Params.Closing, parameter)}
	var deferred, after []Edit
	areClosed := true
	for _, call := range p.callers[decl] {
		caller := p.function(call)
		statement := p.topStatement(call)
		if caller == nil || statement == nil || p.isNameUsed("done", caller) {
			return nil, "a call of " + decl.Name.Name + " has no place for a done channel"
		}
		argument := "done"
		if len(call.Args) > 0 {
			argument = ", done"
		}
		common = append(common, p.insert(call.Rparen, argument))
		deferred = append(deferred, p.before(statement, "done := make(chan struct{})", "defer close(done)"))
		last := p.lastUse(statement, call)
		if last == nil {
			areClosed = false
			continue
		}
		after = append(after, p.before(statement, "done := make(chan struct{})"), p.after(last, "close(done)"))
	}
	if len(deferred) == 0 {
		return nil, decl.Name.Name + " is called nowhere here"
	}
	found := [][]Edit{append(append([]Edit{}, common...), deferred...)}
	if areClosed {
		found = append(found, append(append([]Edit{}, common...), after...))
	}
	return found, ""
}

// lastUse is the last statement of the caller's body that uses what the call gave; nil where it is left before.
func (p *program) lastUse(statement ast.Stmt, call *ast.CallExpr) ast.Stmt {
	assign, ok := statement.(*ast.AssignStmt)
	if !ok || len(assign.Lhs) != 1 {
		return nil
	}
	name, ok := assign.Lhs[0].(*ast.Ident)
	body := bodyOf(p.function(call))
	if !ok || returns(body) {
		return nil
	}
	object := p.object(name)
	var last ast.Stmt
	for _, one := range body.List {
		ast.Inspect(one, func(node ast.Node) bool {
			if use, ok := node.(*ast.Ident); ok && p.info.Uses[use] == object {
				last = one
			}
			return true
		})
	}
	return last
}
