package main

import (
	"fmt"
	"go/ast"
	"go/types"
)

// closeHanded lets a function close a channel that it is handed and does nothing with, when it returns: that it is over is all
// that the channel can tell.
func closeHanded(p *program, s *site) ([]Candidate, string) {
	received := s.blockedOn("receive", "range")
	if len(received) == 0 {
		return nil, "nobody is blocked in a receive that the source shows"
	}
	return each(classesOf(received), p.closedByHanded)
}

func (p *program) closedByHanded(class any) ([]Candidate, string) {
	if len(p.of(class, "send", "close")) > 0 {
		return nil, "somebody sends on it, or closes it"
	}
	var found []Candidate
	for function, calls := range p.callers {
		for _, field := range typeOf(function).Params.List {
			for _, name := range field.Names {
				parameter, ok := p.info.Defs[name].(*types.Var)
				if !ok || p.alias.find(parameter) != p.alias.find(class) || p.isUsed(parameter) || !maySend(parameter.Type()) || len(calls) != 1 || p.inLoop(calls[0]) {
					continue
				}
				edit := p.atStart(bodyOf(function), "defer close("+name.Name+")")
				found = append(found, Candidate{Edits: []Edit{edit}, Facts: map[string]string{"channel": name.Name, "function": p.nameOf(function)}})
			}
		}
	}
	if len(found) != 1 {
		return nil, fmt.Sprintf("of the functions that are handed it %d do nothing with it", len(found))
	}
	return found, ""
}

func (p *program) isUsed(object types.Object) bool {
	for _, used := range p.info.Uses {
		if used == object {
			return true
		}
	}
	return false
}

func maySend(kind types.Type) bool {
	channel, ok := kind.Underlying().(*types.Chan)
	return ok && channel.Dir() != types.RecvOnly
}

// closeFirst closes a channel before the wait for it: where the one function that closes it does so behind that wait, or
// deferred, it waits for itself.
func closeFirst(p *program, s *site) ([]Candidate, string) {
	received := s.blockedOn("receive", "range")
	if len(received) == 0 {
		return nil, "nobody is blocked in a receive that the source shows"
	}
	return each(received, p.closedBefore)
}

func (p *program) closedBefore(wait operation) ([]Candidate, string) {
	closes := p.of(wait.class, "close")
	function := p.function(wait.node)
	if len(closes) != 1 || p.function(closes[0].node) != function {
		return nil, "it is not the function itself that closes what it waits for"
	}
	statement := p.statement(closes[0].node)
	blocked := p.topStatement(wait.node)
	if blocked == nil || p.parents[statement] != ast.Node(bodyOf(function)) || p.choice(wait.node) != nil {
		return nil, "the wait or the close stands in a branch"
	}
	switch one := statement.(type) {
	case *ast.DeferStmt:
		if one.Call != closes[0].node || one.Pos() > blocked.Pos() {
			return nil, "how it is closed is not known"
		}
	case *ast.ExprStmt:
		if one.Pos() < blocked.Pos() {
			return nil, "it is closed before the wait"
		}
	default:
		return nil, "how it is closed is not known"
	}
	if p.returnsBefore(function, blocked) {
		return nil, "the function may be left before the wait"
	}
	return []Candidate{{Edits: []Edit{p.before(blocked, p.source(closes[0].node)), p.withoutLine(statement)}, Facts: map[string]string{"channel": p.short(closes[0].on), "function": p.nameOf(function)}}}, ""
}
