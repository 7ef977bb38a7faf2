package main

import (
	"fmt"
	"go/ast"
	"go/types"
)

// ends are the names of methods by which an object's user says that he has done with it.
var ends = []string{"Stop", "Close", "Shutdown", "Cancel"}

// doneField gives an object whose method sends a done channel of its own, which its Stop closes: the send is given up then.
func doneField(p *program, s *site) ([]Candidate, string) {
	sends := s.blockedOn("send")
	if len(sends) == 0 {
		return nil, noSend
	}
	return each(sends, p.withDoneField)
}

func (p *program) withDoneField(send operation) ([]Candidate, string) {
	method, ok := p.function(send.node).(*ast.FuncDecl)
	if !ok || method.Recv == nil || len(method.Recv.List[0].Names) != 1 {
		return nil, "the sender is no method of an object"
	}
	named, ok := types.Unalias(elem(p.info.TypeOf(method.Recv.List[0].Type))).(*types.Named)
	if !ok {
		return nil, "the sender is no method of an object"
	}
	name := named.Obj().Name()
	end := p.endOf(named)
	if end == nil {
		return nil, fmt.Sprintf("%s has no Stop or Close that says that nobody listens any more", name)
	}
	field, why := p.newFields(named)
	if why != "" {
		return nil, why
	}
	edits := []Edit{field}
	literals, why := p.literalsOf(named)
	if why != "" {
		return nil, why
	}
	for _, literal := range literals {
		edits = append(edits, p.withElement(literal, "done: make(chan struct{})"))
	}
	self := method.Recv.List[0].Names[0].Name
	for _, other := range p.of(send.class, "send") {
		if p.function(other.node) != ast.Node(method) {
			continue
		}
		more, why := p.withCase(other, self+".done", "")
		if why != "" {
			return nil, why
		}
		edits = append(edits, more...)
	}
	owner := end.Recv.List[0].Names[0].Name
	edits = append(edits, p.atStart(end.Body, fmt.Sprintf("%s.doneOnce.Do(func() { close(%s.done) })", owner, owner)))
	more, why := p.imported(p.declarationOf(named), "sync")
	if why != "" {
		return nil, why
	}
	edits = append(edits, more...)
	return []Candidate{{Edits: edits, Facts: map[string]string{"what": p.short(send.node), "type": name, "end": end.Name.Name}}}, ""
}

// endOf is the method of a type that ends it, where its receiver has a name.
func (p *program) endOf(named *types.Named) *ast.FuncDecl {
	for _, name := range ends {
		for _, method := range p.methods[name] {
			decl := p.bodies[method]
			if types.Unalias(elem(method.Type().(*types.Signature).Recv().Type())) == types.Type(named) && decl.Type.Params.NumFields() == 0 && len(decl.Recv.List[0].Names) == 1 {
				if _, isPointer := method.Type().(*types.Signature).Recv().Type().(*types.Pointer); isPointer {
					return decl
				}
			}
		}
	}
	return nil
}

// declarationOf is the struct that a type is declared as; nil where it is none, or has type parameters.
func (p *program) declarationOf(named *types.Named) *ast.StructType {
	for name, object := range p.info.Defs {
		if object != types.Object(named.Obj()) {
			continue
		}
		if spec, ok := p.parents[name].(*ast.TypeSpec); ok && spec.TypeParams == nil {
			structure, _ := spec.Type.(*ast.StructType)
			return structure
		}
	}
	return nil
}

func (p *program) newFields(named *types.Named) (Edit, string) {
	structure := p.declarationOf(named)
	if structure == nil || len(structure.Fields.List) == 0 || p.line(structure.Pos()) == p.line(structure.End()) {
		return Edit{}, fmt.Sprintf("%s is no struct that could have one field more", named.Obj().Name())
	}
	for _, name := range []string{"done", "doneOnce"} {
		if object, _, _ := types.LookupFieldOrMethod(named, true, named.Obj().Pkg(), name); object != nil {
			return Edit{}, fmt.Sprintf("%s has a %s already", named.Obj().Name(), name)
		}
	}
	return p.insert(structure.Fields.Closing, "\tdone chan struct{} // closed by its end\n\tdoneOnce sync.Once\n"+p.indent(structure.Fields.Closing)), ""
}

// literalsOf are all places that make a value of a type; a zero value would have no channel.
func (p *program) literalsOf(named *types.Named) ([]*ast.CompositeLit, string) {
	var found []*ast.CompositeLit
	why := ""
	for node, tv := range p.info.Types {
		switch e := node.(type) {
		case *ast.CompositeLit:
			if types.Unalias(tv.Type) != types.Type(named) {
				continue
			}
			if len(e.Elts) > 0 {
				if _, keyed := e.Elts[0].(*ast.KeyValueExpr); !keyed {
					why = fmt.Sprintf("a %s is made without the names of its fields", named.Obj().Name())
				}
			}
			found = append(found, e)
		case *ast.CallExpr:
			if p.builtin(e) == "new" && types.Unalias(elem(tv.Type)) == types.Type(named) {
				why = fmt.Sprintf("a %s is made as a zero value", named.Obj().Name())
			}
		}
	}
	for _, object := range p.info.Defs {
		if variable, ok := object.(*types.Var); ok && types.Unalias(variable.Type()) == types.Type(named) {
			why = fmt.Sprintf("a %s is a value of its own somewhere", named.Obj().Name())
		}
	}
	if len(found) == 0 && why == "" {
		why = fmt.Sprintf("where a %s is made is not known", named.Obj().Name())
	}
	return found, why
}

// withElement adds an element to a literal, in a line of its own where the others have lines of their own.
func (p *program) withElement(literal *ast.CompositeLit, text string) Edit {
	if len(literal.Elts) == 0 {
		return p.insert(literal.Lbrace+1, text)
	}
	first := literal.Elts[0].Pos()
	if p.line(literal.Lbrace) == p.line(first) {
		return p.insert(first, text+", ")
	}
	return p.insert(first, text+",\n"+p.indent(first))
}
