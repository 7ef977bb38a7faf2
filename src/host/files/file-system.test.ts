import assert from "node:assert/strict";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, utimesSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, describe, it } from "node:test";
import { FileSystemGuest, type Stat } from "../testing/file-system-guest.js";
import { FDFLAG, FILETYPE, OFLAG, WHENCE } from "../wasi/flags.js";

const { CREATE, EXCL, TRUNC, DIRECTORY } = OFLAG;
const host = mkdtempSync(join(tmpdir(), "unpark-fs-"));
after(() => rmSync(host, { recursive: true, force: true }));

mkdirSync(join(host, "outside"));
writeFileSync(join(host, "outside/secret"), "secret");
mkdirSync(join(host, "mod/testdata/deep"), { recursive: true });
writeFileSync(join(host, "mod/testdata/a.txt"), "alpha");
writeFileSync(join(host, "mod/testdata/deep/b.txt"), "beta");
writeFileSync(join(host, "mod/go.mod"), "module m\n");
utimesSync(join(host, "mod/go.mod"), 1000, 1000);
symlinkSync("testdata/a.txt", join(host, "mod/inner"));
symlinkSync("testdata", join(host, "mod/dir"));
symlinkSync(join(host, "mod/testdata/deep"), join(host, "mod/absolute"));
symlinkSync("../outside/secret", join(host, "mod/escape"));
symlinkSync(join(host, "outside/secret"), join(host, "mod/escape-absolute"));
symlinkSync("../outside", join(host, "mod/escape-folder"));
symlinkSync("loop", join(host, "mod/loop"));

const guest = (options = {}) =>
  new FileSystemGuest({ mounts: [{ at: "/src/mod", from: join(host, "mod") }], cwd: "/src/mod", ...options });
const stat = (found: Stat | string): Stat => (typeof found === "string" ? assert.fail(found) : found);

