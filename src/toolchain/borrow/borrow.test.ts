import assert from "node:assert/strict";
import fs, { cpSync, existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { syncBuiltinESMExports } from "node:module";
import { join } from "node:path";
import { describe, it } from "node:test";
import { exec } from "../go/exec.js";
import { wasmEnv, type Toolchain } from "../go/go-command.js";
import type { Overlay } from "../overlay/overlay.js";
import { machineGo, temporaryFolder, writeFiles } from "../testing/go-fixture.js";
import { sourceOf, type MovedSource } from "../../model/source/moved.js";
import { compileBorrowing, type BorrowedPackage } from "./borrow.js";
import { compileErrors, cutShortIn } from "./compile-errors.js";

const root = temporaryFolder();
const cacheDir = join(root, "cache");

/** A dependency that was not written for wasip1, in every way that is known. */
const DEP = {
  "go.mod": "module example.com/dep\n\ngo 1.24\n",
  "lend/lend.go": "package lend\n\nfunc Route() string { return route() + route() }\n\nfunc helper() {}\n",
  "lend/route_linux.go": "package lend\n\nimport \"os\"\n\nfunc route() string { helper(); return os.DevNull }\n\nfunc helper() {}\n",
  "lend/route_windows.go": "package lend\n\nfunc route() string { return `w` }\n",
  "method/method.go": "package method\n\ntype T struct{}\n\nfunc (t *T) Close() error { return t.close() }\n",
  "method/method_unix.go": "//go:build unix\n\npackage method\n\nfunc (t *T) close() error { return nil }\n",
  "assembly/sum.go": "package assembly\n\nfunc Sum(x []int) int { return sum(x) }\n",
  "assembly/sum_amd64.go": "package assembly\n\n//go:noescape\nfunc sum(x []int) int\n",
  "assembly/sum_amd64.s": "TEXT ·sum(SB), $0-32\n\tRET\n",
  "call/call.go": "//go:build !windows\n\npackage call\n\nimport (\n\t\"fmt\"\n\t\"syscall\"\n)\n\nfunc Lock() (int, error) {\n\tif err := syscall.Flock(0, syscall.LOCK_EX); err != nil {\n\t\treturn 0, fmt.Errorf(\"lock: %w\", err)\n\t}\n\treturn 1, nil\n}\n\nfunc Works() int { return 1 }\n",
  "sys/sys_linux.go": "package sys\n\nimport (\n\t\"syscall\"\n\t\"unsafe\"\n)\n\nconst (\n\tENOENT = syscall.Errno(0x2)\n\tPR_SET = 0xf\n)\n\nfunc raw(trap uintptr) (r1, r2 uintptr, err syscall.Errno)\n\nfunc Prctl(p unsafe.Pointer) error {\n\t_, _, err := raw(uintptr(p))\n\treturn err\n}\n",
  "sys/sys_linux.s": "TEXT ·raw(SB), $0-40\n\tRET\n",
  "shape/shape.go": "package shape\n\ntype Page [nobody]byte\n",
  "shape/shape_windows.go": "package shape\n\nconst nobody = 4096\n",
};
const USES = (name: string): string => `package p\n\nimport _ "example.com/dep/${name}"\n`;
const USER = {
  "go.mod": "module example.com/m\n\ngo 1.24\n\nrequire example.com/dep v0.0.0\n",
  ...Object.fromEntries(["lend", "method", "assembly", "call", "sys", "shape"].map((name) => [`${name}/p.go`, USES(name)])),
  "all/p.go": `package p\n\nimport (\n${["lend", "call", "sys"].map((name) => `\t_ "example.com/dep/${name}"\n`).join("")})\n`,
  "faulty/p.go": `package p\n\nimport _ "example.com/dep/lend"\n\nfunc f() int { return nosuch }\n`,
};

/** Where modules lie: below the module cache, in a vendor folder, in a workspace. */
function layouts(): Readonly<Record<"cache" | "vendor" | "workspace", { readonly cwd: string; readonly env: Readonly<Record<string, string>> }>> {
  const modcache = join(root, "modcache");
  writeFiles(join(modcache, "example.com", "dep@v0.0.0"), DEP);
  const inCache = writeFiles(join(root, "cached"), USER);
  writeFileSync(join(inCache, "go.mod"), `${USER["go.mod"]}\nreplace example.com/dep => ${join(modcache, "example.com", "dep@v0.0.0")}\n`);
  const vendored = writeFiles(join(root, "vendored"), USER);
  cpSync(join(modcache, "example.com", "dep@v0.0.0"), join(vendored, "vendor", "example.com", "dep"), { recursive: true });
  const packages = ["assembly", "call", "lend", "method", "shape", "sys"].map((name) => `example.com/dep/${name}`);
  writeFileSync(join(vendored, "vendor", "modules.txt"), `# example.com/dep v0.0.0\n## explicit; go 1.24\n${packages.join("\n")}\n`);
  const work = join(root, "work");
  mkdirSync(work, { recursive: true });
  writeFiles(join(work, "m"), USER);
  writeFileSync(join(work, "go.work"), `go 1.24\n\nuse ./m\n\nreplace example.com/dep => ${join(modcache, "example.com", "dep@v0.0.0")}\n`);
  const env = { GOMODCACHE: modcache, GOFLAGS: "", GOPROXY: "off" };
  return { cache: { cwd: inCache, env }, vendor: { cwd: vendored, env }, workspace: { cwd: join(work, "m"), env } };
}
const LAYOUTS = layouts();

interface Built {
  readonly status: number;
  readonly words: string;
  readonly borrowed: readonly BorrowedPackage[];
  readonly moved: readonly MovedSource[];
  readonly builds: number;
  readonly overlay: string;
}

/** Compiles (never links: nothing here has the runtime's hook that stubs call). */
async function build(layout: keyof typeof LAYOUTS, name: string, native = true, isProposal = false): Promise<Built> {
  const { cwd, env } = LAYOUTS[layout];
  const found = await machineGo(cwd, cacheDir);
  const go: Toolchain = { ...found, env: { ...found.env, ...env }, goflags: { ...found.goflags, goflags: "" } };
  const path = join(cacheDir, "overlay", "plain", "overlay.json");
  mkdirSync(join(path, ".."), { recursive: true });
  writeFileSync(path, JSON.stringify({ Replace: {} }));
  const overlay: Overlay = { path, hash: "plain", files: [] };
  const args = [`./${name}`];
  let last: readonly string[] = [];
  let builds = 0;
  const { outcome, borrowed, moved } = await compileBorrowing(go, overlay, (flags, more) => {
    builds++;
    last = flags;
    return exec(go.go, ["build", ...flags, ...args], { cwd, env: { ...wasmEnv(go), ...more } });
  }, { args, cwd, key: `${layout}-${name}`, native: () => Promise.resolve(native), isProposal, out: join(cacheDir, "none.wasm") });
  assert.equal(outcome.kind, "ended");
  const { status, stderr } = outcome;
  return { status, words: stderr, borrowed, moved, builds, overlay: last.find((flag) => flag.startsWith("-overlay="))!.slice(9) };
}

const told = ({ borrowed }: Built): readonly string[] => borrowed.map(({ package: path, files, stubs }) => `${path.replace("example.com/dep/", "")}: ${files.join(" ")} | ${stubs.join(" ")}`);

describe("what does not build for wasip1", () => {
  const CASES = [
    ["lend", "lend: route_linux.go | "],
    ["method", "method: method_unix.go | "],
    ["assembly", "assembly: sum_amd64.go | sum"],
    ["call", "call:  | Lock"],
    ["sys", "sys: sys_linux.go | raw"],
  ] as const;
  for (const [name, expected] of CASES) {
    it(`${name}: ${expected}`, async () => {
      const built = await build("cache", name);
      assert.deepEqual([built.status, told(built)], [0, [expected]], built.words);
    });
  }

  for (const layout of ["vendor", "workspace"] as const) {
    it(`the same in a ${layout}`, async () => {
      const built = await build(layout, "all");
      assert.deepEqual([built.status, told(built)], [0, ["call:  | Lock", "lend: route_linux.go | ", "sys: sys_linux.go | raw"]], built.words);
    });
  }

  it("keeps every line where it was, and writes errors as the target numbers them", async () => {
    const built = await build("cache", "sys");
    const { Replace } = JSON.parse(readFileSync(built.overlay, "utf8")) as { Replace: Record<string, string> };
    const text = readFileSync(Object.entries(Replace).find(([path]) => path.endsWith("sys_linux_unpark.go"))![1], "utf8");
    const original = DEP["sys/sys_linux.go"].split("\n");
    const lines = text.split("\n");
    assert.equal(lines.length, original.length);
    const differing = lines.flatMap((line, i) => (line === original[i] ? [] : [line.trim()]));
    assert.deepEqual(differing, ["ENOENT = syscall.ENOENT", `func raw(trap uintptr) (r1, r2 uintptr, err syscall.Errno) { unparkStub("example.com/dep/sys.raw"); return *new(uintptr), *new(uintptr), (syscall.Errno)(unparkENOSYS) }`]);
  });

  it("says where a reader finds what was compiled as a file of its own, or by way of a link", async () => {
    const there = join(root, "modcache", "example.com", "dep@v0.0.0", "lend");
    const cached = await build("cache", "lend");
    const [lent, link] = cached.moved;
    assert.deepEqual([lent?.source, link?.source], [join(there, "route_linux.go"), join(there, "..")]);
    assert.deepEqual(["route_linux_unpark.go", "lend.go"].map((name) => sourceOf(cached.moved, join(link!.built, "lend", name))), [join(there, "route_linux.go"), join(there, "lend.go")]);
    assert.deepEqual((await build("vendor", "lend")).moved.map(({ source }) => source), [join(root, "vendored", "vendor", "example.com", "dep", "lend", "route_linux.go")]);
  });

  it("of a proposal nothing is borrowed but what was before, and nothing is noted", async () => {
    const alone = await build("workspace", "call", true, true);
    assert.deepEqual([alone.status === 0, told(alone), alone.builds], [false, [], 1]);
    const usual = await build("workspace", "call");
    assert.deepEqual([usual.status, told(usual)], [0, ["call:  | Lock"]]);
    const after = await build("workspace", "call", true, true);
    assert.deepEqual([after.status, told(after), after.builds], [0, ["call:  | Lock"], 1]);
  });

  it("remembers what it took: the next build is the only one", async () => {
    await build("cache", "method");
    const again = await build("cache", "method");
    assert.deepEqual([again.status, again.builds], [0, 1]);
  });

  it("takes no type of the package's own to pieces: the first build's words stand", async () => {
    const built = await build("cache", "shape");
    assert.deepEqual([built.status === 0, told(built)], [false, []]);
    assert.match(built.words, /nobody/);
    assert.equal(existsSync(join(cacheDir, "borrow", "cache-shape.json")), false);
  });

  it("mends nothing of code that does not build natively either", async () => {
    const built = await build("cache", "faulty", false);
    assert.deepEqual([built.status === 0, built.builds, told(built)], [false, 1, []]);
  });
});

it("a module that was built is read once for stand-ins", async (t) => {
  const { cwd } = LAYOUTS.cache;
  const out = join(cacheDir, "stands-in.wasm");
  const read = t.mock.method(fs, "readFileSync");
  syncBuiltinESMExports();
  try {
    const { outcome, borrowed } = await compileBorrowing(await machineGo(cwd, cacheDir), { path: "none", hash: "plain", files: [] }, () => {
      writeFileSync(out, "\0asm github.com/gofrs/flock.(*Flock).Lock");
      return Promise.resolve({ kind: "ended", status: 0, stdout: "", stderr: "" });
    }, { args: ["./shape"], cwd, key: "read-once", native: () => Promise.resolve(true), out });
    assert.deepEqual([outcome.kind, borrowed], ["ended", []]);
    assert.equal(read.mock.calls.filter((call) => call.arguments[0] === out).length, 1);
  } finally {
    read.mock.restore();
    syncBuiltinESMExports();
  }
});

describe("the compiler's words", () => {
  const at = (dir: string): string | undefined => (dir === "/m/sys" ? "example.com/sys" : undefined);

  it("are errors by package, and packages without a file", () => {
    const words = "# example.com/a [example.com/a.test]\n./x/a.go:3:5: undefined: B\n\thave (int)\n# example.com/c\n../c/c.go:7:1: missing function body\npackage example.com/d (test)\n\timports y: build constraints exclude all Go files in /m/sys\nd.go:3:8: build constraints exclude all Go files in /m/sys\n";
    assert.deepEqual(compileErrors(words, "/m", at).map((one) => Object.values(one).join(" ")), [
      "example.com/a a.go 3 5 undefined: B",
      "example.com/c c.go 7 1 missing function body",
      "example.com/sys  0 0 imports y: build constraints exclude all Go files in /m/sys",
    ]);
  });

  it("say where they were cut short", () => {
    assert.deepEqual(cutShortIn("# a\n./a.go:1:1: x\n./a.go:9:9: too many errors\n# b\n./b.go:1:1: x\n"), ["a"]);
  });
});
