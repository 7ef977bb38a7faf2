package main

import (
	"fmt"
	"go/ast"
	"go/types"
	"sort"
)

// makeChannel makes a channel that is declared, or handed over, as nil; with room for what is sent, and closed by who made
// it where it is only received from.
func makeChannel(p *program, s *site) ([]Candidate, string) {
	blocked := s.blockedOn("send", "receive", "range")
	if len(blocked) == 0 {
		return nil, "nobody is blocked in an operation on a channel that the source shows"
	}
	for _, op := range blocked {
		if len(p.of(op.class, "make")) > 0 {
			continue
		}
		if found := p.made(op); len(found) > 0 {
			return found, ""
		}
		if found := p.handed(op); len(found) > 0 {
			return found, ""
		}
	}
	return nil, "the source does not show where the channel stays nil, or nobody does the other half of the operation"
}

func (p *program) made(op operation) []Candidate {
	var found []Candidate
	for _, declared := range p.of(op.class, "nil") {
		spec := declared.node.(*ast.ValueSpec)
		if len(spec.Names) != 1 || spec.Type == nil {
			continue
		}
		name := spec.Names[0].Name
		facts := map[string]string{"channel": name}
		whole := func(room string) []Edit {
			return []Edit{p.replace(spec.Names[0].End(), spec.Type.End(), " = make("+p.source(spec.Type)+room+")")}
		}
		others := len(p.of(op.class, "send", "close"))
		if statement := p.declares(spec); op.kind != "send" && others == 0 && statement != nil { // as of a nil that is handed over
			edits := append(whole(""), p.after(statement, "close("+name+")"))
			found = append(found, Candidate{Edits: edits, Facts: with(with(facts, "room", ""), "closed", "yes")})
		}
		other := len(p.of(op.class, "receive", "range")) > 0 && len(p.of(op.class, "send")) > 0
		if other {
			found = append(found, Candidate{Edits: whole(""), Facts: with(facts, "room", "")})
		}
		if op.kind == "send" {
			wanted := map[ast.Node]bool{}
			for _, send := range p.of(op.class, "send") {
				wanted[send.node] = true
			}
			if home := p.function(spec); home != nil {
				c := &counter{program: p, wanted: wanted, made: map[ast.Node]bool{spec: true}, at: spec}
				if sent := c.function(home); c.err == nil && !sent.isZero() {
					found = append(found, Candidate{Edits: whole(", " + sent.String()), Facts: with(facts, "room", sent.String())})
				}
			}
		}
	}
	return found
}

// declares is the statement of a function that a declaration stands in; nil of a package's variable.
func (p *program) declares(spec *ast.ValueSpec) ast.Stmt {
	group, _ := p.parents[spec].(*ast.GenDecl)
	statement, _ := p.parents[group].(*ast.DeclStmt)
	if statement == nil || group.Lparen.IsValid() {
		return nil
	}
	return statement
}

// handed: a nil that is an argument.
func (p *program) handed(op operation) []Candidate {
	var found []Candidate
	for function, calls := range p.callers {
		for _, call := range calls {
			i := 0
			for _, field := range typeOf(function).Params.List {
				for _, name := range field.Names {
					object, ok := p.info.Defs[name].(*types.Var)
					if ok && i < len(call.Args) && p.alias.find(object) == p.alias.find(op.class) && p.info.Types[call.Args[i]].IsNil() {
						if candidate, ok := p.inPlaceOfNil(op, call, call.Args[i], name.Name, object); ok {
							found = append(found, candidate)
						}
					}
					i++
				}
			}
		}
	}
	sort.Slice(found, func(i, j int) bool { return found[i].Edits[0].Offset < found[j].Edits[0].Offset })
	return found
}

func (p *program) inPlaceOfNil(op operation, call *ast.CallExpr, argument ast.Expr, name string, object *types.Var) (Candidate, bool) {
	statement := p.statement(call)
	scope := p.scopeAt(call)
	kind, ok := object.Type().Underlying().(*types.Chan)
	if statement == nil || scope == nil || !ok {
		return Candidate{}, false
	}
	if _, taken := scope.LookupParent(name, call.Pos()); taken != nil {
		return Candidate{}, false
	}
	element := p.typeText(p.file(call), p.packageAt(call), kind.Elem())
	if element == "" {
		return Candidate{}, false
	}
	lines := []string{fmt.Sprintf("%s := make(chan %s)", name, element)}
	facts := map[string]string{"channel": name, "room": ""}
	if op.kind != "send" {
		lines = append(lines, "close("+name+")")
		facts["closed"] = "yes"
	} else {
		lines[0] = fmt.Sprintf("%s := make(chan %s, 1)", name, element)
		facts["room"] = "1"
	}
	return Candidate{Edits: []Edit{p.before(statement, lines...), p.replace(argument.Pos(), argument.End(), name)}, Facts: facts}, true
}
