import assert from "node:assert/strict";
import { test } from "node:test";
import { parseText, picture } from "../testing/dump-fixtures.js";
import { parseBytes } from "../parse.js";
import { parseHeader } from "./header.js";

const ONE = "goroutine 7 [chan receive, 5 minutes]:\nmain.work(0xc000012345, {0x1, 0x2})\n\t/src/main.go:12 +0x1d\ncreated by main.main in goroutine 1\n\t/src/main.go:8 +0x2a\n";

test("headers: each addition that some Go version prints", () => {
  const table: readonly (readonly [string, object | undefined])[] = [
    ["[running]:", { state: "running", waitReason: "" }],
    ["[chan receive, 5 minutes]:", { state: "waiting", waitReason: "chan receive", waitMinutes: 5 }],
    ["[select (no cases)]:", { state: "waiting", waitReason: "select (no cases)" }],
    ["[syscall, 3 minutes, locked to thread]:", { state: "syscall", waitReason: "syscall", waitMinutes: 3, lockedToThread: true }],
    ["[chan send (scan)]:", { state: "waiting", waitReason: "chan send" }],
    ["[chan send (leaked)]:", { state: "waiting", waitReason: "chan send", unreachable: true }],
    ["[select (leaked) (scan), 2 minutes]:", { state: "waiting", waitReason: "select", unreachable: true, waitMinutes: 2 }],
    ["[chan receive (durable), synctest bubble 12]:", { state: "waiting", waitReason: "chan receive", durable: true, bubble: 12 }],
    ["[select (no cases) (leaked) (durable), synctest bubble 1]:", { state: "waiting", waitReason: "select (no cases)", unreachable: true, durable: true, bubble: 1 }],
    ["[sleep, synctest bubble 3 labels:{\"k\": \"v\"}]:", { state: "sleeping", waitReason: "sleep", bubble: 3, labels: { k: "v" } }],
    ["[IO wait] {k: v, \"a b\": \"c\\\"d\\x00\"}:", { state: "io", waitReason: "IO wait", labels: { k: "v", "a b": 'c"d\0' } }],
    ["[a state of the future]:", { state: "waiting", waitReason: "a state of the future" }],
    ["[running, 5 bananas]:", undefined],
    ["[running", undefined],
  ];
  for (const [line, header] of table) assert.deepEqual(parseHeader(line), header, line);
});

test("one goroutine: id, minutes, frames, creator", () => {
  const [snapshot] = parseText(ONE).snapshots;
  assert.deepEqual(snapshot!.goroutines, [
    {
      id: 7, count: 1, state: "waiting", waitReason: "chan receive", waitMinutes: 5,
      stack: [{ function: "main.work", file: "/src/main.go", line: 12, offset: 0x1d }],
      createdBy: { function: "main.main", file: "/src/main.go", line: 8, offset: 0x2a, id: 1 },
    },
  ]);
});

test("the same goroutine, however a logger mangled it", () => {
  const plain = picture(parseText(ONE).snapshots[0]!);
  const lines = ONE.trimEnd().split("\n");
  const clock = (i: number): string => `2026-01-02T03:04:${String(10 + i)}.${i}00Z`;
  const forms: Readonly<Record<string, string>> = {
    CRLF: ONE.replaceAll("\n", "\r\n"),
    indented: lines.map((line) => `    ${line}`).join("\n") + "\n",
    "tabs made spaces": ONE.replaceAll("\t", "        "),
    "compose's prefix": lines.map((line) => `app_1  | ${line}`).join("\n") + "\n",
    "a time before each line": lines.map((line, i) => `${clock(i)} ${line}`).join("\n") + "\n",
    "a time before the first line": `2026/01/02 03:04:05 ${ONE}`,
    "gp and m of GOTRACEBACK=crash": ONE.replace("goroutine 7 ", "goroutine 7 gp=0xc000002380 m=nil "),
    "fp, sp and pc": ONE.replace("+0x1d", "+0x1d fp=0xc00005ef40 sp=0xc00005ee80 pc=0x46e1ed"),
    "no line end": ONE.trimEnd(),
    "text around": `starting\n\n${ONE}\nexit status 2\nFAIL\n`,
    "Windows": ONE.replaceAll("/src/", "C:/src/"),
  };
  for (const [name, text] of Object.entries(forms)) {
    const [snapshot, more] = parseText(text).snapshots;
    assert.deepEqual(picture(snapshot!), name === "Windows" ? plain : plain, name);
    assert.equal(more, undefined, name);
    const g = snapshot!.goroutines[0]!;
    assert.equal(g.createdBy?.id, 1, name);
    assert.equal(g.stack[0]!.offset, 0x1d, name);
    assert.equal(g.stack[0]!.file, name === "Windows" ? "C:/src/main.go" : "/src/main.go", name);
    assert.deepEqual(snapshot!.losses.length, name === "no line end" ? 1 : 0, name);
  }
});

