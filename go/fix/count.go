package main

import (
	"fmt"
	"go/ast"
	"go/constant"
	"go/token"
	"go/types"
	"strconv"
	"strings"
)

// amount is how often something is done: a number, and expressions that are added to it.
type amount struct {
	number int
	terms  []string
}

func (a amount) plus(b amount) amount {
	return amount{a.number + b.number, append(append([]string{}, a.terms...), b.terms...)}
}

func (a amount) isZero() bool { return a.number == 0 && len(a.terms) == 0 }

// times: a loop with a bound that is an expression does once what a turn of it does.
func (a amount) times(b amount) amount {
	if a.isZero() || b.isZero() {
		return amount{}
	}
	if len(a.terms) == 0 && len(b.terms) == 0 {
		return amount{number: a.number * b.number}
	}
	return amount{terms: []string{product(a) + "*" + product(b)}}
}

func product(a amount) string {
	if len(a.terms) == 0 {
		return strconv.Itoa(a.number)
	}
	if a.number == 0 && len(a.terms) == 1 {
		return a.terms[0]
	}
	return "(" + a.String() + ")"
}

// larger: of two expressions nobody knows which is larger, so both are counted.
func larger(a, b amount) amount {
	switch {
	case a.isZero():
		return b
	case b.isZero():
		return a
	case len(a.terms) == 0 && len(b.terms) == 0:
		return amount{number: max(a.number, b.number)}
	case a.String() == b.String():
		return a
	}
	return a.plus(b)
}

func (a amount) String() string {
	parts := a.terms
	if a.number > 0 || len(parts) == 0 {
		parts = append(append([]string{}, parts...), strconv.Itoa(a.number))
	}
	text := strings.Join(parts, " + ")
	if len(parts) == 1 && strings.HasPrefix(text, "1*") {
		return text[2:]
	}
	return strings.ReplaceAll(text, "*1", "")
}

// most: a buffer for more than this is no mending.
const most = 1 << 16

// counter counts how often wanted operations are done in one call of a function, the goroutines that it starts included.
// Branches that exclude each other count once. A loop around `made` is not one: each turn of it has a channel of its own.
type counter struct {
	*program
	wanted map[ast.Node]bool
	made   map[ast.Node]bool
	// at is where the number will stand: an expression must mean the same there.
	at    ast.Node
	stack []ast.Node
	err   error
}

func (c *counter) fail(format string, values ...any) amount {
	if c.err == nil {
		c.err = fmt.Errorf(format, values...)
	}
	return amount{}
}

func (c *counter) block(list []ast.Stmt) amount {
	total := amount{}
	for i, statement := range list {
		if branch, ok := statement.(*ast.IfStmt); ok {
			total = total.plus(c.node(branch.Init)).plus(c.node(branch.Cond))
			then, other := c.block(branch.Body.List), amount{}
			if branch.Else != nil {
				other = c.block([]ast.Stmt{branch.Else})
			}
			switch {
			case leaves(branch.Body):
				return total.plus(larger(then, other.plus(c.block(list[i+1:]))))
			case leaves(branch.Else):
				return total.plus(larger(other, then.plus(c.block(list[i+1:]))))
			}
			total = total.plus(larger(then, other))
			continue
		}
		total = total.plus(c.statement(statement))
	}
	return total
}

// leaves: does this branch end by leaving the function?
func leaves(statement ast.Stmt) bool {
	block, ok := statement.(*ast.BlockStmt)
	if !ok || block == nil || len(block.List) == 0 {
		return false
	}
	_, isReturn := block.List[len(block.List)-1].(*ast.ReturnStmt)
	return isReturn
}

func (c *counter) statement(statement ast.Stmt) amount {
	switch s := statement.(type) {
	case nil:
		return amount{}
	case *ast.BlockStmt:
		return c.block(s.List)
	case *ast.LabeledStmt:
		return c.statement(s.Stmt)
	case *ast.SwitchStmt:
		return c.node(s.Init).plus(c.node(s.Tag)).plus(c.clauses(s.Body))
	case *ast.TypeSwitchStmt:
		return c.node(s.Init).plus(c.clauses(s.Body))
	case *ast.SelectStmt:
		return c.clauses(s.Body)
	case *ast.ForStmt:
		return c.node(s.Init).plus(c.loop(s, s.Body, func() (amount, string) { return c.forBound(s) }))
	case *ast.RangeStmt:
		return c.node(s.X).plus(c.loop(s, s.Body, func() (amount, string) { return c.rangeBound(s) }))
	case *ast.IfStmt:
		return c.block([]ast.Stmt{s})
	}
	return c.node(statement)
}

