import { FileSystem, type FileSystemOptions } from "../files/file-system.js";
import { GuestMemory } from "../guest/guest-memory.js";
import { ALL_RIGHTS, LOOKUP_SYMLINK_FOLLOW, OFLAG, RIGHT_FD_READ, RIGHT_FD_WRITE } from "../wasi/flags.js";
import { ERRNO, type ErrnoName } from "../wasi/errno.js";

const ROOT_FD = 3;
const BUFFER = 0x10000;
const PATH = 0x100;
const PATH2 = 0x2000;
const IOV = 0x4000;
const RESULT = 0x4100;

const NAMES = new Map<number, string>(Object.entries(ERRNO).map(([name, number]) => [number, name]));

/** What a call answered: its value, or the error's name. */
export type FileAnswer<T> = T | ErrnoName;

export interface Stat {
  readonly ino: bigint;
  readonly type: number;
  readonly links: bigint;
  readonly size: number;
  readonly mtime: bigint;
}

/** For tests: a file system with a memory of its own and the calls as a guest would make them, in words. */
export class FileSystemGuest {
  readonly buffer = new ArrayBuffer(0x200000);
  readonly memory = new GuestMemory({ buffer: this.buffer });
  readonly files: FileSystem;
  readonly #bytes = new Uint8Array(this.buffer);
  readonly #view = new DataView(this.buffer);

  constructor(options: Partial<FileSystemOptions> = {}) {
    this.files = new FileSystem(
      { mounts: [], cwd: "/work", stdin: new Uint8Array(0), output: () => {}, now: () => 7n, ...options },
      this.memory,
    );
  }

  open(path: string, oflags = 0, mode: "r" | "w" | "rw" = "r", fdflags = 0, follow = true): FileAnswer<number> {
    const rights =
      ALL_RIGHTS & ~(mode.includes("r") ? 0n : RIGHT_FD_READ) & ~(mode.includes("w") ? 0n : RIGHT_FD_WRITE);
    const lookup = follow ? LOOKUP_SYMLINK_FOLLOW : 0;
    const length = this.#put(PATH, path);
    const errno = this.files.table.path_open(ROOT_FD, lookup, PATH, length, oflags, rights, ALL_RIGHTS, fdflags, RESULT);
    return this.#answer(errno, () => this.#view.getUint32(RESULT, true));
  }

  close(fd: number): FileAnswer<0> {
    return this.#answer(this.files.table.fd_close(fd), () => 0);
  }

  read(fd: number, length: number): FileAnswer<string> {
    this.#iov(length);
    return this.#answer(this.files.table.fd_read(fd, IOV, 1, RESULT), () => this.#result());
  }

  pread(fd: number, length: number, offset: number): FileAnswer<string> {
    this.#iov(length);
    return this.#answer(this.files.table.fd_pread(fd, IOV, 1, BigInt(offset), RESULT), () => this.#result());
  }

  write(fd: number, text: string): FileAnswer<number> {
    this.#iov(this.#put(BUFFER, text));
    return this.#answer(this.files.table.fd_write(fd, IOV, 1, RESULT), () => this.#view.getUint32(RESULT, true));
  }

  pwrite(fd: number, text: string, offset: number): FileAnswer<number> {
    this.#iov(this.#put(BUFFER, text));
    const errno = this.files.table.fd_pwrite(fd, IOV, 1, BigInt(offset), RESULT);
    return this.#answer(errno, () => this.#view.getUint32(RESULT, true));
  }

  seek(fd: number, delta: number, whence: number): FileAnswer<number> {
    const errno = this.files.table.fd_seek(fd, BigInt(delta), whence, RESULT);
    return this.#answer(errno, () => Number(this.#view.getBigUint64(RESULT, true)));
  }

  stat(path: string, follow = true): FileAnswer<Stat> {
    const length = this.#put(PATH, path);
    const errno = this.files.table.path_filestat_get(ROOT_FD, follow ? 1 : 0, PATH, length, BUFFER);
    return this.#answer(errno, () => this.#stat());
  }

  fstat(fd: number): FileAnswer<Stat> {
    return this.#answer(this.files.table.fd_filestat_get(fd, BUFFER), () => this.#stat());
  }

  /** The names that reading with a buffer of `size` bytes gives, in order. */
  list(path: string, size = 8192): FileAnswer<string[]> {
    const fd = this.open(path, OFLAG.DIRECTORY);
    if (typeof fd === "string") return fd;
    const names: string[] = [];
    let cookie = 0n;
    for (;;) {
      const page = this.page(fd, cookie, size);
      if (typeof page === "string") return page;
      names.push(...page.names);
      if (page.names.length === 0) break;
      cookie = page.next;
    }
    this.close(fd);
    return names;
  }

