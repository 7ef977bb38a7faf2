package main

import (
	"fmt"
	"go/ast"
	"go/token"
	"sort"
	"strings"
)

// imported are the edits that import packages of the standard library in a node's file, where it does not yet; why they cannot be.
// format.Source, which settles every candidate, puts a group into its order.
func (p *program) imported(node ast.Node, paths ...string) ([]Edit, string) {
	file := p.file(node)
	var missing []string
	for _, path := range paths {
		name := path[strings.LastIndex(path, "/")+1:]
		has, taken := false, false
		for _, spec := range file.Imports {
			is := strings.Trim(spec.Path.Value, `"`) == path
			has = has || is && spec.Name == nil
			taken = taken || is && spec.Name != nil
		}
		if pkg := p.packageAt(node); pkg != nil && pkg.Scope().Lookup(name) != nil || taken {
			return nil, fmt.Sprintf("the name %s is taken in its file", name)
		}
		if !has {
			missing = append(missing, fmt.Sprintf("%q", path))
		}
	}
	sort.Strings(missing)
	if len(missing) == 0 {
		return nil, ""
	}
	for _, decl := range file.Decls {
		group, ok := decl.(*ast.GenDecl)
		if !ok || group.Tok != token.IMPORT {
			continue
		}
		if group.Lparen.IsValid() {
			return []Edit{p.insert(group.Lparen+1, "\n\t"+strings.Join(missing, "\n\t"))}, ""
		}
		spec := p.source(group.Specs[0])
		return []Edit{p.replace(group.Pos(), group.End(), "import (\n\t"+strings.Join(append(missing, spec), "\n\t")+"\n)")}, ""
	}
	if len(missing) == 1 {
		return []Edit{p.insert(file.Name.End(), "\n\nimport "+missing[0])}, ""
	}
	return []Edit{p.insert(file.Name.End(), "\n\nimport (\n\t"+strings.Join(missing, "\n\t")+"\n)")}, ""
}
