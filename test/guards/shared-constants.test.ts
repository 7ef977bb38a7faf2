// What the Go side (go/) and the host (src/host) must agree on, number by number: each list is read from both sources.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { describe, it } from "node:test";
import { fileURLToPath } from "node:url";
import { HEAD } from "../../src/host/net/net-objects.js";
import { BOX, CASE_WAIT, CASE_WAIT_READY, EVENT, IDLE, LAYOUT_FIELDS, POINT, SCOPE, STATE } from "../../src/host/guest/guest-protocol.js";
import { EPOCH } from "../../src/control/virtual-time.js";
import { CHANNEL_BITS } from "../../src/host/run/pending/channel-bits.js";
import { SYNC } from "../../src/host/guest/guest-objects.js";
import { FAULTS } from "../../src/model/run/fault.js";
import { OPERATIONS, type OpKind } from "../../src/model/run/operation.js";
import { buildFixture, fixtureFolder, loadFixture } from "../guest-fixture.js";
import { straight } from "../plain-search.js";

const read = (file: string): string => readFileSync(fileURLToPath(new URL(`../../../go/${file}`, import.meta.url)), "utf8");
const RUNTIME = ["", "_box", "_collect", "_goroutine", "_program", "_schedule", "_time", "_unasked"].map((noun) => read(`runtime/unpark${noun}.go`)).join("\n");

/** `unparkEventMain = 1` → `main: 1`, in the order of the source. */
function constants(prefix: string): Readonly<Record<string, number>> {
  const found = [...RUNTIME.matchAll(new RegExp(String.raw`^\s${prefix}(\w+)\s*= (-?\d+)`, "gm"))];
  return Object.fromEntries(found.map(([, name, value]) => [lower(name!), Number(value)]));
}

const lower = (name: string): string => name.charAt(0).toLowerCase() + name.slice(1);

/** The one number in Go's source that stands where the pattern says. */
function literal(pattern: RegExp): number {
  const found = [...RUNTIME.matchAll(new RegExp(pattern, "g"))];
  assert.equal(found.length, 1, `${pattern} is there once`);
  return Number(found[0]![1]);
}

const SIZES: Readonly<Record<string, number>> = { uint32: 4, int32: 4, int64: 8, "unsafe.Pointer": 4, "*unparkHead": 4 };

/** Offsets of a Go struct's fields on wasm32 as Go lays it out: int64 at multiples of 8. */
function offsets(source: string, name: string): ReadonlyMap<string, number> {
  const body = new RegExp(String.raw`type ${name} struct \{\n([\s\S]*?)\n\}`).exec(source)?.[1];
  assert.ok(body, name);
  const fields = new Map<string, number>();
  let at = 0;
  for (const line of body.split("\n").map((one) => one.replace(/\/\/.*/, "").trim())) {
    const [, names, many, type] = /^([\w, ]+?)\s+(?:\[(\d+)\])?([\w.*]+)$/.exec(line) ?? [];
    if (names === undefined) continue;
    const size = SIZES[type!] ?? (type === "uint64" ? 8 : NaN);
    for (const field of names.split(", ")) {
      at = Math.ceil(at / size) * size;
      fields.set(field, at);
      at += size * Number(many ?? 1);
    }
  }
  return fields;
}

