package main

import (
	"go/ast"
	"go/token"
	"go/types"
)

// aliases says which expressions may mean the same channel, lock or WaitGroup: variables that are assigned to each other
// are one class (Steensgaard, "Points-to Analysis in Almost Linear Time", POPL 1996); fields are told apart by their type.
// Two channels in one class are taken for one: a way then counts too many operations, which the proof shows.
type aliases struct {
	*program
	parent map[any]any
}

// result is the value number `index` that a function returns.
type result struct {
	function ast.Node
	index    int
}

func newAliases(p *program) *aliases {
	a := &aliases{p, map[any]any{}}
	for _, file := range p.files {
		ast.Inspect(file, func(node ast.Node) bool {
			a.note(node)
			return true
		})
	}
	return a
}

func (a *aliases) find(key any) any {
	for {
		up, ok := a.parent[key]
		if !ok {
			return key
		}
		key = up
	}
}

func (a *aliases) union(x, y any) {
	if x == nil || y == nil {
		return
	}
	x, y = a.find(x), a.find(y)
	if x != y {
		a.parent[x] = y
	}
}

// class of an expression; nil: not known.
func (a *aliases) class(expression ast.Expr) any {
	key := a.key(expression)
	if key == nil {
		return nil
	}
	return a.find(key)
}

func (a *aliases) key(expression ast.Expr) any {
	switch e := ast.Unparen(expression).(type) {
	case *ast.Ident:
		if object, ok := a.object(e).(*types.Var); ok {
			return object.Origin()
		}
	case *ast.SelectorExpr:
		if object, ok := a.info.Uses[e.Sel].(*types.Var); ok {
			return object.Origin()
		}
	case *ast.StarExpr:
		return a.key(e.X)
	case *ast.UnaryExpr:
		if e.Op == token.AND {
			return a.key(e.X)
		}
	case *ast.IndexExpr: // an element is not told apart from the others
		if _, isFunction := a.info.TypeOf(e.X).(*types.Signature); !isFunction {
			return a.key(e.X)
		}
	case *ast.CompositeLit:
		return e
	case *ast.CallExpr:
		if a.builtin(e) == "make" || a.builtin(e) == "new" {
			return e
		}
		if tv := a.info.Types[e.Fun]; tv.IsType() && len(e.Args) == 1 {
			return a.key(e.Args[0])
		}
		if function := a.target(e.Fun); function != nil {
			return result{function, 0}
		}
		if a.builtin(e) == "append" && len(e.Args) > 0 {
			return a.key(e.Args[0])
		}
	}
	return nil
}

func (p *program) builtin(call *ast.CallExpr) string {
	if name, ok := ast.Unparen(call.Fun).(*ast.Ident); ok {
		if _, ok := p.info.Uses[name].(*types.Builtin); ok {
			return name.Name
		}
	}
	return ""
}

func (a *aliases) same(x, y ast.Expr) { a.union(a.key(x), a.key(y)) }

func (a *aliases) note(node ast.Node) {
	switch n := node.(type) {
	case *ast.AssignStmt:
		a.assign(n.Lhs, n.Rhs)
	case *ast.ValueSpec:
		left := make([]ast.Expr, len(n.Names))
		for i, name := range n.Names {
			left[i] = name
		}
		a.assign(left, n.Values)
	case *ast.ReturnStmt:
		function := a.function(n)
		if len(n.Results) == 1 {
			if call, ok := ast.Unparen(n.Results[0]).(*ast.CallExpr); ok {
				if callee := a.target(call.Fun); callee != nil {
					for i := range 4 {
						a.union(result{function, i}, result{callee, i})
					}
					return
				}
			}
		}
		for i, value := range n.Results {
			a.union(result{function, i}, a.key(value))
		}
	case *ast.FuncDecl:
		a.receiver(n)
		a.namedResults(n, n.Type)
	case *ast.FuncLit:
		a.namedResults(n, n.Type)
	case *ast.RangeStmt:
		if _, ok := a.info.TypeOf(n.X).Underlying().(*types.Chan); !ok && n.Value != nil {
			a.same(n.Value, n.X)
		}
	case *ast.CompositeLit:
		a.literalOf(n)
	case *ast.CallExpr:
		a.call(n)
	}
}

func (a *aliases) assign(left, right []ast.Expr) {
	if len(left) == len(right) {
		for i := range left {
			if carries(a.info.TypeOf(right[i])) {
				a.same(left[i], right[i])
			}
		}
		return
	}
	if len(right) != 1 {
		return
	}
	if call, ok := ast.Unparen(right[0]).(*ast.CallExpr); ok {
		if callee := a.target(call.Fun); callee != nil {
			for i, one := range left {
				a.union(a.key(one), result{callee, i})
			}
		}
	}
}

