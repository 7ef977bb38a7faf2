//go:build wasip1

package net

import "syscall"

// ---- options

// flag is an option's number; 0: it was not set.
func (ffd *fakeNetFD) flag(level, name int) int {
	if ffd.raw == nil {
		return 0
	}
	value := ffd.raw.options[[2]int{level, name}]
	if len(value) == 0 || len(value) > 4 {
		return 0
	}
	return unparkWord(append(append([]byte(nil), value...), 0, 0, 0, 0))
}

// shares: two sockets that both say so may have one address. Who of them gets what comes is the first, where Linux draws.
func (ffd *fakeNetFD) shares(other *fakeNetFD) bool {
	both := func(name int) bool {
		return ffd.flag(syscall.SOL_SOCKET, name) != 0 && other.flag(syscall.SOL_SOCKET, name) != 0
	}
	return both(unparkReusePort) || ffd.addr.kind == unparkUDP && both(syscall.SO_REUSEADDR)
}

func (ffd *fakeNetFD) UnparkSetOption(level, name int, value []byte) syscall.Errno {
	if err := ffd.refusesOptions(level); err != 0 {
		return err
	}
	n := 0
	if len(value) >= 4 {
		n = unparkWord(value)
	}
	ffd.rawState().options[[2]int{level, name}] = append([]byte(nil), value...)
	if level != syscall.SOL_SOCKET {
		return 0
	}
	switch name {
	case syscall.SO_TYPE, syscall.SO_ERROR, syscall.SO_ACCEPTCONN, syscall.SO_DOMAIN, syscall.SO_PROTOCOL:
		return syscall.ENOPROTOOPT
	case syscall.SO_MARK, syscall.SO_RCVBUFFORCE, syscall.SO_SNDBUFFORCE: // for root alone
		return syscall.EPERM
	case syscall.SO_RCVBUF:
		ffd.setReadBuffer(n)
	case syscall.SO_SNDBUF:
		ffd.setWriteBuffer(n)
	case syscall.SO_LINGER:
		if len(value) < 8 {
			return syscall.EINVAL
		}
		if n != 0 {
			ffd.setLinger(unparkWord(value[4:]))
		} else {
			ffd.setLinger(-1)
		}
	}
	return 0
}

// refusesOptions of a level, or any; 0: it does not.
func (ffd *fakeNetFD) refusesOptions(level int) syscall.Errno {
	if ffd.isClosed() {
		return syscall.EBADF
	}
	switch level {
	case syscall.SOL_SOCKET, syscall.SOL_IP, syscall.SOL_TCP, syscall.SOL_UDP, syscall.SOL_IPV6:
		return 0
	}
	return syscall.ENOPROTOOPT
}

func (ffd *fakeNetFD) UnparkOption(level, name int, value []byte) (int, syscall.Errno) {
	if err := ffd.refusesOptions(level); err != 0 {
		return 0, err
	}
	if level == syscall.SOL_SOCKET {
		if n, ok := ffd.socketOption(name); ok {
			return copy(value, unparkWords(n)), 0
		}
	}
	if set := ffd.rawState().options[[2]int{level, name}]; set != nil {
		return copy(value, set), 0
	}
	return copy(value, unparkWords(unparkDefaults[[2]int{level, name}])), 0
}

// unparkDefaults are those of Linux, or what Go sets.
var unparkDefaults = map[[2]int]int{
	{syscall.SOL_SOCKET, syscall.SO_REUSEADDR}:      1,
	{syscall.SOL_SOCKET, syscall.SO_KEEPALIVE}:      1,
	{syscall.SOL_SOCKET, syscall.SO_RCVLOWAT}:       1,
	{syscall.SOL_TCP, syscall.TCP_NODELAY}:          1,
	{syscall.SOL_TCP, syscall.TCP_MAXSEG}:           65483,
	{syscall.SOL_TCP, syscall.TCP_KEEPIDLE}:         15,
	{syscall.SOL_TCP, syscall.TCP_KEEPINTVL}:        15,
	{syscall.SOL_TCP, syscall.TCP_KEEPCNT}:          9,
	{syscall.SOL_TCP, unparkTCPInfo}:                1, // its first byte is the state: established
	{syscall.SOL_IP, syscall.IP_TTL}:                64,
	{syscall.SOL_IP, syscall.IP_MULTICAST_TTL}:      1,
	{syscall.SOL_IP, syscall.IP_MULTICAST_LOOP}:     1,
	{syscall.SOL_IPV6, syscall.IPV6_UNICAST_HOPS}:   64,
	{syscall.SOL_IPV6, syscall.IPV6_MULTICAST_HOPS}: 1,
	{syscall.SOL_IPV6, syscall.IPV6_MULTICAST_LOOP}: 1,
}

func (ffd *fakeNetFD) socketOption(name int) (int, bool) {
	switch name {
	case syscall.SO_TYPE:
		return ffd.fd.sotype, true
	case syscall.SO_ACCEPTCONN:
		if ffd.listens {
			return 1, true
		}
		return 0, true
	case syscall.SO_DOMAIN:
		return ffd.fd.family, true
	case syscall.SO_PROTOCOL:
		return map[int]int{unparkTCP: syscall.IPPROTO_TCP, unparkUDP: syscall.IPPROTO_UDP}[unparkKind(ffd.fd.net)], true
	case syscall.SO_ERROR:
		if ffd.pending != 0 {
			return int(ffd.takePending()), true
		}
		if ffd.unparkEnd != nil && ffd.err != 0 {
			return int(ffd.takeError()), true
		}
		return 0, true
	case syscall.SO_RCVBUF:
		if ffd.unparkEnd != nil {
			return int(ffd.readSize), true
		}
		return ffd.limit, true
	case syscall.SO_SNDBUF:
		if ffd.unparkEnd != nil {
			return int(ffd.writeSize), true
		}
		if n := ffd.flag(syscall.SOL_SOCKET, name); n != 0 {
			return 2 * n, true
		}
		return unparkDatagramBuffer, true
	}
	return 0, false
}
