import type { Patch } from "../../overlay/patch.js";
import { enter, replace } from "./hook.js";

/** What may go wrong with a file (--faults). Before the file's own locks are taken: a point inside of them would be held. */
export function fileHooks(): readonly Patch[] {
  const fails = (ask: string, answer: string): string => `if err := ${ask}; err != nil {\n\t\t${answer}\n\t}`;
  return [
    enter("os/file.go", "OpenFile", fails("unparkOpenFails(name)", "return nil, err"), "it may not be permitted"),
    enter("os/file.go", "(*File).Write", fails('f.unparkFails(unparkFileWrite, "write", syscall.ENOSPC)', "return 0, err"), "no space may be left"),
    enter("os/file_posix.go", "(*File).Close", fails('f.unparkFails(unparkFileClose, "close", syscall.EIO)', "f.file.close()\n\t\treturn err"), "what was written may turn out to be lost"),
  ];
}

/** go/syscall/unpark_mode.go: WASI has no words for permissions. */
export function permissionHooks(): readonly Patch[] {
  const file = "syscall/fs_wasip1.go";
  const at = "internal/syscall/unix/at_wasip1.go";
  const chown = (name: string, st: string): Patch => enter(file, name, `if true { var st Stat_t; return unparkChown(${st}, uid, gid) }`, "a file may be given to who has it");
  return [
    replace(file, "openat", "\t\trights,\n\t\tfileRights,", "\t\trights,\n\t\tfileRights|unparkCreated(perm),", "the permissions of a file that is made"),
    replace(file, "Mkdir", "return errnoErr(errno)", "return unparkMade(errno, dirFd, pathPtr, pathLen, perm)", "the permissions of a directory that is made"),
    enter(file, "setDefaultMode", "if true { unparkStatMode(st); return }", "the permissions that a file has"),
    enter(file, "Chmod", "if true { return unparkChmod(path, mode) }", "permissions are kept"),
    enter(file, "Fchmod", "if true { return unparkFchmod(fd, mode) }", "permissions are kept"),
    chown("Chown", "Stat(path, &st)"),
    chown("Lchown", "Lstat(path, &st)"),
    chown("Fchown", "Fstat(fd, &st)"),
    enter("syscall/syscall_wasip1.go", "Umask", "if true { return unparkUmask(mask) }", "what a file that is made is not given"),
    replace(at, "Mkdirat", "return errnoErr(path_create_directory(\n\t\tint32(dirfd),\n\t\tunsafe.StringData(path),\n\t\tsize(len(path)),\n\t))", "if errno := path_create_directory(int32(dirfd), unsafe.StringData(path), size(len(path))); errno != 0 {\n\t\treturn errno\n\t}\n\treturn unparkMadeAt(dirfd, path, mode)", "the permissions of a directory that is made"),
    enter(at, "Fchmodat", "if true { return unparkChmodat(dirfd, path, mode) }", "permissions are kept", { since: "1.25" }),
    enter("os/stat_wasip1.go", "fillFileStatFromSys", "unparkStatMode(&fs.sys)", "the permissions that a file has, however it was looked at"),
    enter("os/executable_wasm.go", "executable", 'if len(Args) > 0 { return "/tmp/" + unparkBase(Args[0]), nil }', "who asks where its program lies: as go test has it, in a temporary folder"),
    replace("os/stat_wasip1.go", "fillFileStatFromSys", "fs.mode |= 0700", "fs.mode |= FileMode(fs.sys.Mode)", "the permissions that it has"),
    replace("os/stat_wasip1.go", "fillFileStatFromSys", "fs.mode |= 0600", "fs.mode |= FileMode(fs.sys.Mode)", "the permissions that it has"),
  ];
}

/** go/syscall/unpark_mmap.go and its neighbours: what stores need of Linux. Nothing is done but where something is mapped, or locked. */
export function mappingHooks(): readonly Patch[] {
  const file = "syscall/fs_wasip1.go";
  const mapped = (name: string, text: string, why: string): Patch => enter(file, name, `if len(unparkMaps) > 0 { ${text} }`, why);
  const calls = ["Syscall", "RawSyscall"].flatMap((name) => [
    enter("syscall/syscall_wasip1.go", name, "if true { return unparkSyscall(trap, a1, a2, a3, 0, 0, 0) }", "files that are borrowed for Linux call by number"),
    enter("syscall/syscall_wasip1.go", `${name}6`, "if true { return unparkSyscall(trap, a1, a2, a3, a4, a5, a6) }", "files that are borrowed for Linux call by number"),
  ]);
  return [
    mapped("Read", "unparkBefore(fd)", "what a mapping has changed is in the file (M2)"),
    mapped("Pread", "unparkBefore(fd)", "what a mapping has changed is in the file (M2)"),
    mapped("Write", "return unparkMappedWrite(fd, b)", "a mapping has what is written to the file (M1)"),
    mapped("Pwrite", "return unparkMappedPwrite(fd, b, offset)", "a mapping has what is written to the file (M1)"),
    mapped("Ftruncate", "return unparkMappedFtruncate(fd, length)", "a mapping has what is written to the file (M1)"),
    enter(file, "Close", "unparkUnlock(fd)\n\tif unparkKeeps(fd) { return nil }", "a lock ends with its descriptor; a mapping does not (M3)"),
    ...calls,
  ];
}

/** go/os/unpark_pipe.go: pipes, which Go has none of for wasm. A File that has one does nothing with a descriptor. */
export function pipeHooks(): readonly Patch[] {
  const file = "os/file_posix.go";
  const of = (path: string, name: string, text: string, why: string): Patch => enter(path, name, `if f.unparkPipe != nil { ${text} }`, why);
  const noSeeking = "a pipe has no places";
  return [
    { file: "os/file_unix.go", edit: { kind: "replace", old: "type file struct {\n", new: "type file struct {\n\tunparkPipe  *unparkPipeEnd\n\tunparkOwner *unparkPipeOwner\n" }, why: "a File may be one end of a pipe" },
    enter("os/pipe_wasm.go", "Pipe", "if true { return unparkNewPipe() }", "a pipe of the controlled world"),
    of(file, "(*File).read", "return f.unparkPipe.read(b)", "a read of a pipe waits for who writes"),
    of(file, "(*File).write", "return f.unparkPipe.write(b)", "a write to a pipe waits for room"),
    of(file, "(*File).pread", "return 0, syscall.ESPIPE", noSeeking),
    of(file, "(*File).pwrite", "return 0, syscall.ESPIPE", noSeeking),
    of("os/file_unix.go", "(*File).seek", "return 0, syscall.ESPIPE", noSeeking),
    enter("os/file_unix.go", "(*file).close", "if file != nil && file.unparkPipe != nil { return file.unparkPipe.close(file.name) }", "the other end sees it"),
    of(file, "(*File).setDeadline", "return f.unparkPipe.setDeadline(t, true, true)", "a time in the pipe's head"),
    of(file, "(*File).setReadDeadline", "return f.unparkPipe.setDeadline(t, true, false)", "a time in the pipe's head"),
    of(file, "(*File).setWriteDeadline", "return f.unparkPipe.setDeadline(t, false, true)", "a time in the pipe's head"),
    enter("os/stat_unix.go", "(*File).Stat", "if f != nil && f.unparkPipe != nil { return f.unparkStat() }", "it is a pipe"),
  ];
}