// namedChannel stands for all channels that are made values of a named type, which its methods are called on; nil of a type
// without a name.
func namedChannel(kind types.Type) any {
	if named, ok := types.Unalias(kind).(*types.Named); ok {
		return named.Obj()
	}
	return nil
}

func (a *aliases) receiver(n *ast.FuncDecl) {
	if n.Recv == nil || len(n.Recv.List) != 1 || len(n.Recv.List[0].Names) != 1 {
		return
	}
	if kind := a.info.TypeOf(n.Recv.List[0].Type); isChannel(kind) {
		a.union(namedChannel(kind), a.key(n.Recv.List[0].Names[0]))
	}
}

func (a *aliases) namedResults(function ast.Node, kind *ast.FuncType) {
	if kind.Results == nil {
		return
	}
	i := 0
	for _, field := range kind.Results.List {
		for _, name := range field.Names {
			a.union(result{function, i}, a.key(name))
			i++
		}
	}
}

func (a *aliases) literalOf(n *ast.CompositeLit) {
	kind := a.info.TypeOf(n)
	if kind == nil {
		return
	}
	if pointer, ok := kind.Underlying().(*types.Pointer); ok {
		kind = pointer.Elem()
	}
	structure, isStruct := kind.Underlying().(*types.Struct)
	for i, element := range n.Elts {
		pair, keyed := element.(*ast.KeyValueExpr)
		switch {
		case isStruct && keyed:
			if name, ok := pair.Key.(*ast.Ident); ok && carries(a.info.TypeOf(pair.Value)) {
				a.same(name, pair.Value)
			}
		case isStruct && i < structure.NumFields():
			if carries(a.info.TypeOf(element)) {
				a.union(structure.Field(i).Origin(), a.key(element))
			}
		case keyed:
			if carries(a.info.TypeOf(pair.Value)) {
				a.union(n, a.key(pair.Value))
			}
		case !isStruct && carries(a.info.TypeOf(element)):
			a.union(n, a.key(element))
		}
	}
}

func (a *aliases) call(n *ast.CallExpr) {
	if a.builtin(n) == "append" && len(n.Args) > 1 {
		for _, value := range n.Args[1:] {
			if carries(a.info.TypeOf(value)) {
				a.same(n.Args[0], value)
			}
		}
	}
	if tv := a.info.Types[n.Fun]; tv.IsType() && len(n.Args) == 1 && isChannel(tv.Type) {
		a.union(namedChannel(tv.Type), a.key(n.Args[0]))
	}
	function := a.target(n.Fun)
	if function == nil {
		return
	}
	i := 0
	for _, field := range typeOf(function).Params.List {
		for _, name := range field.Names {
			_, variadic := field.Type.(*ast.Ellipsis)
			for ; i < len(n.Args); i++ {
				if carries(a.info.TypeOf(n.Args[i])) {
					a.same(name, n.Args[i])
				}
				if !variadic {
					break
				}
			}
			i++
		}
		if len(field.Names) == 0 {
			i++
		}
	}
}

// carries: a channel, or a pointer to what others wait for, or a container of these.
func carries(kind types.Type) bool {
	if kind == nil {
		return false
	}
	switch t := kind.Underlying().(type) {
	case *types.Chan:
		return true
	case *types.Slice:
		return carries(t.Elem())
	case *types.Array:
		return carries(t.Elem())
	case *types.Map:
		return carries(t.Elem())
	case *types.Pointer:
		return syncType(t.Elem()) != "" || carries(t.Elem())
	case *types.Interface:
		return isNamed(kind, "sync", "Locker")
	}
	return false
}

// syncType is "Mutex" of a sync.Mutex; empty of any other type.
func syncType(kind types.Type) string {
	for _, name := range []string{"Mutex", "RWMutex", "WaitGroup", "Cond", "Once"} {
		if isNamed(kind, "sync", name) {
			return name
		}
	}
	return ""
}

// elem is what a pointer points to; any other type is itself.
func elem(kind types.Type) types.Type {
	if pointer, ok := kind.Underlying().(*types.Pointer); ok {
		return pointer.Elem()
	}
	return kind
}

func isNamed(kind types.Type, pkg, name string) bool {
	named, ok := types.Unalias(kind).(*types.Named)
	return ok && named.Obj().Name() == name && named.Obj().Pkg() != nil && named.Obj().Pkg().Path() == pkg
}
