package main

// File is one source file.
type File struct {
	Functions  []Function  `json:"functions"`
	Operations []Operation `json:"operations"`
	Loops      []Loop      `json:"loops"`
}

// Function is a declaration or a literal. Functions are numbered as they stand in File.Functions.
type Function struct {
	// Parent is the number of the function around a literal, -1 of a declaration.
	Parent int    `json:"parent"`
	Name   string `json:"name"`
	Start  int    `json:"start"`
	End    int    `json:"end"`
	// Use says what becomes of a literal where it stands: "go", "defer", "call", or "" (it is a value).
	Use string `json:"use"`
	// Parameters are the variables that the function declares, its receiver first: where each is declared.
	Parameters []string `json:"parameters"`
	// Signature names them, with their types as they stand in the source; one without a name too.
	Signature []Parameter `json:"signature"`
	// Receiver says that the first of Parameters is a method's receiver.
	Receiver bool  `json:"receiver"`
	Returns  []int `json:"returns"`
}

// Parameter is a receiver, or what a function takes.
type Parameter struct {
	Name string `json:"name"`
	Type string `json:"type"`
	// Kind is the type that Type is declared as in the same file, where it is.
	Kind string `json:"kind,omitempty"`
}

// Loop is a for statement; one that ranges over something is none, unless that is a ticker.
type Loop struct {
	Function int `json:"function"`
	Start    int `json:"start"`
	End      int `json:"end"`
	// Condition goes on being true while the loop does; empty where there is none.
	Condition string `json:"condition"`
	// Exits are the lines of what leaves the loop: return, break, goto.
	Exits []int `json:"exits"`
}

// Operation is one operation that another goroutine can notice, or a call of a method without a result that matters.
type Operation struct {
	Function int `json:"function"`
	Line     int `json:"line"`
	// Kind is "send", "receive", "range", "close", "go", or the name of a method: "Done", "Wait", "Lock" …
	Kind string `json:"kind"`
	Operand
	// Deferred: it stands in a defer statement.
	Deferred bool `json:"deferred"`
	// Select is the line of the select statement that it is a case of, 0 of none; Case which of its cases, from 0.
	Select    int `json:"select"`
	SelectEnd int `json:"selectEnd"`
	Case      int `json:"case"`
	// Cases is the number of the cases of that select, without its default.
	Cases int `json:"cases"`
	// Leaves says that the case's body ends with a return, or with a jump to a label: out of the loop around the select.
	Leaves bool `json:"leaves,omitempty"`
	// Arguments are those of a "go": the receiver of a method's call first.
	Arguments []Operand `json:"arguments,omitempty"`
	// Literal is the number of the function literal that a "go" starts, -1 of none.
	Literal int `json:"literal"`
}

// Operand is what an operation is done on: a variable, a field of one, or anything else.
type Operand struct {
	// Text is the expression as it stands in the source.
	Text string `json:"text"`
	// Variable says where the variable is declared, with the fields that are taken of it: "12:5.slots"; by its name where
	// that is another file. Empty: not known.
	Variable string `json:"variable"`
	// Field says of which type's field it is, where the variable's declaration names its type: "pool.slots".
	Field string `json:"field"`
}
