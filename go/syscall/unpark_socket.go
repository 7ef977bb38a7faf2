//go:build wasip1

package syscall

import "internal/byteorder"

// Sockets by number: options, and messages with control data. wasip1's package syscall answers ENOSYS to all of it, and lacks most
// of the names. The sockets are package net's (go/net/unpark_raw.go), which gives a number to one that RawConn is asked for.
// Names, numbers and layouts are those of linux/amd64.

const (
	SOL_SOCKET = 1
	SOL_IP     = 0
	SOL_TCP    = 6
	SOL_UDP    = 17
	SOL_IPV6   = 41

	SO_REUSEADDR    = 2
	SO_TYPE         = 3
	SO_DONTROUTE    = 5
	SO_BROADCAST    = 6
	SO_SNDBUF       = 7
	SO_RCVBUF       = 8
	SO_KEEPALIVE    = 9
	SO_OOBINLINE    = 10
	SO_PRIORITY     = 12
	SO_LINGER       = 13
	SO_RCVLOWAT     = 18
	SO_RCVTIMEO     = 20
	SO_SNDTIMEO     = 21
	SO_BINDTODEVICE = 25
	SO_TIMESTAMP    = 29
	SO_ACCEPTCONN   = 30
	SO_SNDBUFFORCE  = 32
	SO_RCVBUFFORCE  = 33
	SO_MARK         = 36
	SO_PROTOCOL     = 38
	SO_DOMAIN       = 39

	TCP_NODELAY      = 1
	TCP_MAXSEG       = 2
	TCP_CORK         = 3
	TCP_KEEPIDLE     = 4
	TCP_KEEPINTVL    = 5
	TCP_KEEPCNT      = 6
	TCP_SYNCNT       = 7
	TCP_LINGER2      = 8
	TCP_DEFER_ACCEPT = 9
	TCP_INFO         = 11
	TCP_QUICKACK     = 12
	TCP_CONGESTION   = 13

	IP_TOS             = 1
	IP_TTL             = 2
	IP_PKTINFO         = 8
	IP_MTU_DISCOVER    = 10
	IP_RECVTTL         = 12
	IP_RECVTOS         = 13
	IP_MULTICAST_IF    = 32
	IP_MULTICAST_TTL   = 33
	IP_MULTICAST_LOOP  = 34
	IP_ADD_MEMBERSHIP  = 35
	IP_DROP_MEMBERSHIP = 36

	IPV6_UNICAST_HOPS   = 16
	IPV6_MULTICAST_IF   = 17
	IPV6_MULTICAST_HOPS = 18
	IPV6_MULTICAST_LOOP = 19
	IPV6_JOIN_GROUP     = 20
	IPV6_LEAVE_GROUP    = 21
	IPV6_MTU_DISCOVER   = 23
	IPV6_RECVPKTINFO    = 49
	IPV6_PKTINFO        = 50
	IPV6_RECVHOPLIMIT   = 51
	IPV6_HOPLIMIT       = 52
	IPV6_RECVTCLASS     = 66
	IPV6_TCLASS         = 67

	MSG_OOB      = 1
	MSG_PEEK     = 2
	MSG_CTRUNC   = 8
	MSG_TRUNC    = 0x20
	MSG_DONTWAIT = 0x40
	MSG_WAITALL  = 0x100
	MSG_NOSIGNAL = 0x4000
)

// Linger is SO_LINGER's value.
type Linger struct {
	Onoff  int32
	Linger int32
}

// UnparkMessage is one datagram, or a piece of a stream, with its control data.
type UnparkMessage struct {
	Buffers [][]byte
	OOB     []byte
	Address Sockaddr // nil: none
	N, OOBN int
	Flags   int
}

// UnparkSocket is what a number stands for. Nothing of it waits: EAGAIN is said instead.
type UnparkSocket interface {
	UnparkOption(level, name int, value []byte) (int, Errno)
	UnparkSetOption(level, name int, value []byte) Errno
	UnparkName(peer bool) (Sockaddr, Errno)
	UnparkReceive(message *UnparkMessage, flags int) Errno
	UnparkSend(message *UnparkMessage) Errno
}

// UnparkSocketOf is package net's; a number that it does not know is a file's.
var UnparkSocketOf func(fd int) UnparkSocket

// UnparkFirstSocket is beyond the numbers of files.
const UnparkFirstSocket = 1 << 20

func unparkSocket(fd int) UnparkSocket {
	if fd < UnparkFirstSocket || UnparkSocketOf == nil {
		return nil
	}
	return UnparkSocketOf(fd)
}

func unparkError(err Errno) error {
	if err == 0 {
		return nil
	}
	return err
}

func unparkBytes(n int) []byte { return byteorder.LEAppendUint32(nil, uint32(n)) }

func unparkGetInt(s UnparkSocket, level, opt int) (int, error) {
	var value [4]byte
	_, err := s.UnparkOption(level, opt, value[:])
	return int(int32(byteorder.LEUint32(value[:]))), unparkError(err)
}

func unparkSet(fd, level, opt int, value []byte) error {
	s := unparkSocket(fd)
	if s == nil {
		return ENOTSOCK
	}
	return unparkError(s.UnparkSetOption(level, opt, value))
}

func SetsockoptByte(fd, level, opt int, value byte) error {
	return unparkSet(fd, level, opt, []byte{value})
}

func SetsockoptString(fd, level, opt int, s string) error {
	return unparkSet(fd, level, opt, []byte(s))
}

func SetsockoptInet4Addr(fd, level, opt int, value [4]byte) error {
	return unparkSet(fd, level, opt, value[:])
}

func SetsockoptLinger(fd, level, opt int, l *Linger) error {
	return unparkSet(fd, level, opt, append(unparkBytes(int(l.Onoff)), unparkBytes(int(l.Linger))...))
}

func SetsockoptTimeval(fd, level, opt int, tv *Timeval) error {
	return unparkSet(fd, level, opt, make([]byte, 16)) // deadlines are Go's own: no call waits here
}

func Getsockname(fd int) (Sockaddr, error) { return unparkNameOf(fd, false) }

func Getpeername(fd int) (Sockaddr, error) { return unparkNameOf(fd, true) }

func unparkNameOf(fd int, peer bool) (Sockaddr, error) {
	s := unparkSocket(fd)
	if s == nil {
		return nil, ENOTSOCK
	}
	sa, err := s.UnparkName(peer)
	return sa, unparkError(err)
}

func unparkRecvmsg(s UnparkSocket, p, oob []byte, flags int) (n, oobn, recvflags int, from Sockaddr, err error) {
	m := UnparkMessage{Buffers: [][]byte{p}, OOB: oob}
	failed := s.UnparkReceive(&m, flags)
	if failed != 0 {
		m.N = -1
	}
	return m.N, m.OOBN, m.Flags, m.Address, unparkError(failed)
}

func unparkSendmsg(s UnparkSocket, p, oob []byte, to Sockaddr) (int, error) {
	m := UnparkMessage{Buffers: [][]byte{p}, OOB: oob, Address: to}
	failed := s.UnparkSend(&m)
	return m.N, unparkError(failed)
}
