package poll

import "unsafe"

// unparkPoll tells the runtime which FD is waited for: pd is a part of it.
func unparkPoll(pd unsafe.Pointer)
