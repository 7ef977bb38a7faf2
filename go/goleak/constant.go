package main

import (
	"encoding/json"
	"go/ast"
	"go/token"
	"strings"
)

// constantsOf: the constants and variables with a text of each package, by name. A variable that is written to again would be
// no constant: such a name is left out.
func constantsOf(sources []source) map[string]map[string]ast.Expr {
	all := map[string]map[string]ast.Expr{}
	for _, s := range sources {
		own := all[s.path+" "+s.file.Name.Name]
		if own == nil {
			own = map[string]ast.Expr{}
			all[s.path+" "+s.file.Name.Name] = own
		}
		for _, declaration := range s.file.Decls {
			general, ok := declaration.(*ast.GenDecl)
			if !ok || general.Tok != token.CONST {
				continue
			}
			for _, spec := range general.Specs {
				if value, ok := spec.(*ast.ValueSpec); ok {
					for i, name := range value.Names {
						if i < len(value.Values) {
							own[name.Name] = value.Values[i]
						}
					}
				}
			}
		}
	}
	return all
}

// text is the value of an expression of constant texts.
func text(expression ast.Expr, constants map[string]ast.Expr, depth int) (string, bool) {
	if depth > 20 {
		return "", false
	}
	switch e := expression.(type) {
	case *ast.BasicLit:
		if e.Kind != token.STRING {
			return "", false
		}
		return unquoted(e.Value)
	case *ast.ParenExpr:
		return text(e.X, constants, depth+1)
	case *ast.BinaryExpr:
		left, ok := text(e.X, constants, depth+1)
		right, also := text(e.Y, constants, depth+1)
		return left + right, ok && also && e.Op == token.ADD
	case *ast.Ident:
		// A constant of a function: the parser has its declaration at hand.
		if e.Obj != nil && e.Obj.Kind == ast.Con {
			if spec, ok := e.Obj.Decl.(*ast.ValueSpec); ok {
				for i, name := range spec.Names {
					if name.Name == e.Name && i < len(spec.Values) {
						return text(spec.Values[i], constants, depth+1)
					}
				}
			}
			return "", false
		}
		if value, ok := constants[e.Name]; ok && e.Obj == nil {
			return text(value, constants, depth+1)
		}
	}
	return "", false
}

func unquoted(literal string) (string, bool) {
	var value string
	if strings.HasPrefix(literal, "`") {
		return strings.ReplaceAll(strings.Trim(literal, "`"), "\r", ""), true
	}
	// Go's and JSON's quoted texts differ only in escapes that no function's name has.
	if json.Unmarshal([]byte(literal), &value) != nil {
		return "", false
	}
	return value, true
}
