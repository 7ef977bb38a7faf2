/** WASI preview 1 constants, by the names of Go's syscall/fs_wasip1.go. */
export const LOOKUP_SYMLINK_FOLLOW = 1;

export const OFLAG = { CREATE: 1, DIRECTORY: 2, EXCL: 4, TRUNC: 8 } as const;

export const FDFLAG = { APPEND: 1, DSYNC: 2, NONBLOCK: 4, RSYNC: 8, SYNC: 16 } as const;

export const RIGHT_FD_READ = 1n << 1n;
export const RIGHT_FD_WRITE = 1n << 6n;
export const RIGHT_FD_READDIR = 1n << 14n;
export const ALL_RIGHTS = (1n << 30n) - 1n;

export const WHENCE = { SET: 0, CUR: 1, END: 2 } as const;

/** MODE is Unpark's own (go/syscall/unpark_mode.go): the time is a file's permissions. */
export const FSTFLAG = { ATIM: 1, ATIM_NOW: 2, MTIM: 4, MTIM_NOW: 8, MODE: 0x8000 } as const;
/** Above the rights that files opened below a directory inherit, which nobody asks for: the permissions of a file that is made (Unpark's own). */
export const MODE_SAID = 1n << 62n;
export const MODE_SHIFT = 32n;

export const FILETYPE = { CHARACTER_DEVICE: 2, DIRECTORY: 3, REGULAR_FILE: 4, SOCKET_STREAM: 6, SYMBOLIC_LINK: 7 } as const;
