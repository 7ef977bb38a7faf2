//go:build wasip1

package syscall

// Advisory locks of whole files (flock), which wasip1 has not: stores take one, so that no two of them open a file. As on
// Linux they are of an open file: two that one process has opened exclude each other. A lock is taken without a step of its own;
// who must wait for one is blocked, and told as one that waits for the outside, unless it is the test itself.

const (
	LOCK_SH = 0x1
	LOCK_EX = 0x2
	LOCK_NB = 0x4
	LOCK_UN = 0x8
)

// EWOULDBLOCK is what Linux calls EAGAIN where a lock is held.
const EWOULDBLOCK = EAGAIN

type unparkLock struct {
	fd        int
	file      unparkInode
	exclusive bool
}

var unparkLocks []unparkLock

// unparkUnlocked is closed when a lock ends: who waits looks again. A loop that yields would be told as one that never ends.
var unparkUnlocked = make(chan struct{})

func Flock(fd int, how int) error {
	file, _, err := unparkInodeOf(fd)
	if err != nil {
		return err
	}
	unparkUnlock(fd) // one that is asked for anew takes the place of the old one
	switch how &^ LOCK_NB {
	case LOCK_UN:
		return nil
	case LOCK_SH, LOCK_EX:
	default:
		return EINVAL
	}
	for unparkExcludes(file, how&LOCK_EX != 0) {
		if how&LOCK_NB != 0 {
			return EAGAIN
		}
		<-unparkUnlocked
	}
	unparkLocks = append(unparkLocks, unparkLock{fd, file, how&LOCK_EX != 0})
	return nil
}

func unparkExcludes(file unparkInode, exclusive bool) bool {
	for _, one := range unparkLocks {
		if one.file == file && (exclusive || one.exclusive) {
			return true
		}
	}
	return false
}

// unparkUnlock is called for each descriptor that is closed, too.
func unparkUnlock(fd int) {
	for i, one := range unparkLocks {
		if one.fd == fd {
			unparkLocks = append(unparkLocks[:i], unparkLocks[i+1:]...)
			close(unparkUnlocked)
			unparkUnlocked = make(chan struct{})
			return
		}
	}
}
