// Package fixedkernels holds small models of concurrency bugs of well-known Go projects, each after its repair. The
// bugs are those of GoBench's GoKer ("GoBench: A Benchmark Suite of Real-World Go Concurrency Bugs", Yuan et al., CGO
// 2021), whose faulty kernels lie in the Go distribution under
// src/runtime/testdata/testgoroutineleakprofile/goker. These here are written anew from the descriptions of the bugs.
//
// Each test is named like its kernel and runs one copy of it, cut down so that all its schedules can be tried: no
// goroutine may be left in any of them. A test does not wait for what it starts, for Unpark does.
package fixedkernels