test("frames that are not ordinary: cgo, elided, unavailable, generic, without arguments", () => {
  const text = [
    "goroutine 1 [syscall, locked to thread]:",
    "runtime.cgocall(0x1, 0x2)", "\t/go/src/runtime/cgocall.go:167 +0x4b",
    "main._Cfunc_sleep(0x3)", "\t_cgo_gotypes.go:44 +0x45",
    "non-Go function", "\tpc=0x45a1f0",
    "non-Go function at pc=0x45",
    "c_function", "\t/src/c.c:7 pc=0x77",
    "main.Map[...].Do(...)", "\t/src/map.go:3",
    "...12 frames elided...",
    "main.main()", "\t/src/main.go:9 +0x1", "",
    "goroutine 2 [running]:", "\tgoroutine running on other thread; stack unavailable", "created by main.main in goroutine 1", "\t/src/main.go:3 +0x9", "",
  ].join("\n");
  const { snapshots } = parseText(text);
  const [first, second] = snapshots[0]!.goroutines;
  assert.deepEqual(first!.stack.map((f) => `${f.function} ${f.file}:${f.line}`), [
    "runtime.cgocall /go/src/runtime/cgocall.go:167", "main._Cfunc_sleep _cgo_gotypes.go:44", "non-Go function :0",
    "non-Go function at pc=0x45 :0", "c_function /src/c.c:7", "main.Map[...].Do /src/map.go:3", "main.main /src/main.go:9",
  ]);
  assert.equal(first!.elided, 12);
  assert.deepEqual([second!.stack.length, second!.createdBy?.line], [0, 3]);
  assert.deepEqual(snapshots[0]!.losses, []);
});

test("several dumps in one file are several snapshots: an id comes again, or the process dies again", () => {
  assert.equal(parseText(ONE + "\n" + ONE).snapshots.length, 2);
  const twice = parseText(`panic: a\n\n${ONE}\npanic: b\n\n${ONE.replace("goroutine 7", "goroutine 8")}`);
  assert.deepEqual(twice.snapshots.map((s) => s.message), ["panic: a", "panic: b"]);
});

const CRASH = [
  "SIGQUIT: quit", "PC=0x47 m=0 sigcode=0", "", "goroutine 0 gp=0xa1 m=0 mp=0xb1 [idle]:", "runtime.futex()", "\t/go/src/runtime/sys_linux_amd64.s:569 +0x21", "",
  "goroutine 1 gp=0xa2 m=nil [sleep]:", "main.main()", "\t/src/main.go:9 +0x1", "",
  "goroutine 5 gp=0xa3 m=3 mp=0xb3 [running]:", "\tgoroutine running on other thread; stack unavailable", "created by main.main in goroutine 1", "\t/src/main.go:3 +0x9", "",
  "rax    0xca", "-----", "", "SIGQUIT: quit", "PC=0x48 m=3 sigcode=0", "",
  "goroutine 0 gp=0xa4 m=3 mp=0xb3 [idle]:", "runtime.usleep()", "\t/go/src/runtime/sys_linux_amd64.s:135 +0x37", "",
  "goroutine 5 gp=0xa3 m=3 mp=0xb3 [running]:", "main.burn()", "\t/src/main.go:7 +0x2", "created by main.main in goroutine 1", "\t/src/main.go:3 +0x9", "", "rax    0xca", "",
];

test("GOTRACEBACK=crash: each thread follows with its own part; it is one dump of one process, behind a prefix, too", () => {
  for (const prefix of ["", "app_1  | ", "2026-01-02T03:04:05.000000001Z stderr F "]) {
    const { snapshots } = parseText(CRASH.map((line) => prefix + line).join("\n"));
    assert.deepEqual(snapshots.map((s) => [s.message, s.losses, s.goroutines.map((g) => `${g.id} ${g.stack[0]?.function}`)]), [
      ["SIGQUIT: quit", [], ["0 runtime.futex", "1 main.main", "5 main.burn", "0 runtime.usleep"]],
    ], prefix);
  }
});

test("a stack in a panic's message (errgroup's PanicError, debug.Stack) is of its text, not a goroutine of the dump", () => {
  const text = `panic: recovered: boom\n\tgoroutine 7 [running]:\n\truntime/debug.Stack()\n\t\t/go/src/runtime/debug/stack.go:26 +0x64\n\t\n\n${ONE}\ngoroutine 1 [running]:\nmain.main()\n\t/src/main.go:9 +0x1\n`;
  for (const prefix of ["", "app_1  | ", "2026-01-02T03:04:05.000000001Z stderr F "]) {
    const { snapshots } = parseText(text.trimEnd().split("\n").map((line) => `${prefix}${line}\n`).join(""));
    assert.deepEqual(snapshots.map((s) => [s.message, s.losses, s.goroutines.map((g) => `${g.id} ${g.stack[0]?.function}`)]), [["panic: recovered: boom", [], ["7 main.work", "1 main.main"]]], prefix);
  }
  const cut = parseText(`panic: boom\n\tlostgoroutine 7 [running]:\nmain.f()\n\t/src/main.go:9 +0x1\n\n${ONE.replace("goroutine 7", "goroutine 8")}`);
  assert.equal(cut.snapshots[0]!.goroutines.length, 2, "a header behind other words is none of the message");
});

