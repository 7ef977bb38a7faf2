package main

import (
	"bytes"
	"fmt"
	"go/ast"
	"go/format"
	"go/token"
	"go/types"
	"sort"
	"strings"
)

func (p *program) at(pos token.Pos) (string, int) {
	at := p.set.PositionFor(pos, false)
	return at.Filename, at.Offset
}

func (p *program) replace(from, to token.Pos, text string) Edit {
	file, offset := p.at(from)
	_, end := p.at(to)
	return Edit{file, offset, end - offset, text}
}

func (p *program) insert(pos token.Pos, text string) Edit { return p.replace(pos, pos, text) }

// source is a node's own text.
func (p *program) source(node ast.Node) string {
	file, from := p.at(node.Pos())
	_, to := p.at(node.End())
	return string(p.text[file][from:to])
}

// short is an expression in one line, for a sentence.
func (p *program) short(node ast.Node) string {
	return strings.Join(strings.Fields(p.source(node)), " ")
}

// indent is what stands before the first word of a position's line.
func (p *program) indent(pos token.Pos) string {
	file, offset := p.at(pos)
	text := p.text[file]
	start := bytes.LastIndexByte(text[:offset], '\n') + 1
	end := start
	for end < len(text) && (text[end] == ' ' || text[end] == '\t') {
		end++
	}
	return string(text[start:end])
}

// lines are put at a statement's place, each indented as it is.
func (p *program) indented(pos token.Pos, lines ...string) string {
	return strings.Join(lines, "\n"+p.indent(pos))
}

// before puts a statement before another one, in a line of its own.
func (p *program) before(statement ast.Stmt, lines ...string) Edit {
	return p.insert(statement.Pos(), p.indented(statement.Pos(), append(lines, "")...))
}

// after puts a statement behind another one, and behind the comment in its line.
func (p *program) after(statement ast.Stmt, lines ...string) Edit {
	edit := p.insert(statement.End(), "\n"+p.indent(statement.Pos())+p.indented(statement.Pos(), lines...))
	edit.Offset += p.commented(edit)
	return edit
}

// commented is how many bytes of its line stand behind an edit, where these are a comment alone.
func (p *program) commented(edit Edit) int {
	line, _, _ := bytes.Cut(p.text[edit.File][edit.Offset:], []byte("\n"))
	if bytes.HasPrefix(bytes.TrimLeft(line, " \t"), []byte("//")) {
		return len(line)
	}
	return 0
}

// atStart puts a statement at the beginning of a function's body.
func (p *program) atStart(body *ast.BlockStmt, lines ...string) Edit {
	indent := p.indent(body.Lbrace) + "\t"
	text := "\n" + indent + strings.Join(lines, "\n"+indent)
	if p.line(body.Lbrace) == p.line(body.Rbrace) && len(body.List) > 0 { // func() { f() } in one line
		return p.replace(body.Lbrace+1, body.List[0].Pos(), text+"\n"+indent)
	}
	edit := p.insert(body.Lbrace+1, text)
	edit.Offset += p.commented(edit)
	return edit
}

// settle orders the edits of a candidate and makes them leave a formatted file formatted. The error says why they cannot be.
func (p *program) settle(edits []Edit) ([]Edit, error) {
	byFile := map[string][]Edit{}
	var names []string
	for _, e := range edits {
		if _, ok := byFile[e.File]; !ok {
			names = append(names, e.File)
		}
		byFile[e.File] = append(byFile[e.File], e)
	}
	sort.Strings(names)
	settled := []Edit{}
	for _, name := range names {
		before := p.text[name]
		own := byFile[name]
		sort.SliceStable(own, func(i, j int) bool { return own[i].Offset < own[j].Offset })
		after, err := apply(before, own)
		if err != nil {
			return nil, err
		}
		formatted, err := format.Source(after)
		if err != nil {
			return nil, fmt.Errorf("the edited file does not parse: %v", err)
		}
		if was, err := format.Source(before); err == nil && bytes.Equal(was, before) && !bytes.Equal(formatted, after) {
			own = difference(before, formatted)
			for i := range own {
				own[i].File = name
			}
		}
		if len(own) == 0 {
			return nil, fmt.Errorf("it is so already")
		}
		settled = append(settled, own...)
	}
	return settled, nil
}

func apply(text []byte, edits []Edit) ([]byte, error) {
	var out []byte
	at := 0
	for _, e := range edits {
		if e.Offset < at {
			return nil, fmt.Errorf("two of its edits overlap")
		}
		out = append(append(out, text[at:e.Offset]...), e.Text...)
		at = e.Offset + e.Length
	}
	return append(out, text[at:]...), nil
}

// difference is one edit for the lines that two texts do not share at their beginning and end.
func difference(before, after []byte) []Edit {
	old, fresh := bytes.SplitAfter(before, []byte("\n")), bytes.SplitAfter(after, []byte("\n"))
	first, offset := 0, 0
	for first < len(old) && first < len(fresh) && bytes.Equal(old[first], fresh[first]) {
		offset += len(old[first])
		first++
	}
	last := 0
	for last < len(old)-first && last < len(fresh)-first && bytes.Equal(old[len(old)-1-last], fresh[len(fresh)-1-last]) {
		last++
	}
	removed, added := bytes.Join(old[first:len(old)-last], nil), bytes.Join(fresh[first:len(fresh)-last], nil)
	if len(removed) == 0 && len(added) == 0 {
		return nil
	}
	return []Edit{{Offset: offset, Length: len(removed), Text: string(added)}}
}

// typeText writes a type as this file would: by the names of its imports. Empty where one is missing.
func (p *program) typeText(file *ast.File, of *types.Package, kind types.Type) string {
	missing := false
	text := types.TypeString(kind, func(pkg *types.Package) string {
		if pkg == of {
			return ""
		}
		for _, spec := range file.Imports {
			if strings.Trim(spec.Path.Value, `"`) == pkg.Path() {
				if spec.Name == nil {
					return pkg.Name()
				}
				if spec.Name.Name != "_" && spec.Name.Name != "." {
					return spec.Name.Name
				}
			}
		}
		missing = true
		return pkg.Name()
	})
	if missing {
		return ""
	}
	return text
}

// packageAt is the package that a node stands in.
func (p *program) packageAt(node ast.Node) *types.Package {
	for _, decl := range p.file(node).Decls {
		if f, ok := decl.(*ast.FuncDecl); ok {
			if object := p.info.Defs[f.Name]; object != nil {
				return object.Pkg()
			}
		}
	}
	return nil
}

// scopeAt is the innermost scope at a position.
func (p *program) scopeAt(node ast.Node) *types.Scope {
	pkg := p.packageAt(node)
	if pkg == nil {
		return nil
	}
	return pkg.Scope().Innermost(node.Pos())
}

// statement is the statement in a block (or a clause) that a node stands in.
func (p *program) statement(node ast.Node) ast.Stmt {
	for at := node; at != nil; at = p.parents[at] {
		if statement, ok := at.(ast.Stmt); ok {
			switch up := p.parents[at].(type) {
			case *ast.BlockStmt:
				return statement
			case *ast.CaseClause:
				return statement
			case *ast.CommClause:
				if up.Comm != statement {
					return statement
				}
			}
		}
	}
	return nil
}
