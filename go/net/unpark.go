//go:build wasip1

package net

import _ "unsafe" // for go:linkname

// unparkStub tells Unpark that a multicast group was to be joined: there are none here.
//
//go:linkname unparkStub runtime.unparkStub
func unparkStub(name string)

// unparkInterfaces is the machine's one interface, as Linux has it. index 0: all.
func unparkInterfaces(index int) []Interface {
	if index > 1 {
		return nil
	}
	return []Interface{{Index: 1, MTU: 65536, Name: "lo", Flags: FlagUp | FlagLoopback | FlagRunning}}
}

func unparkInterfaceAddrs(ifi *Interface) []Addr {
	if ifi != nil && ifi.Index != 1 {
		return nil
	}
	return []Addr{
		&IPNet{IP: IPv4(127, 0, 0, 1), Mask: CIDRMask(8, 32)},
		&IPNet{IP: IPv6loopback, Mask: CIDRMask(128, 128)},
	}
}
