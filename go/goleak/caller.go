package main

import (
	"go/ast"
	"path"
	"strings"
)

// countCallers says of each function that verifies, or makes options, and is no test how often it is called, by its package's name
// elsewhere, and by whom in its own package.
func countCallers(uses []Use, sources []source) {
	for i := range uses {
		use := &uses[i]
		if use.Variable != "" {
			use.CalledBy = mentions(use, sources)
			continue
		}
		if use.Function == "" || isTest(use.Function) || !strings.HasPrefix(use.Name, "Verify") && !strings.HasPrefix(use.Name, "Ignore") {
			continue
		}
		for _, s := range sources {
			for _, declaration := range s.file.Decls {
				here, elsewhere := callsOf(declaration, use, s)
				use.Callers += here + elsewhere
				if function, ok := declaration.(*ast.FuncDecl); ok && here > 0 {
					use.CalledBy = append(use.CalledBy, function.Name.Name)
				}
			}
		}
	}
}

// mentions are the functions that name a variable of their package.
func mentions(use *Use, sources []source) []string {
	var all []string
	for _, s := range sources {
		for _, declaration := range s.file.Decls {
			function, ok := declaration.(*ast.FuncDecl)
			if !ok || s.path != use.Package {
				continue
			}
			found := false
			ast.Inspect(function, func(node ast.Node) bool {
				name, ok := node.(*ast.Ident)
				found = found || ok && name.Name == use.Variable
				return !found
			})
			if found {
				all = append(all, function.Name.Name)
			}
		}
	}
	return all
}

// callsOf counts the calls of the function around a use: by its bare name in its own package, and by its package's name.
func callsOf(declaration ast.Decl, use *Use, s source) (here, elsewhere int) {
	imported := nameOf(s.file, use.Package)
	ast.Inspect(declaration, func(node ast.Node) bool {
		call, ok := node.(*ast.CallExpr)
		if !ok {
			return true
		}
		switch function := call.Fun.(type) {
		case *ast.Ident:
			if s.path == use.Package && function.Name == use.Function {
				here++
			}
		case *ast.SelectorExpr:
			if left, ok := function.X.(*ast.Ident); ok && imported != "" && left.Name == imported && function.Sel.Name == use.Function {
				elsewhere++
			}
		}
		return true
	})
	return here, elsewhere
}

func nameOf(file *ast.File, wanted string) string {
	for _, one := range file.Imports {
		if strings.Trim(one.Path.Value, "\"`") == wanted {
			if one.Name != nil {
				return one.Name.Name
			}
			return path.Base(wanted)
		}
	}
	return ""
}

func isTest(name string) bool {
	for _, start := range []string{"Test", "Benchmark", "Fuzz", "Example"} {
		if strings.HasPrefix(name, start) {
			return true
		}
	}
	return false
}
