// Command syntax says what stands in Go source files: functions, and their operations on channels, locks and WaitGroups.
// Diagnosis asks it before it prints a sentence about a line (src/diagnose/run/syntax.ts). For each file named on the
// command line it prints one line of JSON: the value of File, or null where the file does not parse.
package main

import (
	"bufio"
	"encoding/json"
	"fmt"
	"go/ast"
	"go/format"
	"go/parser"
	"go/token"
	"os"
	"strings"
)

// File is one source file.
type File struct {
	Functions  []Function  `json:"functions"`
	Operations []Operation `json:"operations"`
	Loops      []Loop      `json:"loops"`
}

// Function is a declaration or a literal. Functions are numbered as they stand in File.Functions.
type Function struct {
	// Parent is the number of the function around a literal, -1 of a declaration.
	Parent int    `json:"parent"`
	Name   string `json:"name"`
	Start  int    `json:"start"`
	End    int    `json:"end"`
	// Use says what becomes of a literal where it stands: "go", "defer", "call", or "" (it is a value).
	Use string `json:"use"`
	// Parameters are the variables that the function declares, its receiver first: where each is declared.
	Parameters []string `json:"parameters"`
	// Signature names them, with their types as they stand in the source; one without a name too.
	Signature []Parameter `json:"signature"`
	// Receiver says that the first of Parameters is a method's receiver.
	Receiver bool  `json:"receiver"`
	Returns  []int `json:"returns"`
}

// Parameter is a receiver, or what a function takes.
type Parameter struct {
	Name string `json:"name"`
	Type string `json:"type"`
	// Kind is the type that Type is declared as in the same file, where it is.
	Kind string `json:"kind,omitempty"`
}

// Loop is a for statement; one that ranges over something is none.
type Loop struct {
	Function int `json:"function"`
	Start    int `json:"start"`
	End      int `json:"end"`
	// Condition goes on being true while the loop does; empty where there is none.
	Condition string `json:"condition"`
	// Exits are the lines of what leaves the loop: return, break, goto.
	Exits []int `json:"exits"`
}

// Operation is one operation that another goroutine can notice, or a call of a method without a result that matters.
type Operation struct {
	Function int `json:"function"`
	Line     int `json:"line"`
	// Kind is "send", "receive", "range", "close", "go", or the name of a method: "Done", "Wait", "Lock" …
	Kind string `json:"kind"`
	Operand
	// Deferred: it stands in a defer statement.
	Deferred bool `json:"deferred"`
	// Select is the line of the select statement that it is a case of, 0 of none; Case which of its cases, from 0.
	Select    int `json:"select"`
	SelectEnd int `json:"selectEnd"`
	Case      int `json:"case"`
	// Cases is the number of the cases of that select, without its default.
	Cases int `json:"cases"`
	// Leaves says that the case's body ends with a return, or with a jump to a label: out of the loop around the select.
	Leaves bool `json:"leaves,omitempty"`
	// Arguments are those of a "go": the receiver of a method's call first.
	Arguments []Operand `json:"arguments,omitempty"`
	// Literal is the number of the function literal that a "go" starts, -1 of none.
	Literal int `json:"literal"`
}

// Operand is what an operation is done on: a variable, a field of one, or anything else.
type Operand struct {
	// Text is the expression as it stands in the source.
	Text string `json:"text"`
	// Variable says where the variable is declared, with the fields that are taken of it: "12:5.slots"; by its name where
	// that is another file. Empty: not known.
	Variable string `json:"variable"`
	// Field says of which type's field it is, where the variable's declaration names its type: "pool.slots".
	Field string `json:"field"`
}

func main() {
	out := bufio.NewWriter(os.Stdout)
	defer out.Flush()
	for _, name := range os.Args[1:] {
		text, err := json.Marshal(read(name))
		if err != nil {
			text = []byte("null")
		}
		out.Write(text)
		out.WriteByte('\n')
	}
}

func read(name string) *File {
	set := token.NewFileSet()
	// Objects are resolved within the file: enough to see that a closure uses its function's variable.
	file, err := parser.ParseFile(set, name, nil, 0)
	if err != nil {
		return nil
	}
	r := &reader{set: set, file: &File{Functions: []Function{}, Operations: []Operation{}, Loops: []Loop{}}}
	for _, declaration := range file.Decls {
		switch d := declaration.(type) {
		case *ast.FuncDecl:
			if d.Body != nil {
				r.function(-1, d.Name.Name, "", d, d.Recv, d.Type, d.Body)
			}
		case *ast.GenDecl: // the literals of package variables
			ast.Inspect(d, func(node ast.Node) bool {
				literal, ok := node.(*ast.FuncLit)
				if ok {
					r.function(-1, "", "", literal, nil, literal.Type, literal.Body)
				}
				return !ok
			})
		}
	}
	return r.file
}

type reader struct {
	set  *token.FileSet
	file *File
}

func (r *reader) line(p token.Pos) int { return r.set.PositionFor(p, false).Line }

