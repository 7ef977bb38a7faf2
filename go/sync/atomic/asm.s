// Empty: the functions have bodies in doc.go, and the runtime supplies those of pointers. An assembly file must be here
// for the declarations without a body.