describe("the Go side and the host agree", () => {
  it("on the numbers of operations", () => {
    const block = /const \(\n\tunparkSend = iota\n([^)]*)\)/.exec(RUNTIME)![1]!;
    const names = ["send", ...block.trim().split(/\s+/).map((name) => name.replace(/^unpark/, "").replace(/Op$/, "").toLowerCase())];
    assert.deepEqual(names, OPERATIONS.slice(0, names.length));
  });

  it("on the numbers of what may go wrong", () => {
    const block = /const \(\n\tunparkFault(\w+) = 1 \+ iota\n([^)]*)\)/.exec(read("net/net_fake.go"))!;
    const names = [block[1]!, ...block[2]!.trim().split(/\s+/).map((name) => name.replace(/^unparkFault/, ""))].map(lower);
    assert.deepEqual(names, FAULTS.slice(0, names.length));
    const files = /const \(\n\tunparkFileOpen = (\d+) \+ iota\n([^)]*)\)/.exec(read("os/unpark.go"))!;
    const ops = ["unparkFileOpen", ...files[2]!.trim().split(/\s+/)].map((name) => name.replace(/^unpark/, "").toLowerCase());
    assert.deepEqual(ops, OPERATIONS.slice(Number(files[1]), Number(files[1]) + ops.length));
  });

  it("on what the guest looks at by itself, where it asks nobody", () => {
    assert.equal(literal(/unparkReaderCount = (\d+)/), SYNC.readerCount);
    assert.equal(2 ** (32 - literal(/0x9e3779b1 >> (\d+)\n\treturn unparkBox\.channels/)), CHANNEL_BITS);
    assert.equal(32 * literal(/channels\s+\[(\d+)\]uint32/), CHANNEL_BITS);
  });

  it("on the day on which a run begins", () => assert.equal(BigInt(literal(/unparkEpoch = (\d+) \* 1e9/)) * 1_000_000_000n, EPOCH));
  it("on the numbers of events", () => assert.deepEqual(constants("unparkEvent"), EVENT));
  it("on how a goroutine's state is said", () => assert.deepEqual(constants("unparkState"), STATE));

  it("on the answers of a point and of an idle scheduler", () => {
    assert.deepEqual(
      {
        park: literal(/case (\d+):\n\t\t\tunparkStop/),
        nameIt: literal(/case (\d+): \/\/ the host does not know this caller/),
        nameOuter: literal(/case (\d+): \/\/ the caller is sync/),
      },
      { park: POINT.park, nameIt: POINT.nameIt, nameOuter: POINT.nameOuter },
    );
    assert.equal(new Set(Object.values(POINT)).size, 4);
    assert.deepEqual(
      { stepOver: literal(/if next == (-?\d+) \{ \/\/ the step is over/), clockMoved: literal(/case (-?\d+): \/\/ the clock has moved/), asWithoutUs: literal(/case (-?\d+): \/\/ as without us/) },
      IDLE,
    );
  });

  it("on the cases that mean waiting, and on the parent of the scope's own goroutine", () => {
    assert.equal(literal(/switch unparkCase\(\) \{\s*case (-?\d+):/), CASE_WAIT);
    assert.equal(literal(/case (-?\d+): \/\/ it could go on/), CASE_WAIT_READY);
    assert.equal(literal(/unparkHostStarted\((0x\w+), /), SCOPE);
  });

  it("on the box that the host reads: its fields, and where they are", () => {
    const box = offsets(RUNTIME, "unparkBoxT");
    const named = Object.keys(BOX).filter((field) => field !== "layout");
    const { layout, ...fields } = BOX;
    assert.deepEqual(Object.fromEntries(named.map((field) => [field, box.get(field)])), fields);
    assert.equal(box.get(LAYOUT_FIELDS[0]), layout);
    assert.deepEqual([...box.keys()].slice(named.length), LAYOUT_FIELDS);
    assert.deepEqual([...box.values()].slice(named.length), LAYOUT_FIELDS.map((_, index) => BOX.layout + 4 * index));
  });

  it("on what the host reads of a socket", () => {
    for (const file of ["net/unpark_head.go", "os/unpark_pipe.go"]) {
      const head = offsets(read(file), "unparkHead");
      assert.deepEqual(Object.fromEntries(Object.keys(HEAD).map((field) => [field, head.get(field)])), HEAD, file);
    }
  });

  it("on the operations of a pipe", () => {
    const number = (name: string): number => Number(new RegExp(`unparkPipe${name}\\s+= (\\d+)`).exec(read("os/unpark_pipe.go"))![1]);
    const ops = { netread: number("Read"), netwrite: number("Write"), netfin: number("Fin"), netstop: number("Stop"), netset: number("Set") };
    assert.deepEqual(ops, Object.fromEntries(Object.keys(ops).map((op) => [op, OPERATIONS.indexOf(op as OpKind)])));
  });

  it("on where the fields of package sync's types are: the compiler says it", async () => {
    const wasm = await buildFixture(fixtureFolder("layout"), "main");
    const { output } = straight(loadFixture(wasm, []).program());
    const at = new Map(output.trim().split("\n").map((line) => [line.split(" ")[0]!, Number(line.split(" ")[1])]));
    assert.equal(at.get("Mutex.mu.state"), SYNC.mutexState);
    assert.equal(at.get("RWMutex.w"), SYNC.mutexState); // the writers' mutex is read at the RWMutex's own address
    assert.equal(at.get("RWMutex.writerSem"), SYNC.writerSem);
    assert.equal(at.get("RWMutex.readerCount"), SYNC.readerCount);
    assert.equal(at.get("WaitGroup.state")! + 4, SYNC.waitGroupCounter);
    assert.equal(at.get("Once.done"), SYNC.onceDone);
    assert.equal(at.get("Once.m"), SYNC.onceMutex);
  });
});
