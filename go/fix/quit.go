package main

import (
	"fmt"
	"go/ast"
	"strings"
)

// quitAdded lets a loop without an exit end when a quit channel is closed: by the test or main that started it, when that is
// over, or before it waits for the loop's end.
func quitAdded(p *program, s *site) ([]Candidate, string) {
	for _, at := range s.stack {
		if loop := p.endless(at); loop != nil {
			return p.withQuit(loop)
		}
	}
	return nil, "no loop without an exit is in sight where it runs"
}

// endless is the outermost loop of a function that has no condition and is never left; around the line, where one is.
func (p *program) endless(at place) ast.Stmt {
	var found ast.Stmt
	for _, statement := range bodyOf(at.function).List {
		if body := p.endlessBody(statement); body != nil && !returns(body) && !p.isBroken(statement) {
			found = statement
			if p.line(statement.Pos()) <= at.Line && at.Line <= p.line(statement.End()) {
				break
			}
		}
	}
	return found
}

// endlessBody is the body of a loop without a condition, or over a channel: of a ticker's, as a rule.
func (p *program) endlessBody(statement ast.Stmt) *ast.BlockStmt {
	switch s := statement.(type) {
	case *ast.ForStmt:
		if s.Cond == nil {
			return s.Body
		}
	case *ast.RangeStmt:
		if isChannel(p.info.TypeOf(s.X)) {
			return s.Body
		}
	}
	return nil
}

// isBroken: a break, or a goto, may leave the loop.
func (p *program) isBroken(loop ast.Stmt) bool {
	found := false
	ast.Inspect(loop, func(node ast.Node) bool {
		if branch, ok := node.(*ast.BranchStmt); ok && (branch.Label != nil || p.breaks(branch) == loop && branch.Tok.String() == "break") {
			found = true
		}
		return true
	})
	return found
}

func (p *program) withQuit(loop ast.Stmt) ([]Candidate, string) {
	function := p.function(loop)
	name := p.nameOf(function)
	var starts []*ast.CallExpr
	for _, call := range p.callers[function] {
		if _, isStarted := p.parents[call].(*ast.GoStmt); !isStarted {
			return nil, fmt.Sprintf("%s is called, not started, at line %d", name, p.line(call.Pos()))
		}
		starts = append(starts, call)
	}
	if len(starts) == 0 {
		return nil, fmt.Sprintf("where %s is started is not known", name)
	}
	leave, why := p.leaving(function, loop, "quit")
	if why != "" {
		return nil, why
	}
	edits := []Edit{p.leftInTurn(loop, leave)}
	if decl, ok := function.(*ast.FuncDecl); ok {
		parameter, why := p.quitParameter(decl)
		if why != "" {
			return nil, why
		}
		edits = append(edits, parameter)
	}
	for _, call := range starts {
		more, why := p.quitBy(call, function)
		if why != "" {
			return nil, why
		}
		edits = append(edits, more...)
	}
	return []Candidate{{Edits: edits, Facts: map[string]string{"function": name}}}, ""
}

func (p *program) quitParameter(decl *ast.FuncDecl) (Edit, string) {
	if decl.Name.IsExported() {
		return Edit{}, fmt.Sprintf("the signature of %s, which others may call, would change", decl.Name.Name)
	}
	if p.isNameUsed("quit", decl) {
		return Edit{}, "the name quit is taken"
	}
	parameter := "quit <-chan struct{}"
	if fields := decl.Type.Params.List; len(fields) > 0 {
		if _, variadic := fields[len(fields)-1].Type.(*ast.Ellipsis); variadic || len(fields[0].Names) == 0 {
			return Edit{}, fmt.Sprintf("%s takes any number of arguments, or its parameters have no names", decl.Name.Name)
		}
		parameter = ", " + parameter
	}
	return p.insert(decl.Type.Params.Closing, parameter), ""
}

// leftInTurn looks at the quit channel in each turn of a loop: in the select that it turns around, or before all else.
func (p *program) leftInTurn(loop ast.Stmt, leave string) Edit {
	body := p.endlessBody(loop)
	for _, statement := range body.List {
		if choice, ok := statement.(*ast.SelectStmt); ok {
			indent := p.indent(choice.Pos())
			return p.insert(choice.Body.Lbrace+1, "\n"+indent+"case <-quit:\n"+indent+"\t"+leave)
		}
	}
	return p.atStart(body, "select {", "case <-quit:", "\t"+leave, "default:", "}")
}

// quitBy makes the quit channel where the loop is started, and closes it.
func (p *program) quitBy(call *ast.CallExpr, loops ast.Node) ([]Edit, string) {
	owner := p.function(call)
	start := p.topStatement(call)
	if owner == nil || start == nil || p.isNameUsed("quit", owner) {
		return nil, fmt.Sprintf("at line %d there is no place for a quit channel", p.line(call.Pos()))
	}
	wait := p.waitFor(owner, loops, start)
	if wait == nil && !p.isScope(owner) {
		return nil, fmt.Sprintf("%s, which starts the loop, is over while it goes on: who is to end it the source does not show", p.nameOf(owner))
	}
	var edits []Edit
	if wait == nil {
		edits = append(edits, p.before(start, "quit := make(chan struct{})", "defer close(quit)"))
	} else {
		edits = append(edits, p.before(start, "quit := make(chan struct{})"), p.before(wait, "close(quit)"))
	}
	if _, isLiteral := loops.(*ast.FuncLit); !isLiteral {
		argument := "quit"
		if len(call.Args) > 0 {
			argument = ", quit"
		}
		edits = append(edits, p.insert(call.Rparen, argument))
	}
	return edits, ""
}

// waitFor is the statement behind the start in which the owner waits for what the loop's function does when it is over.
func (p *program) waitFor(owner, loops ast.Node, start ast.Stmt) ast.Stmt {
	for _, pair := range [][2]string{{"close", "receive"}, {"close", "range"}, {"Done", "Wait"}} {
		for _, end := range p.ops {
			if end.kind != pair[0] || !p.within(end.node, loops) {
				continue
			}
			for _, wait := range p.of(end.class, pair[1]) {
				if top := p.topStatement(wait.node); p.function(wait.node) == owner && top != nil && top.Pos() > start.Pos() {
					return top
				}
			}
		}
	}
	return nil
}

// isScope: a main, a test, a benchmark or a part of one: nothing that it started is meant to outlive it.
func (p *program) isScope(function ast.Node) bool {
	if decl, ok := function.(*ast.FuncDecl); ok && decl.Recv == nil && decl.Name.Name == "main" {
		return true
	}
	for _, field := range typeOf(function).Params.List {
		if kind := p.info.TypeOf(field.Type); kind != nil {
			for _, name := range []string{"T", "B", "F"} {
				if isNamed(elem(kind), "testing", name) && !isHelper(function) {
					return true
				}
			}
		}
	}
	return false
}

// isHelper: a function of a test file that tests call.
func isHelper(function ast.Node) bool {
	decl, ok := function.(*ast.FuncDecl)
	return ok && !strings.HasPrefix(decl.Name.Name, "Test") && !strings.HasPrefix(decl.Name.Name, "Benchmark") && !strings.HasPrefix(decl.Name.Name, "Fuzz")
}
