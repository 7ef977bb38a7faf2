package main

import "testing"

// unpark: never-ends
func TestSpin(t *testing.T) {
	go spin(make(chan struct{}))
}

// unpark: never-ends
func TestSleep(t *testing.T) {
	go sleep()
}

// unpark: never-ends
func TestPoll(t *testing.T) {
	go poll()
}