func (r *reader) function(parent int, name, use string, node ast.Node, receiver *ast.FieldList, kind *ast.FuncType, body *ast.BlockStmt) int {
	number := len(r.file.Functions)
	f := Function{Parent: parent, Name: name, Use: use, Start: r.line(node.Pos()), End: r.line(body.Rbrace), Parameters: []string{}, Signature: []Parameter{}, Returns: []int{}}
	f.Receiver = receiver != nil
	for _, list := range []*ast.FieldList{receiver, kind.Params} {
		if list == nil {
			continue
		}
		for _, field := range list.List {
			if len(field.Names) == 0 {
				f.Parameters = append(f.Parameters, "")
				f.Signature = append(f.Signature, parameter("", field.Type))
			}
			for _, name := range field.Names {
				f.Parameters = append(f.Parameters, r.place(name.Pos()))
				f.Signature = append(f.Signature, parameter(name.Name, field.Type))
			}
		}
	}
	r.file.Functions = append(r.file.Functions, f)
	w := &walker{reader: r, number: number}
	w.block(body)
	return number
}

func parameter(name string, kind ast.Expr) Parameter {
	p := Parameter{Name: name, Type: sourceOf(kind)}
	if id, ok := kind.(*ast.Ident); ok && id.Obj != nil {
		if declared, ok := id.Obj.Decl.(*ast.TypeSpec); ok {
			p.Kind = sourceOf(declared.Type)
		}
	}
	return p
}

// walker goes through one function's body; what stands in a literal belongs to the literal.
type walker struct {
	*reader
	number   int
	deferred bool
	choice   choice
	labelled *ast.ForStmt // noted with its label
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
	case *ast.LabeledStmt:
		if loop, ok := n.Stmt.(*ast.ForStmt); ok {
			w.loop(loop, n.Label.Name)
			w.labelled = loop
		}
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
	l := Loop{Function: w.number, Start: w.line(n.Pos()), End: w.line(n.End()), Exits: []int{}}
	if n.Cond != nil {
		l.Condition = sourceOf(n.Cond)
	}
	w.leaves(n.Body, label, true, &l)
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

// sourceOf is an expression as gofmt writes it; empty where that takes more than a line.
func sourceOf(expression ast.Expr) string {
	var text strings.Builder
	if format.Node(&text, token.NewFileSet(), expression) != nil || strings.Contains(text.String(), "\n") {
		return ""
	}
	return text.String()
}

func (r *reader) operand(expression ast.Expr) Operand {
	text := sourceOf(expression)
	path := ""
	for {
		switch e := expression.(type) {
		case *ast.ParenExpr:
			expression = e.X
		case *ast.StarExpr:
			expression = e.X
		case *ast.UnaryExpr:
			if e.Op != token.AND {
				return Operand{Text: text}
			}
			expression = e.X
		case *ast.SelectorExpr:
			path = "." + e.Sel.Name + path
			expression = e.X
		case *ast.Ident:
			if e.Obj == nil { // declared in another file of the package, or the name of a package
				return Operand{Text: text, Variable: e.Name + path}
			}
			if e.Obj.Kind != ast.Var {
				return Operand{Text: text}
			}
			field := ""
			if name := typeName(e.Obj); name != "" && path != "" {
				field = name + path
			}
			return Operand{text, r.place(e.Obj.Pos()) + path, field}
		default:
			return Operand{Text: text}
		}
	}
}

// typeName is the name of a variable's type, where its declaration says it.
func typeName(object *ast.Object) string {
	switch d := object.Decl.(type) {
	case *ast.Field:
		return nameOf(d.Type)
	case *ast.ValueSpec:
		if d.Type != nil {
			return nameOf(d.Type)
		}
		for i, name := range d.Names {
			if name.Name == object.Name && i < len(d.Values) {
				return nameOf(d.Values[i])
			}
		}
	case *ast.AssignStmt:
		for i, left := range d.Lhs {
			if name, ok := left.(*ast.Ident); ok && name.Name == object.Name && len(d.Lhs) == len(d.Rhs) {
				return nameOf(d.Rhs[i])
			}
		}
	}
	return ""
}

// nameOf is the T of T, *T, T{…}, &T{…} and new(T).
func nameOf(expression ast.Expr) string {
	switch e := expression.(type) {
	case *ast.Ident:
		return e.Name
	case *ast.StarExpr:
		return nameOf(e.X)
	case *ast.UnaryExpr:
		if e.Op == token.AND {
			return nameOf(e.X)
		}
	case *ast.CompositeLit:
		if e.Type != nil {
			return nameOf(e.Type)
		}
	case *ast.IndexExpr:
		return nameOf(e.X)
	case *ast.CallExpr:
		if f, ok := e.Fun.(*ast.Ident); ok && f.Name == "new" && len(e.Args) == 1 {
			return nameOf(e.Args[0])
		}
	}
	return ""
}

func (r *reader) place(p token.Pos) string {
	at := r.set.PositionFor(p, false)
	return fmt.Sprintf("%d:%d", at.Line, at.Column)
}