  /** One fd_readdir: whole records only, as Go takes them. */
  page(fd: number, cookie: bigint, size: number): FileAnswer<{ readonly names: string[]; readonly next: bigint }> {
    const errno = this.files.table.fd_readdir(fd, BUFFER, size, cookie, RESULT);
    return this.#answer(errno, () => {
      const end = BUFFER + this.#view.getUint32(RESULT, true);
      const names: string[] = [];
      let next = cookie;
      for (let at = BUFFER; at + 24 <= end; ) {
        const length = this.#view.getUint32(at + 16, true);
        if (at + 24 + length > end) break;
        names.push(this.#text(at + 24, length));
        next = this.#view.getBigUint64(at, true);
        at += 24 + length;
      }
      return { names, next };
    });
  }

  mkdir(path: string): FileAnswer<0> {
    return this.#onPath("path_create_directory", path);
  }

  rmdir(path: string): FileAnswer<0> {
    return this.#onPath("path_remove_directory", path);
  }

  unlink(path: string): FileAnswer<0> {
    return this.#onPath("path_unlink_file", path);
  }

  rename(from: string, to: string): FileAnswer<0> {
    const a = this.#put(PATH, from);
    const b = this.#put(PATH2, to);
    return this.#answer(this.files.table.path_rename(ROOT_FD, PATH, a, ROOT_FD, PATH2, b), () => 0);
  }

  link(from: string, to: string): FileAnswer<0> {
    const a = this.#put(PATH, from);
    const b = this.#put(PATH2, to);
    return this.#answer(this.files.table.path_link(ROOT_FD, 0, PATH, a, ROOT_FD, PATH2, b), () => 0);
  }

  symlink(target: string, path: string): FileAnswer<0> {
    const a = this.#put(PATH, target);
    const b = this.#put(PATH2, path);
    return this.#answer(this.files.table.path_symlink(PATH, a, ROOT_FD, PATH2, b), () => 0);
  }

  readlink(path: string, size = 4096): FileAnswer<string> {
    const length = this.#put(PATH, path);
    const errno = this.files.table.path_readlink(ROOT_FD, PATH, length, BUFFER, size, RESULT);
    return this.#answer(errno, () => this.#result());
  }

  truncate(fd: number, size: number): FileAnswer<0> {
    return this.#answer(this.files.table.fd_filestat_set_size(fd, BigInt(size)), () => 0);
  }

  /** Open, read it all, close. */
  readFile(path: string): FileAnswer<string> {
    const fd = this.open(path);
    if (typeof fd === "string") return fd;
    let text = "";
    for (;;) {
      const part = this.read(fd, 100_000);
      if (part in ERRNO) return part;
      if (part === "") break;
      text += part;
    }
    this.close(fd);
    return text;
  }

  /** Open with CREATE and TRUNC, write, close. */
  writeFile(path: string, text: string): FileAnswer<number> {
    const fd = this.open(path, OFLAG.CREATE | OFLAG.TRUNC, "w");
    if (typeof fd === "string") return fd;
    const written = this.write(fd, text);
    this.close(fd);
    return written;
  }

  #onPath(call: "path_create_directory" | "path_remove_directory" | "path_unlink_file", path: string): FileAnswer<0> {
    return this.#answer(this.files.table[call](ROOT_FD, PATH, this.#put(PATH, path)), () => 0);
  }

  #answer<T>(errno: number, value: () => T): FileAnswer<T> {
    return errno === 0 ? value() : (NAMES.get(errno) as ErrnoName);
  }

  #put(address: number, text: string): number {
    const encoded = new TextEncoder().encode(text);
    this.#bytes.set(encoded, address);
    return encoded.length;
  }

  #iov(length: number): void {
    this.#view.setUint32(IOV, BUFFER, true);
    this.#view.setUint32(IOV + 4, length, true);
  }

  #result(): string {
    return this.#text(BUFFER, this.#view.getUint32(RESULT, true));
  }

  #text(address: number, length: number): string {
    return new TextDecoder().decode(this.#bytes.subarray(address, address + length));
  }

  #stat(): Stat {
    return {
      ino: this.#view.getBigUint64(BUFFER + 8, true),
      type: this.#view.getUint8(BUFFER + 16),
      links: this.#view.getBigUint64(BUFFER + 24, true),
      size: Number(this.#view.getBigUint64(BUFFER + 32, true)),
      mtime: this.#view.getBigUint64(BUFFER + 48, true),
    };
  }
}
