//go:build js || wasip1

package net

import "syscall"

// ---- addresses

const (
	unparkTCP = iota
	unparkUDP
	unparkUnix
	unparkUnixgram
	unparkUnixpacket
)

// unparkAddr is where a socket is bound. IPv4 addresses have four bytes; those of IPv6 that stand for IPv4, too.
type unparkAddr struct {
	kind int
	ip   string // empty: every address of the machine
	port int
	path string
}

// unparkSlot is an address as an object: whoever binds it, dials it or sends to it depends on the others who do.
type unparkSlot struct {
	unparkHead
	sockets []*fakeNetFD
}

var (
	unparkSlots = map[unparkAddr]*unparkSlot{}
	unparkPorts = map[[2]int]bool{} // kind and port, of all that were given out
	unparkNames int                 // of unix sockets that nobody named
)

func unparkSlotOf(a unparkAddr) *unparkSlot {
	s := unparkSlots[a]
	if s == nil {
		s = &unparkSlot{}
		s.writeReady = 1
		s.size = 1 << 30
		unparkSlots[a] = s
		if a.ip != "" {
			a.ip = ""
			s.other = &unparkSlotOf(a).unparkHead
		}
	}
	return s
}

func unparkKind(network string) int {
	switch network {
	case "unix":
		return unparkUnix
	case "unixgram":
		return unparkUnixgram
	case "unixpacket":
		return unparkUnixpacket
	}
	if len(network) >= 3 && network[:3] == "udp" {
		return unparkUDP
	}
	return unparkTCP
}

func unparkIP(ip IP) string {
	if ip.IsUnspecified() {
		return ""
	}
	if ip4 := ip.To4(); ip4 != nil {
		return string(ip4)
	}
	return string(ip)
}

// unparkAddrOf also tells the address's IP as it was given, and its zone. A nil address: everything is zero.
func unparkAddrOf(kind int, sa sockaddr) (a unparkAddr, ip IP, zone string) {
	a.kind = kind
	switch sa := sa.(type) {
	case *TCPAddr:
		if sa != nil {
			a.port, ip, zone = sa.Port, sa.IP, sa.Zone
		}
	case *UDPAddr:
		if sa != nil {
			a.port, ip, zone = sa.Port, sa.IP, sa.Zone
		}
	case *UnixAddr:
		if sa != nil {
			a.path = sa.Name
		}
	}
	a.ip = unparkIP(ip)
	return a, ip, zone
}

func unparkIsHere(ip string) bool {
	return ip == "" || IP(ip).IsLoopback()
}

// unparkFullIP is an address as Linux tells it of a socket of this family.
func unparkFullIP(family int, ip string) IP {
	switch {
	case ip == "" && family == syscall.AF_INET:
		return IP{0, 0, 0, 0}
	case ip == "":
		return make(IP, IPv6len)
	case family == syscall.AF_INET:
		return IP(ip)
	}
	return IP(ip).To16()
}

func unparkNetAddr(network string, family int, a unparkAddr, zone string) Addr {
	switch a.kind {
	case unparkTCP:
		return &TCPAddr{IP: unparkFullIP(family, a.ip), Port: a.port, Zone: zone}
	case unparkUDP:
		return &UDPAddr{IP: unparkFullIP(family, a.ip), Port: a.port, Zone: zone}
	}
	return &UnixAddr{Name: a.path, Net: network}
}

// unparkFreePort draws from the goroutine's own stream, so that who comes first does not matter; Linux's range.
func unparkFreePort(kind int) int {
	for {
		port := 32768 + int(runtime_rand()%28232)
		if key := [2]int{kind, port}; !unparkPorts[key] {
			unparkPorts[key] = true
			return port
		}
		if len(unparkPorts) > 28232 {
			clear(unparkPorts)
		}
	}
}
