import assert from "node:assert/strict";
import { test } from "node:test";
import { gunzipSync } from "node:zlib";
import { Prng } from "../base/prng.js";
import { Interner } from "./dump/interner.js";
import { LineSplitter } from "./lines.js";
import { MemoryBudget } from "./memory.js";
import { AnyParser, parseBytes } from "./parse.js";
import { BOMBS, colliding, oddProfile, PROFILE_SHAPES, TEXT_SHAPES } from "./testing/hostile-shapes.js";

/** CPU time of parsing, the least of three: another process on the machine takes none of it. */
function cost(bytes: Uint8Array): number {
  const times = [1, 2, 3].map(() => {
    const before = process.cpuUsage();
    parseBytes(bytes, { source: "hostile" });
    const { user, system } = process.cpuUsage(before);
    return user + system;
  });
  return Math.min(...times);
}

/** Eight times the size: 8 times the work, or with a quadratic part 64 times. */
function isLinear(make: (size: number) => Buffer, size: number): boolean {
  const [small, large] = [make(size), make(8 * size)];
  parseBytes(small, { source: "warm" });
  for (let attempt = 0; attempt < 3; attempt++) {
    if (cost(large) < 24 * Math.max(cost(small), 2000)) return true;
  }
  return false;
}

for (const [name, make] of Object.entries({ ...TEXT_SHAPES, ...PROFILE_SHAPES })) {
  test(`no more than linear time: ${name}`, () => assert.ok(isLinear(make, 1 << 15)));
}

test("no more than linear time: mixtures", () => {
  const shapes = Object.values(TEXT_SHAPES);
  for (let seed = 1; seed <= 10; seed++) {
    const random = new Prng(seed);
    const chosen = Array.from({ length: 4 }, () => shapes[random.below(shapes.length)]!);
    assert.ok(isLinear((size) => Buffer.concat(chosen.map((make) => make(size / 4))), 1 << 15), `seed ${seed}`);
  }
});

test("a small file that asks for gigabytes is given up at the budget, in words", () => {
  const small = ["a location of 30,000 lines, named 30,000 times", "samples that each name it"];
  for (const name of Object.keys(BOMBS).filter((one) => small.includes(one))) {
    const budget = new MemoryBudget(64 << 20);
    const bytes = BOMBS[name]!();
    const parsed = parseBytes(bytes[0] === 0x1f ? gunzipSync(bytes) : bytes, { source: name }, budget);
    if (parsed.ok) assert.ok(parsed.value.snapshots[0]!.losses.some((loss) => loss.includes("more than 65536 frames")), name);
    else assert.equal(parsed.error.kind, "too-large", name);
  }
});

test("what is kept is counted, whatever the shape: each meets a small budget", () => {
  const growing = ["one deep stack of different frames", "many goroutines", "many snapshots", "races", "race, a stack without an end", "names with one FNV-1a hash", "counts, labels", "counts, many records", "empty strings", "functions", "locations", "sample types", "tiny samples", "samples of one long location", "one sample, labels", "header, labels without an end"];
  const shapes = { ...TEXT_SHAPES, ...PROFILE_SHAPES };
  const within = growing.filter((name) => parseBytes(shapes[name]!(1 << 20), { source: name }, new MemoryBudget(1 << 20)).ok);
  assert.deepEqual(within, []);
});

test("a parser that gave up takes no more, and says why at the end", () => {
  const parser = new AnyParser({ source: "x" }, new MemoryBudget(100_000));
  const chunk = TEXT_SHAPES["many goroutines"]!(1 << 20);
  for (let i = 0; i < 10; i++) parser.push(chunk);
  assert.deepEqual(parser.end(), { ok: false, error: { kind: "too-large", because: "what it says needs more than 0 MiB of memory" } });
});

test("losses are kept to a thousand, the others counted", () => {
  for (const name of ["many headers that are none", "counts, many lines that are none"]) {
    const parsed = parseBytes(Buffer.concat([TEXT_SHAPES[name]!(1 << 16), Buffer.from("\ngoroutine 5 [select]:\nmain.f()\n\t/a.go:1\n\n")]), { source: name });
    assert.ok(parsed.ok);
    const { losses } = parsed.value.snapshots[0]!;
    assert.ok(losses.length >= 1001 && losses.length <= 1003, `${losses.length}`);
    assert.ok(losses.some((loss) => /^and \d+ more (places|lines)$/.test(loss)));
  }
});

