package atomic

// The 64-bit functions are in doc.go.
