//go:build wasip1

package syscall

// unparkErrorText is what Linux calls an error: tests compare words. Empty: as before.
func unparkErrorText(e Errno) string {
	switch e {
	case E2BIG:
		return "argument list too long"
	case EACCES:
		return "permission denied"
	case EADDRINUSE:
		return "address already in use"
	case EADDRNOTAVAIL:
		return "cannot assign requested address"
	case EAFNOSUPPORT:
		return "address family not supported by protocol"
	case EAGAIN:
		return "resource temporarily unavailable"
	case EALREADY:
		return "operation already in progress"
	case EBADF:
		return "bad file descriptor"
	case EBADMSG:
		return "bad message"
	case EBUSY:
		return "device or resource busy"
	case ECANCELED:
		return "operation canceled"
	case ECHILD:
		return "no child processes"
	case ECONNABORTED:
		return "software caused connection abort"
	case ECONNREFUSED:
		return "connection refused"
	case ECONNRESET:
		return "connection reset by peer"
	case EDEADLK:
		return "resource deadlock avoided"
	case EDESTADDRREQ:
		return "destination address required"
	case EDOM:
		return "numerical argument out of domain"
	case EDQUOT:
		return "disk quota exceeded"
	case EEXIST:
		return "file exists"
	case EFAULT:
		return "bad address"
	case EFBIG:
		return "file too large"
	case EHOSTUNREACH:
		return "no route to host"
	case EIDRM:
		return "identifier removed"
	case EILSEQ:
		return "invalid or incomplete multibyte or wide character"
	case EINPROGRESS:
		return "operation now in progress"
	case EINTR:
		return "interrupted system call"
	case EINVAL:
		return "invalid argument"
	case EIO:
		return "input/output error"
	case EISCONN:
		return "transport endpoint is already connected"
	case EISDIR:
		return "is a directory"
	case ELOOP:
		return "too many levels of symbolic links"
	case EMFILE:
		return "too many open files"
	case EMLINK:
		return "too many links"
	case EMSGSIZE:
		return "message too long"
	case ENAMETOOLONG:
		return "file name too long"
	case ENETDOWN:
		return "network is down"
	case ENETRESET:
		return "network dropped connection on reset"
	case ENETUNREACH:
		return "network is unreachable"
	case ENFILE:
		return "too many open files in system"
	case ENOBUFS:
		return "no buffer space available"
	case ENODEV:
		return "no such device"
	case ENOENT:
		return "no such file or directory"
	case ENOEXEC:
		return "exec format error"
	case ENOLCK:
		return "no locks available"
	case ENOMEM:
		return "cannot allocate memory"
	case ENOMSG:
		return "no message of desired type"
	case ENOPROTOOPT:
		return "protocol not available"
	case ENOSPC:
		return "no space left on device"
	case ENOSYS:
		return "function not implemented"
	case ENOTCONN:
		return "transport endpoint is not connected"
	case ENOTDIR:
		return "not a directory"
	case ENOTEMPTY:
		return "directory not empty"
	case ENOTSOCK:
		return "socket operation on non-socket"
	case ENOTSUP:
		return "operation not supported"
	case ENOTTY:
		return "inappropriate ioctl for device"
	case ENXIO:
		return "no such device or address"
	case EOVERFLOW:
		return "value too large for defined data type"
	case EPERM:
		return "operation not permitted"
	case EPIPE:
		return "broken pipe"
	case EPROTO:
		return "protocol error"
	case EPROTONOSUPPORT:
		return "protocol not supported"
	case EPROTOTYPE:
		return "protocol wrong type for socket"
	case ERANGE:
		return "numerical result out of range"
	case EROFS:
		return "read-only file system"
	case ESPIPE:
		return "illegal seek"
	case ESRCH:
		return "no such process"
	case ETIMEDOUT:
		return "connection timed out"
	case ETXTBSY:
		return "text file busy"
	case EXDEV:
		return "invalid cross-device link"
	}
	return ""
}