describe("what the guest sees", () => {
  it("has the mounts, /tmp, /dev/null, and nothing else of the machine", () => {
    const g = guest();
    assert.deepEqual(g.list("."), ["src", "tmp", "dev"]);
    assert.deepEqual(g.list("tmp"), []);
    assert.deepEqual(g.list("src"), ["mod"]);
    assert.equal(g.stat("etc/passwd"), "ENOENT");
    assert.equal(g.stat("../../etc/passwd"), "ENOENT");
    assert.equal(stat(g.stat("../..")).ino, stat(g.stat(".")).ino, "above the root is the root");
    assert.equal(g.readFile("src/mod/testdata/a.txt"), "alpha");
    assert.equal(g.readFile("src/mod/testdata/deep/../a.txt"), "alpha");
    assert.equal(g.readFile("dev/null"), "");
    assert.equal(g.writeFile("dev/null", "gone"), 4);
  });

  it("does not see what was made since the command began: a test's native run beside leaves files in its folder for a while", () => {
    const folder = join(host, "beside");
    mkdirSync(join(folder, "testdata"), { recursive: true });
    writeFileSync(join(folder, "old.txt"), "old");
    const asOf = Date.now();
    while (Date.now() < asOf + 20); // a file's time of birth is that of the kernel's tick, some milliseconds late
    for (const name of ["data.db", "testdata/data.db"]) writeFileSync(join(folder, name), "natively");
    writeFileSync(join(folder, "old.txt"), "changed");
    const g = guest({ mounts: [{ at: "/src/mod", from: folder, asOf }] });
    assert.deepEqual(g.list("src/mod"), ["old.txt", "testdata"], "what was there before is, though it was changed since");
    assert.equal(g.stat("src/mod/testdata/data.db"), "ENOENT");
    assert.deepEqual(guest({ mounts: [{ at: "/src/mod", from: folder }] }).list("src/mod"), ["data.db", "old.txt", "testdata"]);
    rmSync(join(folder, "data.db"));
    assert.equal(g.writeFile("src/mod/data.db", "mine"), 4);
  });

  it("follows links within a mount; one that leads out leads nowhere", () => {
    const g = guest();
    assert.equal(g.readFile("src/mod/inner"), "alpha");
    assert.equal(g.readFile("src/mod/dir/deep/b.txt"), "beta");
    assert.equal(g.readFile("src/mod/absolute/b.txt"), "beta");
    assert.equal(g.readlink("src/mod/absolute"), "/src/mod/testdata/deep", "with the guest's path");
    for (const path of ["escape", "escape-absolute", "escape-folder/secret"]) {
      assert.equal(g.readFile(`src/mod/${path}`), "ENOENT", path);
      assert.equal(g.writeFile(`src/mod/${path}`, "x"), "ENOENT", path);
    }
    assert.equal(g.readFile("src/mod/loop"), "ELOOP");
    assert.equal(readFileSync(join(host, "outside/secret"), "utf8"), "secret");
  });

  it("gives real files their time and a number that depends on their path in the mount alone", () => {
    const g = guest();
    const found = stat(g.stat("src/mod/go.mod"));
    assert.deepEqual([found.mtime, found.size, found.type, found.links], [1000_000_000_000n, 9, FILETYPE.REGULAR_FILE, 1n]);
    const elsewhere = new FileSystemGuest({ mounts: [{ at: "/other", from: join(host, "mod") }] });
    assert.equal(stat(elsewhere.stat("other/go.mod")).ino, found.ino);
    assert.notEqual(stat(g.stat("src/mod/testdata/a.txt")).ino, found.ino);
  });

  it("shows one mount within another, and refuses what is no folder in words", () => {
    const g = guest({
      mounts: [
        { at: "/src/mod/testdata/more", from: join(host, "outside") },
        { at: "/src/mod", from: join(host, "mod") },
      ],
    });
    assert.deepEqual(g.list("src/mod/testdata"), ["a.txt", "deep", "more"]);
    assert.equal(g.readFile("src/mod/testdata/more/secret"), "secret");
    assert.throws(() => guest({ mounts: [{ at: "/x", from: join(host, "none") }] }), /cannot show .*none to the program as \/x/);
    assert.throws(() => guest({ mounts: [{ at: "/", from: host }] }), /give it a folder's name/);
  });
});

describe("changes stay in memory", () => {
  it("writes to, removes and renames real files for the guest alone", () => {
    const g = guest();
    assert.equal(g.writeFile("src/mod/testdata/a.txt", "changed"), 7);
    assert.equal(g.readFile("src/mod/inner"), "changed");
    assert.equal(g.unlink("src/mod/go.mod"), 0);
    assert.equal(g.stat("src/mod/go.mod"), "ENOENT");
    assert.equal(g.rename("src/mod/testdata", "tmp/moved"), 0);
    assert.equal(g.readFile("tmp/moved/deep/b.txt"), "beta");
    assert.equal(g.readFile("tmp/moved/deep/../../moved/a.txt"), "changed");
    assert.equal(g.stat("src/mod/testdata/a.txt"), "ENOENT");
    assert.equal(readFileSync(join(host, "mod/testdata/a.txt"), "utf8"), "alpha");
    assert.equal(readFileSync(join(host, "mod/go.mod"), "utf8"), "module m\n");
    assert.equal(guest().readFile("src/mod/testdata/a.txt"), "alpha");
  });

  it("takes times from the given clock", () => {
    let now = 5n;
    const g = guest({ now: () => now });
    g.writeFile("tmp/f", "x");
    now = 9n;
    assert.equal(stat(g.stat("tmp/f")).mtime, 5n);
    g.writeFile("tmp/f", "y");
    assert.equal(stat(g.stat("tmp/f")).mtime, 9n);
  });
});

describe("save and restore", () => {
  it("bring back the tree, the descriptors and their offsets, in any order", () => {
    const g = guest({ stdin: Buffer.from("typed") });
    const fd = g.open("src/mod/testdata/a.txt", 0, "rw") as number;
    assert.equal(g.read(fd, 2), "al");
    const early = g.files.save();
    assert.equal(g.write(fd, "XY"), 2);
    assert.equal(g.read(0, 2), "ty");
    g.mkdir("tmp/d");
    const late = g.files.save();
    assert.equal(g.writeFile("tmp/d/f", "later"), 5);
    g.close(fd);

    g.files.restore(early);
    assert.equal(g.read(fd, 9), "pha");
    assert.equal(g.read(0, 9), "typed");
    assert.equal(g.stat("tmp/d"), "ENOENT");
    g.files.restore(late);
    assert.equal(g.read(fd, 9), "a");
    assert.equal(g.pread(fd, 9, 0), "alXYa");
    assert.equal(g.read(0, 9), "ped");
    assert.deepEqual(g.list("tmp/d"), []);
    g.files.restore(early);
    assert.equal(g.pread(fd, 9, 0), "alpha");
  });

  it("give new files the same numbers again", () => {
    const g = guest();
    const state = g.files.save();
    const make = () => {
      g.files.restore(state);
      g.writeFile("tmp/x", "");
      return stat(g.stat("tmp/x")).ino;
    };
    assert.equal(make(), make());
  });

  it("are the same state while nothing was changed: reading and looking are no change", () => {
    const g = guest();
    const fd = g.open("src/mod/go.mod") as number;
    const state = g.files.save();
    g.stat("src/mod/testdata/a.txt");
    g.pread(fd, 100, 0);
    g.write(1, "printed");
    assert.equal(g.files.save(), state);
    g.files.restore(state);
    assert.equal(g.files.save(), state);
    g.read(fd, 1);
    const moved = g.files.save();
    assert.notEqual(moved, state);
    assert.equal(moved.tree, state.tree);
  });
});

describe("errors are Linux's", () => {
  const g = guest();
  const f = "tmp/f";
  const d = "tmp/d";
  const link = "tmp/link";
  const dangling = "tmp/dangling";
  g.writeFile(f, "file");
  g.mkdir(d);
  g.writeFile(`${d}/in`, "");
  g.mkdir("tmp/empty");
  g.symlink("f", link);
  g.symlink("nowhere", dangling);
  const rows: readonly (readonly [string, () => unknown, string])[] = [
    ["open what is not there", () => g.open("tmp/none"), "ENOENT"],
    ["open below a file", () => g.open(`${f}/x`), "ENOTDIR"],
    ["open below what is not there", () => g.open("tmp/none/x", CREATE, "w"), "ENOENT"],
    ["open a directory to write", () => g.open(d, 0, "w"), "EISDIR"],
    ["create over a directory", () => g.open(d, CREATE), "EISDIR"],
    ["create what exists, exclusively", () => g.open(f, CREATE | EXCL, "w"), "EEXIST"],
    ["create a dangling link's name, exclusively", () => g.open(dangling, CREATE | EXCL, "w"), "EEXIST"],
    ["open a file as a directory", () => g.open(f, DIRECTORY), "ENOTDIR"],
    ["open a file with a slash behind it", () => g.open(`${f}/`), "ENOTDIR"],
    ["create with a slash behind it", () => g.open("tmp/new/", CREATE, "w"), "EISDIR"],
    ["open a link without following", () => g.open(link, 0, "r", 0, false), "ELOOP"],
    ["an empty path", () => g.open(""), "ENOENT"],
    ["a zero byte in a path", () => g.open("tmp/\0"), "EINVAL"],
    ["a name of 256 bytes", () => g.open(`tmp/${"n".repeat(256)}`, CREATE, "w"), "ENAMETOOLONG"],
    ["mkdir over a file", () => g.mkdir(f), "EEXIST"],
    ["mkdir over a dangling link", () => g.mkdir(dangling), "EEXIST"],
    ["mkdir below what is not there", () => g.mkdir("tmp/none/x"), "ENOENT"],
    ["rmdir a file", () => g.rmdir(f), "ENOTDIR"],
    ["rmdir a link", () => g.rmdir(link), "ENOTDIR"],
    ["rmdir what is not empty", () => g.rmdir(d), "ENOTEMPTY"],
    ["rmdir the root", () => g.rmdir("."), "EBUSY"],
    ["unlink a directory", () => g.unlink(d), "EISDIR"],
    ["unlink what is not there", () => g.unlink("tmp/none"), "ENOENT"],
    ["rename a file over a directory", () => g.rename(f, "tmp/empty"), "EISDIR"],
    ["rename a directory over a file", () => g.rename(d, f), "ENOTDIR"],
    ["rename over what is not empty", () => g.rename("tmp/empty", d), "ENOTEMPTY"],
    ["rename a directory into itself", () => g.rename(d, `${d}/x`), "EINVAL"],
    ["rename what is not there", () => g.rename("tmp/none", "tmp/x"), "ENOENT"],
    ["link a directory", () => g.link(d, "tmp/x"), "EPERM"],
    ["link over a file", () => g.link(f, link), "EEXIST"],
    ["symlink over a file", () => g.symlink("x", f), "EEXIST"],
    ["readlink of a file", () => g.readlink(f), "EINVAL"],
    ["close twice", () => (g.close(g.open(f) as number), g.close(4)), "EBADF"],
    ["read what is open for writing", () => g.read(g.open(f, 0, "w") as number, 1), "EBADF"],
    ["write what is open for reading", () => g.write(g.open(f) as number, "x"), "EBADF"],
    ["truncate what is open for reading", () => g.truncate(g.open(f) as number, 1), "EINVAL"],
    ["read a directory's bytes", () => g.read(g.open(d) as number, 1), "EISDIR"],
    ["list a file", () => g.page(g.open(f) as number, 0n, 100), "ENOTDIR"],
    ["seek before the beginning", () => g.seek(g.open(f) as number, -1, WHENCE.SET), "EINVAL"],
    ["seek a stream", () => g.seek(1, 0, WHENCE.CUR), "ESPIPE"],
    ["more than memory should hold", () => g.truncate(g.open(f, 0, "rw") as number, 2 ** 40), "ENOSPC"],
    ["accept on a file", () => g.files.table.sock_accept(1), 57 as unknown as string],
  ];
  for (const [what, call, expected] of rows) it(`${what}: ${expected}`, () => assert.equal(call(), expected));
});

describe("files", () => {
  it("append, truncate, seek, holes", () => {
    const g = guest();
    const fd = g.open("tmp/f", CREATE, "rw", FDFLAG.APPEND) as number;
    g.write(fd, "one");
    g.seek(fd, 0, WHENCE.SET);
    g.write(fd, "two");
    assert.equal(g.seek(fd, 0, WHENCE.CUR), 6);
    const plain = g.open("tmp/f", 0, "rw") as number;
    assert.equal(g.seek(plain, -2, WHENCE.END), 4);
    assert.equal(g.read(plain, 10), "wo");
    g.truncate(plain, 2);
    g.truncate(plain, 4);
    assert.equal(g.readFile("tmp/f"), "on\0\0");
    g.pwrite(plain, "!", 6);
    assert.equal(g.readFile("tmp/f"), "on\0\0\0\0!");
    assert.equal(g.writeFile("tmp/f", ""), 0);
    assert.equal(stat(g.stat("tmp/f")).size, 0);
  });

  it("a removed file lives on in its descriptor; a removed directory takes nothing more", () => {
    const g = guest();
    const fd = g.open("tmp/f", CREATE | TRUNC, "rw") as number;
    g.unlink("tmp/f");
    g.write(fd, "still");
    assert.equal(g.pread(fd, 9, 0), "still");
    assert.equal(stat(g.fstat(fd)).links, 0n);
    g.mkdir("tmp/d");
    const directory = g.open("tmp/d", DIRECTORY) as number;
    g.rmdir("tmp/d");
    assert.deepEqual(g.page(directory, 0n, 100), { names: [], next: 0n });
    assert.equal(stat(g.fstat(directory)).type, FILETYPE.DIRECTORY);
    assert.equal(g.close(fd), 0);
    assert.equal(g.close(directory), 0);
  });

  it("hard links share one file, renaming over one leaves the other", () => {
    const g = guest();
    g.writeFile("tmp/a", "shared");
    g.link("tmp/a", "tmp/b");
    assert.equal(stat(g.stat("tmp/b")).links, 2n);
    assert.equal(stat(g.stat("tmp/a")).ino, stat(g.stat("tmp/b")).ino);
    g.writeFile("tmp/c", "other");
    g.rename("tmp/c", "tmp/a");
    assert.equal(g.readFile("tmp/a"), "other");
    assert.equal(g.readFile("tmp/b"), "shared");
    assert.equal(stat(g.stat("tmp/b")).links, 1n);
  });

  it("creates through a dangling link, and readlink cuts off at the buffer", () => {
    const g = guest();
    g.symlink("target", "tmp/l");
    g.writeFile("tmp/l", "through");
    assert.equal(g.readFile("tmp/target"), "through");
    assert.equal(g.readlink("tmp/l", 3), "tar");
    assert.equal(stat(g.stat("tmp/l", false)).type, FILETYPE.SYMBOLIC_LINK);
  });

  it("the streams print and read; what is printed goes to no terminal", () => {
    const printed: string[] = [];
    const g = guest({ output: (stream: string, bytes: Uint8Array) => printed.push(`${stream}: ${Buffer.from(bytes).toString()}`) });
    g.write(1, "out");
    g.write(2, "err");
    assert.deepEqual(printed, ["stdout: out", "stderr: err"]);
    assert.deepEqual([0, 1, 2].map((fd) => stat(g.fstat(fd)).type), [FILETYPE.CHARACTER_DEVICE, FILETYPE.SOCKET_STREAM, FILETYPE.SOCKET_STREAM]);
    assert.equal(g.read(0, 5), "");
    assert.equal(g.write(0, "x"), "EBADF");
  });

  it("gives the lowest free descriptor, and EMFILE at 1024", () => {
    const g = guest();
    const open = () => g.open("src/mod/go.mod");
    assert.deepEqual([open(), open(), open()], [4, 5, 6]);
    g.close(5);
    assert.deepEqual([open(), open()], [5, 7]);
    for (let fd = 8; fd < 1024; fd++) open();
    assert.equal(open(), "EMFILE");
  });
});

describe("listing", () => {
  it("gives every name once with any buffer that holds one record", () => {
    const g = guest();
    const names = Array.from({ length: 50 }, (_, i) => `name-${i}`);
    for (const name of names) g.writeFile(`tmp/${name}`, "");
    for (const size of [31, 32, 57, 100, 1000, 8192]) assert.deepEqual(g.list("tmp", size), names, `buffer of ${size}`);
  });

  it("skips none while names are removed on the way", () => {
    const g = guest();
    for (let i = 0; i < 10; i++) g.writeFile(`tmp/${i}`, "");
    const fd = g.open("tmp", DIRECTORY) as number;
    const seen: string[] = [];
    for (let cookie = 0n; ; ) {
      const page = g.page(fd, cookie, 50);
      if (typeof page === "string") assert.fail(page);
      if (page.names.length === 0) break;
      for (const name of page.names) g.unlink(`tmp/${name}`);
      seen.push(...page.names);
      cookie = page.next;
    }
    assert.deepEqual(seen, ["0", "1", "2", "3", "4", "5", "6", "7", "8", "9"]);
    assert.deepEqual(g.list("tmp"), []);
  });
});

describe("access", () => {
  it("tells what a call touched, so that steps on different files are seen to commute", () => {
    const touched = new Map<number, boolean>();
    const g = guest({ access: (object: number, write: boolean) => touched.set(object, write || touched.get(object) === true) });
    const during = (call: () => unknown) => {
      touched.clear();
      call();
      return [...touched].filter(([, write]) => write).map(([object]) => object);
    };
    g.writeFile("tmp/f", "x");
    const f = Number(stat(g.stat("tmp/f")).ino);
    const tmp = Number(stat(g.stat("tmp")).ino);
    assert.deepEqual(during(() => g.stat("tmp/f")), []);
    assert.deepEqual(during(() => g.open("tmp/f", 0, "rw")), [-5]);
    assert.deepEqual(during(() => g.pwrite(4, "y", 0)), [f]);
    assert.deepEqual(during(() => g.read(4, 1)), [-5]);
    assert.ok(during(() => g.unlink("tmp/f")).includes(tmp));
  });
});