func (c *counter) clauses(body *ast.BlockStmt) amount {
	total := amount{}
	for _, clause := range body.List {
		switch s := clause.(type) {
		case *ast.CaseClause:
			total = larger(total, c.block(s.Body))
		case *ast.CommClause:
			total = larger(total, c.node(s.Comm).plus(c.block(s.Body)))
		}
	}
	return total
}

func (c *counter) loop(loop ast.Stmt, body *ast.BlockStmt, bound func() (amount, string)) amount {
	turn := c.block(body.List)
	if turn.isZero() {
		return turn
	}
	for made := range c.made {
		if c.within(made, body) {
			return turn
		}
	}
	times, why := bound()
	if why != "" {
		return c.fail("%s", why)
	}
	return times.times(turn)
}

// node counts in expressions, and in statements that hold no others.
func (c *counter) node(node ast.Node) amount {
	total := amount{}
	if node == nil || isNil(node) {
		return total
	}
	ast.Inspect(node, func(n ast.Node) bool {
		if n != nil && c.wanted[n] {
			total = total.plus(amount{number: 1})
		}
		switch e := n.(type) {
		case *ast.FuncLit:
			return false // a value; where it is called, it is counted
		case *ast.CallExpr:
			total = total.plus(c.call(e))
		}
		return true
	})
	return total
}

func isNil(node ast.Node) bool {
	switch n := node.(type) {
	case ast.Expr:
		return n == nil
	case ast.Stmt:
		return n == nil
	}
	return false
}

// once are the methods and functions that call what they are handed once.
var once = map[string]bool{"Go": true, "Do": true, "AfterFunc": true, "TryGo": true, "Run": true, "Cleanup": true}

func (c *counter) call(call *ast.CallExpr) amount {
	total := amount{}
	if function := c.target(call.Fun); function != nil {
		total = c.function(function)
	}
	name := ""
	switch f := ast.Unparen(call.Fun).(type) {
	case *ast.SelectorExpr:
		name = f.Sel.Name
	case *ast.Ident:
		name = f.Name
	}
	for _, argument := range call.Args {
		kind := c.info.TypeOf(argument)
		if kind == nil {
			continue
		}
		if _, ok := kind.Underlying().(*types.Signature); !ok {
			continue
		}
		handed := c.target(argument)
		if handed == nil {
			continue
		}
		inner := c.function(handed)
		if !inner.isZero() && !once[name] {
			return c.fail("%s may call the function that it is handed any number of times", c.short(call.Fun))
		}
		total = total.plus(inner)
	}
	return total
}

func (c *counter) function(function ast.Node) amount {
	for _, around := range c.stack {
		if around == function {
			return amount{} // recursion: its operations are counted once
		}
	}
	if len(c.stack) > 12 {
		return amount{}
	}
	c.stack = append(c.stack, function)
	total := c.block(bodyOf(function).List)
	c.stack = c.stack[:len(c.stack)-1]
	return total
}

func (c *counter) forBound(s *ast.ForStmt) (amount, string) {
	unbounded := fmt.Sprintf("the loop at line %d has no bound that the source states", c.line(s.Pos()))
	init, ok := s.Init.(*ast.AssignStmt)
	condition, isBinary := s.Cond.(*ast.BinaryExpr)
	post, counts := s.Post.(*ast.IncDecStmt)
	if !ok || !isBinary || !counts || len(init.Lhs) != 1 || post.Tok != token.INC {
		return amount{}, unbounded
	}
	variable, ok := init.Lhs[0].(*ast.Ident)
	left, isName := condition.X.(*ast.Ident)
	if !ok || !isName || left.Name != variable.Name || !same(post.X, variable) {
		return amount{}, unbounded
	}
	first, known := c.constant(init.Rhs[0])
	if !known {
		return amount{}, unbounded
	}
	more := 0
	switch condition.Op {
	case token.LSS, token.NEQ:
	case token.LEQ:
		more = 1
	default:
		return amount{}, unbounded
	}
	last, why := c.expression(condition.Y)
	if why != "" {
		return amount{}, why
	}
	if len(last.terms) == 0 {
		return amount{number: max(0, last.number-first+more)}, ""
	}
	if first == more {
		return last, ""
	}
	return amount{}, unbounded
}