test("lines of a log in a stack: the frames are whole", () => {
  const text = ONE.replace(/\n(?=\t)/g, "\n2026/01/02 03:04:05 INFO served path=/x\n");
  const [snapshot] = parseText(text).snapshots;
  assert.deepEqual(picture(snapshot!), picture(parseText(ONE).snapshots[0]!));
  assert.equal(snapshot!.goroutines[0]!.createdBy?.line, 8);
});

test("what is lost is said, with the line", () => {
  const losses = (text: string): readonly string[] => parseText(text).snapshots.flatMap((s) => s.losses);
  assert.deepEqual(losses(ONE.replace("\t/src/main.go:12 +0x1d\n", "")), ["line 2: a frame of goroutine 7 has no source location behind it"]);
  assert.deepEqual(losses(ONE.slice(0, 60)), ["the last line (2) has no line end: if the text was cut there, what followed is missing"]);
  assert.deepEqual(losses(ONE.slice(0, 85)), ["the text ends in the middle of a goroutine (line 3): what followed is missing"]);
  assert.deepEqual(losses(ONE.replace("created by", "2026 INFO hello\ncreated by")), []);
  assert.deepEqual(losses(ONE.replace("\t/src/main.go:12 +0x1d\n", "\t/src/main.go:12 +0x1d\nINFO hello\nmain.main()\n\t/src/main.go:3 +0x1\n")), [
    "line 4: foreign text in the stack of goroutine 7; the frames around it were kept",
  ]);
  const third = `\ngoroutine 9 [select]:\nmain.f()\n\t/src/main.go:9 +0x1\n`;
  assert.deepEqual(losses(ONE + third), ["the last goroutine (9) has no line 'created by …': if the text was cut there, what followed is missing"]);
  assert.deepEqual(losses(`\t/src/main.go:7 +0x1\n\n${ONE}`), ["the text begins in the middle of a stack: what stood before it is missing"]);
  assert.deepEqual(losses(JSON.stringify({ stack: `${ONE}\ngoroutine 8 [sel` }).slice(0, -2)), ["the text that a line carries has no line end: if it was cut there, what followed is missing"]);
  assert.deepEqual(losses(`${ONE}\ngoroutine 9 [what, is this]:\nmain.f()\n`), ["line 7: goroutine 9's header was not understood: [what, is this]:"]);
});

test("not mine, and mine but broken, are two answers", () => {
  const failure = (text: string) => {
    const parsed = parseBytes(Buffer.from(text), { source: "test" });
    return parsed.ok ? undefined : parsed.error;
  };
  assert.deepEqual(failure(""), { kind: "not-mine", what: "it is empty" });
  assert.deepEqual(failure("hello\n"), { kind: "not-mine", what: "its one line does not begin a goroutine ('goroutine 1 [running]:')" });
  assert.deepEqual(failure("hello\nworld\n"), { kind: "not-mine", what: "none of its 2 lines begins a goroutine ('goroutine 1 [running]:')" });
  assert.deepEqual(failure("<!DOCTYPE html><title>Login</title>"), { kind: "not-mine", what: "it is an HTML page ('Login'), not a dump" });
  assert.deepEqual(failure("heap profile: 1: 2 [3: 4] @ heap/1048576\n"), { kind: "not-mine", what: "it is a heap profile, not one of goroutines" });
  assert.deepEqual(failure("PK\x03\x04\x14\0\0\0\x08\0"), { kind: "not-mine", what: "it is a zip archive: unpack it, and pass what is in it" });
  assert.deepEqual(failure("\x7fELF\x02\x01\x01\0\0\0"), { kind: "not-mine", what: "it is binary, but no pprof profile" });
  assert.deepEqual(failure("goroutine profile: total 9$\n"), { kind: "not-mine", what: "its one line does not begin a goroutine ('goroutine 1 [running]:')" });
  assert.deepEqual(failure("outine profile: total 9\n"), { kind: "not-mine", what: "its one line does not begin a goroutine ('goroutine 1 [running]:')" });
  assert.equal(failure(`<html><body><pre>SIGQUIT: quit\n\ngoroutine 0 gp=0xa9 m=0 mp=0xaa [idle]:\nruntime.futex()\n\t/go/src/a.s:5 +0x1\n</pre></body></html>`), undefined);
  assert.equal(failure("E0305 boom \"goroutine 0 gp=0xa9 m=0 mp=0xaa [idle]:\\nmain.f()\\n\\t/src/a.go:5 +0x1\\n\"\n"), undefined);
  assert.equal(failure("goroutine 9 [what, is this]:\nmain.f()\n")?.kind, "broken");
  assert.deepEqual(failure("goroutine profile: total 3\n"), { kind: "broken", at: "line 1", because: "its first line announces 3 goroutines, but none follows" });
  assert.equal(failure("\x0a\x04\x00\x00")?.kind, "broken");
});

