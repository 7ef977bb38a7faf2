package main

import (
	"fmt"
	"go/ast"
	"go/token"
	"go/types"
	"strings"
)

// bound is how long a request may take that so far might take for ever.
const bound = "30*time.Second"

// timeout bounds how long an HTTP request may take: by its client, where one is made without a bound, or by its own context.
func timeout(p *program, s *site) ([]Candidate, string) {
	if len(s.stack) == 0 {
		return nil, "no function of the program's own waits here"
	}
	call, method := p.requestAt(s.stack[0])
	if call == nil {
		return nil, "what waits here is no request of net/http's"
	}
	found := p.boundClients(call)
	own, why := p.boundRequest(call, method)
	found = append(found, own...)
	if len(found) > 0 {
		why = ""
	}
	return found, why
}

// requestAt is the request in a place's line, and the name of the function that makes it.
func (p *program) requestAt(at place) (*ast.CallExpr, string) {
	var found *ast.CallExpr
	method := ""
	ast.Inspect(bodyOf(at.function), func(node ast.Node) bool {
		call, ok := node.(*ast.CallExpr)
		if !ok || p.line(call.Pos()) > at.Line || at.Line > p.line(call.End()) {
			return true
		}
		selector, ok := ast.Unparen(call.Fun).(*ast.SelectorExpr)
		if !ok {
			return true
		}
		function, ok := p.info.Uses[selector.Sel].(*types.Func)
		if !ok || function.Pkg() == nil || function.Pkg().Path() != "net/http" {
			return true
		}
		onClient := p.info.Selections[selector] == nil || isNamed(elem(p.info.TypeOf(selector.X)), "net/http", "Client")
		switch name := function.Name(); name {
		case "Get", "Head", "Post", "PostForm", "Do":
			if onClient {
				found, method = call, name
			}
		}
		return true
	})
	return found, method
}

// boundClients: each client that is made without a time-out gets one; where the request is one of its own package's.
func (p *program) boundClients(request *ast.CallExpr) []Candidate {
	var found []Candidate
	for _, file := range p.files {
		ast.Inspect(file, func(node ast.Node) bool {
			literal, ok := node.(*ast.CompositeLit)
			if !ok || !isNamed(p.info.TypeOf(literal), "net/http", "Client") || p.packageAt(literal) != p.packageAt(request) {
				return true
			}
			for _, element := range literal.Elts {
				if pair, keyed := element.(*ast.KeyValueExpr); !keyed || p.short(pair.Key) == "Timeout" {
					return true
				}
			}
			more, why := p.imported(literal, "time")
			if why != "" {
				return true
			}
			more = append(more, p.withElement(literal, "Timeout: "+strings.ReplaceAll(bound, "*", " * ")))
			found = append(found, Candidate{Edits: more, Facts: map[string]string{"what": p.short(request), "how": "client"}})
			return true
		})
	}
	return found
}

// boundRequest: the request gets a context with an end, which the function ends when it returns: its answer must not leave it.
func (p *program) boundRequest(call *ast.CallExpr, method string) ([]Candidate, string) {
	function := p.function(call)
	assign, ok := p.statement(call).(*ast.AssignStmt)
	if !ok || assign.Tok != token.DEFINE || len(assign.Lhs) != 2 || len(assign.Rhs) != 1 || assign.Rhs[0] != ast.Expr(call) {
		return nil, "what the request answers is not declared in a statement of its own"
	}
	answer, ok := assign.Lhs[0].(*ast.Ident)
	failure, isName := assign.Lhs[1].(*ast.Ident)
	if !ok || !isName || p.inLoop(call) || p.escapes(answer, function) {
		return nil, "the answer is used when the function has returned, or the request stands in a loop"
	}
	parent, why := p.contextFor(call, function)
	if why != "" {
		return nil, why
	}
	selector := ast.Unparen(call.Fun).(*ast.SelectorExpr)
	facts := map[string]string{"what": p.short(call), "how": "request"}
	withEnd := []string{fmt.Sprintf("ctx, cancel := context.WithTimeout(%s, %s)", parent, bound), "defer cancel()"}
	edits, why := p.imported(call, "context", "time")
	if why != "" {
		return nil, why
	}
	if method == "Do" && len(call.Args) == 1 {
		withEnd[0] = strings.Replace(withEnd[0], "context.Background()", p.source(call.Args[0])+".Context()", 1)
		edits = append(edits, p.before(assign, withEnd...), p.replace(call.Args[0].Pos(), call.Args[0].End(), p.source(call.Args[0])+".WithContext(ctx)"))
		return []Candidate{{Edits: edits, Facts: facts}}, ""
	}
	handler, ok := p.next(assign).(*ast.IfStmt)
	if !ok || handler.Init != nil || handler.Else != nil || p.short(handler.Cond) != failure.Name+" != nil" || !leaves(handler.Body) || p.isNameUsed(answer.Name, handler.Body) || p.isNameUsed("request", function) {
		return nil, "the statement behind the request does not leave the function where it failed"
	}
	body, header := "nil", []string{}
	switch {
	case method == "Post" && len(call.Args) == 3:
		body = p.source(call.Args[2])
		header = append(header, fmt.Sprintf(`request.Header.Set("Content-Type", %s)`, p.source(call.Args[1])))
	case method == "Get" && len(call.Args) == 1, method == "Head" && len(call.Args) == 1:
	default:
		return nil, fmt.Sprintf("a request by %s is not written otherwise here", method)
	}
	client := "http.DefaultClient"
	if p.info.Selections[selector] != nil {
		client = p.source(selector.X)
	}
	lines := append(withEnd, fmt.Sprintf("request, %s := http.NewRequestWithContext(ctx, http.Method%s, %s, %s)", failure.Name, method, p.source(call.Args[0]), body), "if "+p.source(handler.Cond)+" "+p.source(handler.Body))
	edits = append(edits, p.before(assign, append(lines, header...)...), p.replace(call.Pos(), call.End(), client+".Do(request)"))
	return []Candidate{{Edits: edits, Facts: facts}}, ""
}

// contextFor is what the new context is made of: one that is in scope, or the background's.
func (p *program) contextFor(call *ast.CallExpr, function ast.Node) (string, string) {
	if p.isNameUsed("cancel", function) {
		return "", "the name cancel is taken"
	}
	parent := "context.Background()"
	if scope := p.scopeAt(call); scope != nil {
		for at := scope; at != nil && at != types.Universe; at = at.Parent() {
			for _, name := range at.Names() {
				if _, object := at.LookupParent(name, call.Pos()); object != nil && isNamed(object.Type(), "context", "Context") && parent == "context.Background()" {
					parent = name
				}
			}
		}
	}
	if parent != "ctx" && p.isNameUsed("ctx", function) {
		return "", "the name ctx is taken"
	}
	return parent, ""
}