func same(a ast.Expr, b *ast.Ident) bool {
	name, ok := a.(*ast.Ident)
	return ok && name.Name == b.Name
}

func (c *counter) rangeBound(s *ast.RangeStmt) (amount, string) {
	kind := c.info.TypeOf(s.X)
	if kind == nil {
		return amount{}, fmt.Sprintf("the type of what the loop at line %d goes over is not known", c.line(s.Pos()))
	}
	if pointer, ok := kind.Underlying().(*types.Pointer); ok {
		kind = pointer.Elem()
	}
	if literal, ok := ast.Unparen(s.X).(*ast.CompositeLit); ok {
		return amount{number: len(literal.Elts)}, ""
	}
	switch t := kind.Underlying().(type) {
	case *types.Array:
		return amount{number: int(t.Len())}, ""
	case *types.Basic:
		if t.Info()&types.IsInteger != 0 {
			return c.expression(s.X)
		}
		return c.lengthOf(s.X)
	case *types.Slice, *types.Map:
		return c.lengthOf(s.X)
	}
	return amount{}, fmt.Sprintf("the loop at line %d goes on for as long as others let it", c.line(s.Pos()))
}

func (c *counter) lengthOf(expression ast.Expr) (amount, string) {
	if why := c.meansTheSame(expression); why != "" {
		return amount{}, why
	}
	return amount{terms: []string{"len(" + c.short(expression) + ")"}}, ""
}

// expression is a bound's value, or the bound itself where it means the same at the place of the number.
func (c *counter) expression(expression ast.Expr) (amount, string) {
	if value, ok := c.constant(expression); ok {
		return amount{number: value}, ""
	}
	if why := c.meansTheSame(expression); why != "" {
		return amount{}, why
	}
	text := c.short(expression)
	if _, ok := ast.Unparen(expression).(*ast.BinaryExpr); ok {
		text = "(" + text + ")"
	}
	if basic, ok := c.info.TypeOf(expression).Underlying().(*types.Basic); !ok || basic.Kind() != types.Int {
		text = "int(" + text + ")"
	}
	return amount{terms: []string{text}}, ""
}

func (c *counter) constant(expression ast.Expr) (int, bool) {
	value := c.info.Types[expression].Value
	if value == nil {
		return 0, false
	}
	number, exact := constant.Int64Val(constant.ToInt(value))
	return int(number), exact && number >= 0 && number <= most
}

// meansTheSame: every name of it is declared before the place of the number, and it calls nothing but len and cap.
func (c *counter) meansTheSame(expression ast.Expr) string {
	why := ""
	scope := c.scopeAt(c.at)
	ast.Inspect(expression, func(node ast.Node) bool {
		switch n := node.(type) {
		case *ast.CallExpr:
			if b := c.builtin(n); b != "len" && b != "cap" {
				why = fmt.Sprintf("the bound %s calls a function", c.short(expression))
			}
		case *ast.FuncLit, *ast.UnaryExpr:
			why = fmt.Sprintf("the bound %s is no plain expression", c.short(expression))
		case *ast.SelectorExpr:
			ast.Inspect(n.X, func(inner ast.Node) bool {
				if name, ok := inner.(*ast.Ident); ok {
					why = c.visible(scope, name, why)
				}
				return true
			})
			return false
		case *ast.Ident:
			why = c.visible(scope, n, why)
		}
		return why == ""
	})
	return why
}

func (c *counter) visible(scope *types.Scope, name *ast.Ident, why string) string {
	object := c.object(name)
	if why != "" || scope == nil || object == nil {
		return why
	}
	if _, found := scope.LookupParent(name.Name, c.at.Pos()); found != object {
		return fmt.Sprintf("%s is not yet declared where the channel is made", name.Name)
	}
	return ""
}
