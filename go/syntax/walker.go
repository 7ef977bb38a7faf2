package main

import (
	"go/ast"
	"go/token"
	"strings"
)

// walker goes through one function's body; what stands in a literal belongs to the literal.
type walker struct {
	*reader
	number   int
	deferred bool
	choice   choice
	labelled ast.Stmt // noted with its label
}

type choice struct {
	line, end, index, cases int
	leaves                  bool
}

func (w *walker) block(node ast.Node) { ast.Inspect(node, w.visit) }

func (w *walker) visit(node ast.Node) bool {
	switch n := node.(type) {
	case *ast.FuncLit:
		w.function(w.number, "", "", n, nil, n.Type, n.Body)
		return false
	case *ast.ReturnStmt:
		f := &w.file.Functions[w.number]
		f.Returns = append(f.Returns, w.line(n.Pos()))
	case *ast.SendStmt:
		w.add("send", n.Pos(), n.Chan)
	case *ast.UnaryExpr:
		if n.Op == token.ARROW {
			w.add("receive", n.Pos(), n.X)
		}
	case *ast.RangeStmt:
		w.add("range", n.Pos(), n.X)
		if n != w.labelled {
			w.ticks(n, "")
		}
	case *ast.LabeledStmt:
		switch loop := n.Stmt.(type) {
		case *ast.ForStmt:
			w.loop(loop, n.Label.Name)
		case *ast.RangeStmt:
			w.ticks(loop, n.Label.Name)
		}
		w.labelled = n.Stmt
	case *ast.ForStmt:
		if n != w.labelled {
			w.loop(n, "")
		}
	case *ast.SelectStmt:
		w.selects(n)
		return false
	case *ast.GoStmt:
		w.starts("go", n.Call)
		return false
	case *ast.DeferStmt:
		w.starts("defer", n.Call)
		return false
	case *ast.CallExpr:
		if literal, ok := n.Fun.(*ast.FuncLit); ok {
			w.function(w.number, "", "call", literal, nil, literal.Type, literal.Body)
			for _, argument := range n.Args {
				w.block(argument)
			}
			return false
		}
		w.call(n)
	}
	return true
}

func (w *walker) loop(n *ast.ForStmt, label string) {
	condition := ""
	if n.Cond != nil {
		condition = sourceOf(n.Cond)
	}
	w.addLoop(n, n.Body, condition, label)
}

// ticks adds a loop that ranges over a ticker: nobody closes its channel.
func (w *walker) ticks(n *ast.RangeStmt, label string) {
	if x := sourceOf(n.X); strings.HasSuffix(x, ".C") || strings.HasPrefix(x, "time.Tick(") {
		w.addLoop(n, n.Body, "", label)
	}
}

func (w *walker) addLoop(n ast.Node, body *ast.BlockStmt, condition, label string) {
	l := Loop{Function: w.number, Start: w.line(n.Pos()), End: w.line(n.End()), Condition: condition, Exits: []int{}}
	w.leaves(body, label, true, &l)
	w.file.Loops = append(w.file.Loops, l)
}

// leaves notes what leaves a loop. direct: a break without a label is the loop's own, and no inner statement's.
func (w *walker) leaves(node ast.Node, label string, direct bool, l *Loop) {
	inner := map[string]bool{} // labels of what lies inside
	ast.Inspect(node, func(node ast.Node) bool {
		switch n := node.(type) {
		case *ast.FuncLit:
			return false
		case *ast.LabeledStmt:
			inner[n.Label.Name] = true
		case *ast.ForStmt, *ast.RangeStmt, *ast.SwitchStmt, *ast.TypeSwitchStmt, *ast.SelectStmt:
			if direct {
				w.leaves(n, label, false, l)
				return false
			}
		case *ast.ReturnStmt:
			l.Exits = append(l.Exits, w.line(n.Pos()))
		case *ast.BranchStmt:
			out := n.Tok == token.BREAK && n.Label == nil && direct || n.Tok != token.CONTINUE && n.Label != nil && !inner[n.Label.Name]
			if out {
				l.Exits = append(l.Exits, w.line(n.Pos()))
			}
		}
		return true
	})
}

