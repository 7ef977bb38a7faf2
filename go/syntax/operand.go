package main

import (
	"fmt"
	"go/ast"
	"go/format"
	"go/token"
	"strings"
)

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
