// Command syntax says what stands in Go source files: functions, and their operations on channels, locks and WaitGroups.
// Diagnosis asks it before it prints a sentence about a line (src/diagnose/run/syntax.ts). For each file named on the
// command line it prints one line of JSON: the value of File, or null where the file does not parse.
package main

import (
	"bufio"
	"encoding/json"
	"go/ast"
	"go/parser"
	"go/token"
	"os"
)

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
