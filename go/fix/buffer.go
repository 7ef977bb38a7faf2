package main

import (
	"fmt"
	"go/ast"
	"strconv"
)

// buffer gives a channel room for as many values as are sent, where the source bounds that number: then no send waits.
func buffer(p *program, s *site) ([]Candidate, string) {
	sends := s.blockedOn("send")
	if received := s.blockedOn("receive", "range"); len(sends) == 0 && len(received) > 0 {
		return each(classesOf(received), p.keptFor)
	}
	if len(sends) == 0 {
		return nil, noSend
	}
	return each(sends, func(send operation) ([]Candidate, string) {
		candidate, why := roomFor(p, send)
		if why != "" {
			return nil, why
		}
		return []Candidate{candidate}, ""
	})
}

// keptFor: who sends gives up where nobody is waiting yet, and who comes later waits for ever. With room for one value what was
// told before the wait is kept.
func (p *program) keptFor(class any) ([]Candidate, string) {
	sends := p.of(class, "send")
	for _, send := range sends {
		if choice := p.choice(send.node); choice == nil || !hasDefault(choice) {
			return nil, "nobody gives up a send of what is waited for"
		}
	}
	var edits []Edit
	for _, made := range p.of(class, "make") {
		call := made.node.(*ast.CallExpr)
		if len(call.Args) != 1 {
			return nil, "the channel has room already"
		}
		edits = append(edits, p.insert(call.Args[0].End(), ", 1"))
	}
	if len(sends) == 0 || len(edits) == 0 {
		return nil, "nobody sends on this channel, or where it is made is not known"
	}
	return []Candidate{{Edits: edits, Facts: map[string]string{"channel": p.short(sends[0].on), "room": "1", "how": "kept"}}}, ""
}

func roomFor(p *program, send operation) (Candidate, string) {
	makes := p.of(send.class, "make")
	if len(makes) == 0 {
		return Candidate{}, fmt.Sprintf("where %s is made is not known", p.short(send.on))
	}
	c := Candidate{Facts: map[string]string{"channel": p.short(send.on)}}
	for _, made := range makes {
		call := made.node.(*ast.CallExpr)
		sent, why := p.sentTo(send.class, call)
		if why != "" {
			return Candidate{}, why
		}
		edit, room, why := p.withRoom(call, sent)
		if why != "" {
			return Candidate{}, why
		}
		if edit != nil {
			c.Edits = append(c.Edits, *edit)
			c.Facts["room"] = room
		}
	}
	if len(c.Edits) == 0 {
		return Candidate{}, "the channel has room for all that is sent already"
	}
	return c, ""
}

// sentTo is how many values are sent on the channel that one make makes.
func (p *program) sentTo(class any, made *ast.CallExpr) (amount, string) {
	wanted := map[ast.Node]bool{}
	for _, send := range p.of(class, "send") {
		wanted[send.node] = true
	}
	homes := []ast.Node{p.function(made)}
	around := map[ast.Node]bool{made: true}
	for range 4 {
		total, why := amount{}, ""
		for _, home := range homes {
			if home == nil {
				return amount{}, "the channel is made outside of every function"
			}
			c := &counter{program: p, wanted: wanted, made: around, at: made}
			sent := c.function(home)
			if c.err != nil {
				why = c.err.Error()
			}
			total = larger(total, sent)
		}
		if why != "" {
			return amount{}, why
		}
		if !total.isZero() {
			if len(total.terms) == 0 && total.number > most {
				return amount{}, fmt.Sprintf("%d values are too many for a buffer", total.number)
			}
			return total, ""
		}
		// Nothing that is called from here sends: whoever called this function may, or may start who does.
		var up []ast.Node
		for _, home := range homes {
			for _, call := range p.callers[home] {
				around[call] = true
				up = append(up, p.function(call))
			}
			if literal, ok := home.(*ast.FuncLit); ok && len(p.callers[home]) == 0 {
				around[literal] = true
				up = append(up, p.function(literal))
			}
		}
		homes = up
	}
	return amount{}, "how many values are sent is not known"
}

// withRoom is the edit that gives a channel this room; none where it has it.
func (p *program) withRoom(call *ast.CallExpr, sent amount) (*Edit, string, string) {
	text := sent.String()
	if len(call.Args) == 1 {
		edit := p.insert(call.Args[0].End(), ", "+text)
		return &edit, text, ""
	}
	size := call.Args[1]
	if value := p.info.Types[size].Value; value != nil && len(sent.terms) == 0 {
		if has, err := strconv.Atoi(value.String()); err == nil && has >= sent.number {
			return nil, "", ""
		}
		if value.String() == "0" || len(sent.terms) == 0 {
			edit := p.replace(size.Pos(), size.End(), text)
			return &edit, text, ""
		}
	}
	text = fmt.Sprintf("max(%s, %s)", p.source(size), text)
	edit := p.replace(size.Pos(), size.End(), text)
	return &edit, text, ""
}