test("the bytes may come in any pieces", async () => {
  const { AnyParser } = await import("../parse.js");
  const bytes = Buffer.from(`before\n${ONE}\n${ONE.replace("goroutine 7", "goroutine 8")}`);
  const whole = parseBytes(bytes, { source: "test" });
  for (const size of [1, 2, 7, 50]) {
    const parser = new AnyParser({ source: "test" });
    for (let i = 0; i < bytes.length; i += size) parser.push(Uint8Array.prototype.slice.call(bytes, i, i + size));
    assert.deepEqual(parser.end(), whole, `pieces of ${size}`);
  }
});

const RACE = [
  "==================", "WARNING: DATA RACE", "Write at 0x00c0000140d8 by goroutine 7:", "  main.f()", "      /src/main.go:12 +0x38", "",
  "Previous read at 0x00c0000140d8 by goroutine 8:", "  [failed to restore the stack]", "",
  "Goroutine 7 (running) created at:", "  main.main()", "      /src/main.go:11 +0x84", "==================",
];

test("race reports: with a logger's prefix, with foreign lines in them, several, cut by a dump; alone they are no dump", () => {
  const forms: Readonly<Record<string, { text: string; outside: number }>> = {
    plain: { text: `${RACE.join("\n")}\n\n${ONE}`, outside: 2 },
    prefixed: { text: `${RACE.map((line) => `app_1  | ${line}`).join("\n")}\n${ONE}`, outside: 1 },
    "with foreign lines": { text: `${RACE.toSpliced(4, 0, "2026 INFO hello").join("\n")}\n${ONE}`, outside: 2 },
    "cut by a dump": { text: `${RACE.slice(0, -1).join("\n")}\n${ONE}`, outside: 1 },
  };
  for (const [name, { text, outside }] of Object.entries(forms)) {
    const parsed = parseText(text);
    assert.deepEqual(picture(parsed.snapshots[0]!), picture(parseText(ONE).snapshots[0]!), name);
    assert.equal(parsed.outside.lines, outside, name);
    const [race, more] = parsed.races!;
    assert.equal(more, undefined, name);
    assert.deepEqual(race!.accesses.map((a) => `${a.what} ${a.goroutine} ${a.stack.map((f) => `${f.function}:${f.line}`).join()}`), ["Write 7 main.f:12", "Previous read 8 "], name);
    assert.deepEqual(race!.goroutines.map((g) => `${g.goroutine} ${g.state} ${g.createdAt[0]!.line}`), ["7 running 11"], name);
  }
  assert.equal(parseText(`${RACE.join("\n")}\n${RACE.join("\n")}\n${ONE}`).races!.length, 2);
  const alone = parseBytes(Buffer.from(RACE.join("\n")), { source: "test" });
  assert.deepEqual(!alone.ok && alone.error, {
    kind: "not-mine",
    what: "it holds a report of the race detector (write in main.f /src/main.go:12, previous read in an unknown place), but no goroutine dump",
  });
});

test("the stack of one goroutine, as debug.Stack gives it: said once; a whole dump with such a call in it is a whole dump", () => {
  const own = "goroutine 18 [running]:\nruntime/debug.Stack()\n\t/go/src/runtime/debug/stack.go:26 +0x64\nmain.handler(0x1)\n\t/src/main.go:12 +0x1d\ncreated by main.main in goroutine 1\n\t/src/main.go:8 +0x2a\n\n";
  const losses = (text: string): readonly string[] => parseText(text).snapshots.flatMap((s) => s.losses);
  assert.equal(losses(own).length, 1);
  assert.match(losses(own)[0]!, /^the stack of one goroutine, as runtime\/debug\.Stack gives it/);
  assert.equal(losses(own.replaceAll("debug.Stack()", "debug.PrintStack()\n\t/go/src/runtime/debug/stack.go:18 +0x1\nruntime/debug.Stack()")).length, 1);
  assert.deepEqual(losses(`${own}goroutine 1 [select]:\nmain.main()\n\t/src/main.go:9 +0x1\n\n`), []);
  assert.deepEqual(losses("goroutine 1 [running]:\nmain.main()\n\t/src/main.go:9 +0x1\n\n"), []);
});
