package main

import (
	"go/ast"
	"strings"
)

// localName: without a name of its own an import has the package's, which is goleak.
func localName(file *ast.File) string {
	for _, one := range file.Imports {
		if strings.Trim(one.Path.Value, "\"`") != library {
			continue
		}
		if one.Name == nil {
			return "goleak"
		}
		if one.Name.Name != "_" {
			return one.Name.Name
		}
	}
	return ""
}

var names = map[string]bool{"VerifyTestMain": true, "VerifyNone": true, "Find": true, "IgnoreTopFunction": true, "IgnoreAnyFunction": true, "IgnoreCurrent": true, "IgnoreCreatedBy": true, "Cleanup": true}

func usesIn(s source, constants map[string]ast.Expr) []Use {
	var uses []Use
	var stack []ast.Node
	ast.Inspect(s.file, func(node ast.Node) bool {
		if node == nil {
			stack = stack[:len(stack)-1]
			return true
		}
		name, at := mention(s, node, stack)
		if name != "" {
			use := Use{File: s.name, Line: s.set.Position(at.Pos()).Line, Package: strings.TrimSuffix(s.path, "_test"), Name: name, Test: strings.HasSuffix(s.name, "_test.go"), Comment: comment(s, at)}
			if call, ok := parent(stack).(*ast.CallExpr); ok && call.Fun == node {
				use.Called = true
				if len(call.Args) > 0 {
					use.Value, use.Known = text(call.Args[0], constants, 0)
				}
			}
			for _, outer := range stack {
				if spec, ok := outer.(*ast.ValueSpec); ok && use.Function == "" && len(spec.Names) == 1 {
					use.Variable = spec.Names[0].Name
				}
				if function, ok := outer.(*ast.FuncDecl); ok {
					use.Variable = ""
					use.Function = function.Name.Name
					use.Bare = function.Body != nil && len(function.Body.List) == 1
				}
			}
			uses = append(uses, use)
		}
		stack = append(stack, node)
		return true
	})
	return uses
}

// mention: is this node a name of goleak's? A variable of the file's own that has the name is none.
func mention(s source, node ast.Node, stack []ast.Node) (string, ast.Node) {
	switch n := node.(type) {
	case *ast.SelectorExpr:
		if left, ok := n.X.(*ast.Ident); ok && s.local != "." && left.Name == s.local && left.Obj == nil && names[n.Sel.Name] {
			return n.Sel.Name, n
		}
	case *ast.Ident:
		if s.local == "." && n.Obj == nil && names[n.Name] {
			// A method, a field or a key may have the name, too.
			switch p := parent(stack).(type) {
			case *ast.SelectorExpr:
				if p.Sel == n {
					return "", nil
				}
			case *ast.FuncDecl, *ast.Field:
				return "", nil
			case *ast.KeyValueExpr:
				if p.Key == n {
					return "", nil
				}
			}
			return n.Name, n
		}
	}
	return "", nil
}

func parent(stack []ast.Node) ast.Node {
	if len(stack) == 0 {
		return nil
	}
	return stack[len(stack)-1]
}

// comment: on the same line, or alone on the lines above.
func comment(s source, node ast.Node) string {
	line := s.set.Position(node.Pos()).Line
	above := ""
	for _, group := range s.file.Comments {
		start, end := s.set.Position(group.Pos()), s.set.Position(group.End())
		words := strings.Join(strings.Fields(group.Text()), " ")
		if start.Line == line {
			return words
		}
		if end.Line == line-1 && !sharesLine(s, group) {
			above = words
		}
	}
	return above
}

// sharesLine: a comment behind code belongs to that code.
func sharesLine(s source, group *ast.CommentGroup) bool {
	line, found := s.set.Position(group.Pos()).Line, false
	ast.Inspect(s.file, func(node ast.Node) bool {
		if node == nil || found {
			return false
		}
		if _, ok := node.(*ast.CommentGroup); ok {
			return false
		}
		if _, ok := node.(*ast.Comment); ok {
			return false
		}
		if node.End() < group.Pos() && s.set.Position(node.End()).Line == line {
			found = true
		}
		return !found
	})
	return found
}