func (w *walker) selects(n *ast.SelectStmt) {
	cases := 0
	for _, clause := range n.Body.List {
		if clause.(*ast.CommClause).Comm != nil {
			cases++
		}
	}
	index := 0
	for _, clause := range n.Body.List {
		c := clause.(*ast.CommClause)
		if c.Comm != nil {
			before := w.choice
			w.choice = choice{w.line(n.Pos()), w.line(n.End()), index, cases, leaves(c.Body)}
			w.comm(c.Comm)
			w.choice = before
			index++
		}
		for _, statement := range c.Body {
			w.block(statement)
		}
	}
}

func leaves(body []ast.Stmt) bool {
	if len(body) == 0 {
		return false
	}
	switch last := body[len(body)-1].(type) {
	case *ast.ReturnStmt:
		return true
	case *ast.BranchStmt:
		return last.Label != nil && last.Tok != token.CONTINUE
	}
	return false
}

// comm notes the operation of one case; what its operands call is done before the select waits.
func (w *walker) comm(statement ast.Stmt) {
	var expression ast.Expr
	switch s := statement.(type) {
	case *ast.SendStmt:
		w.add("send", s.Pos(), s.Chan)
		return
	case *ast.ExprStmt:
		expression = s.X
	case *ast.AssignStmt:
		expression = s.Rhs[0]
	}
	for {
		paren, ok := expression.(*ast.ParenExpr)
		if !ok {
			break
		}
		expression = paren.X
	}
	if receive, ok := expression.(*ast.UnaryExpr); ok {
		w.add("receive", statement.Pos(), receive.X)
	}
}

// starts is for a go or a defer statement: the call's operands are evaluated here, its function runs later.
func (w *walker) starts(how string, call *ast.CallExpr) {
	for _, argument := range call.Args {
		w.block(argument)
	}
	literal, isLiteral := call.Fun.(*ast.FuncLit)
	number := -1
	if how == "go" {
		operation := Operation{Function: w.number, Line: w.line(call.Pos()), Kind: "go", Literal: -1}
		operation.Operand = w.operand(call.Fun)
		if selector, ok := call.Fun.(*ast.SelectorExpr); ok {
			operation.Arguments = append(operation.Arguments, w.operand(selector.X))
		}
		for _, argument := range call.Args {
			operation.Arguments = append(operation.Arguments, w.operand(argument))
		}
		w.file.Operations = append(w.file.Operations, operation)
		number = len(w.file.Operations) - 1
	}
	if isLiteral {
		function := w.function(w.number, "", how, literal, nil, literal.Type, literal.Body)
		if number >= 0 {
			w.file.Operations[number].Literal = function
		}
		return
	}
	if how == "defer" {
		before := w.deferred
		w.deferred = true
		w.call(call)
		w.deferred = before
	}
}

// methods are those whose calls matter to somebody who waits.
var methods = map[string]bool{
	"Done": true, "Add": true, "Wait": true, "Lock": true, "Unlock": true, "RLock": true, "RUnlock": true,
	"Signal": true, "Broadcast": true, "Go": true, "Close": true, "Stop": true,
}

func (w *walker) call(call *ast.CallExpr) {
	switch f := call.Fun.(type) {
	case *ast.Ident:
		if f.Name == "close" && f.Obj == nil && len(call.Args) == 1 {
			w.add("close", call.Pos(), call.Args[0])
		}
	case *ast.SelectorExpr:
		if methods[f.Sel.Name] {
			w.add(f.Sel.Name, f.Sel.Pos(), f.X)
		}
	}
}

func (w *walker) add(kind string, at token.Pos, operand ast.Expr) {
	w.file.Operations = append(w.file.Operations, Operation{
		Function: w.number, Line: w.line(at), Kind: kind, Operand: w.operand(operand), Deferred: w.deferred,
		Select: w.choice.line, SelectEnd: w.choice.end, Case: w.choice.index, Cases: w.choice.cases, Leaves: w.choice.leaves, Literal: -1,
	})
}