test("names that somebody chose to collide are found by a table of their own", () => {
  const numbers = (evil: boolean): number[] => {
    const interner = new Interner((word) => word);
    return colliding(1 << 18, evil).toString().split("\n").filter((line) => line.startsWith("main.")).map((line) => interner.id(Buffer.from(line), 0, line.length));
  };
  const ids = numbers(true);
  assert.equal(new Set(ids).size, ids.length);
  assert.deepEqual(ids, numbers(true));
  assert.deepEqual(numbers(false), [...numbers(false)].sort((a, b) => a - b));
});

test("a line that comes a byte at a time is the same line", () => {
  const lines: string[] = [];
  const splitter = new LineSplitter((bytes, start, end) => void lines.push(Buffer.from(bytes.subarray(start, end)).toString()));
  for (const byte of Buffer.from("one\r\ntwo\n\nlast")) splitter.push(Uint8Array.of(byte));
  assert.equal(splitter.end(), true);
  assert.deepEqual(lines, ["one", "two", "", "last"]);
});

/** Every number that a report may print: finite, and lines such as a file can have. */
function numbersIn(value: unknown, found: number[] = []): number[] {
  if (typeof value === "number") found.push(value);
  else if (typeof value === "object" && value !== null) Object.values(value).forEach((part) => numbersIn(part, found));
  return found;
}

test("numbers out of range never become Infinity, 1e20 or a negative line", () => {
  const nines = "9".repeat(400);
  const texts = [
    `goroutine 1 [select, ${nines} minutes]:\nmain.f()\n\t/a.go:1\n\ngoroutine 2 [select, 99999999999999999999 minutes, synctest bubble ${nines}]:\nmain.f()\n\t/a.go:1\n\ngoroutine 5 [select]:\n\n`,
    `goroutine 1 [select]:\nmain.f()\n\t/a.go:${nines} +0x${"f".repeat(300)}\n...${nines} frames elided...\ncreated by main.g in goroutine ${nines}\n\t/a.go:99999999999 +0x1\n\n`,
    `goroutine 1 [select]:\nmain.f()\n\t/a.go:1\n[originating from goroutine ${nines}]:\nmain.f()\n\t/a.go:2\n\n`,
    `goroutine profile: total ${nines}\n${nines} @ 0x1\n#\t0x1\tmain.f+0x1\t\t/a.go:1\n\n`,
    `goroutine profile: total 1\n1 @ 0x1\n#\t0x1\tmain.f+0x${"f".repeat(300)}\t\t/a.go:${nines}\n\n`,
  ].map((text) => Buffer.from(text));
  for (const bytes of [...texts, ...[-5n, 2n ** 53n, 2n ** 62n, 2n ** 63n].flatMap((n) => [oddProfile(n, 5n), oddProfile(3n, n)])]) {
    const parsed = parseBytes(bytes, { source: "odd" });
    if (!parsed.ok) continue;
    for (const number of numbersIn(parsed.value)) assert.ok(Number.isSafeInteger(number) && number >= 0, `${number} in ${bytes.toString("latin1").slice(0, 200)}`);
  }
});

test("a function or a wait reason that has a name of every object's is a name like any other", () => {
  for (const name of ["constructor", "__proto__", "toString", "hasOwnProperty", "valueOf"]) {
    const parsed = parseBytes(Buffer.from(`goroutine 1 [${name}]:\n${name}(0xc000)\n\t/a.go:1 +0x1\n\n`), { source: name });
    assert.ok(parsed.ok);
    const [goroutine] = parsed.value.snapshots[0]!.goroutines;
    assert.deepEqual({ state: goroutine!.state, reason: goroutine!.waitReason, on: goroutine!.blockedOn }, { state: "waiting", reason: name, on: undefined });
    structuredClone(goroutine);
  }
});

test("what a process said last, and the names of its tests, are spelled out as all that strangers wrote", () => {
  const evil = "\u0003\u0007\u009b31m\u202e";
  const parsed = parseBytes(Buffer.from(`${"a line of a log\n".repeat(5)}panic: at ${evil} home\n\ngoroutine 1 [running]:\nmain.f()\n\t/a.go:1 +0x1\n`), { source: "x" });
  assert.ok(parsed.ok);
  assert.equal(parsed.value.snapshots[0]!.message, "panic: at \\x03\\x07\\x9b31m\\u202e home");
  const tests = parseBytes(Buffer.from(`panic: test timed out after 1s\n\trunning tests:\n\t\tTestA/${evil} (1s)\n\ngoroutine 1 [running]:\nmain.f()\n\t/a.go:1 +0x1\n`), { source: "x" });
  assert.ok(tests.ok);
  assert.deepEqual(tests.value.snapshots[0]!.ending, { kind: "test-timeout", after: "1s", tests: [{ name: "TestA/\\x03\\x07\\x9b31m\\u202e", elapsed: "1s" }] });
});
