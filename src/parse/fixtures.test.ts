import assert from "node:assert/strict";
import { test } from "node:test";
import { groupGoroutines } from "../model/goroutine/goroutine-group.js";
import type { Snapshot } from "../model/goroutine/snapshot.js";
import { type WaitKind, waitKind } from "../model/goroutine/wait.js";
import { fixture, parseText, picture, VERSIONS } from "./testing/dump-fixtures.js";

const only = (text: Uint8Array): Snapshot => {
  const { snapshots } = parseText(text);
  assert.equal(snapshots.length, 1);
  return snapshots[0]!;
};

/** What fixtures/programs/zoo/main.go cages, by hand from its source. */
const ZOO: readonly (readonly [count: number, reason: string, fn: string])[] = [
  [3, "chan send", "main.send"],
  [2, "chan receive", "main.receive"],
  [1, "chan send (nil chan)", "main.sendNil"],
  [1, "chan receive (nil chan)", "main.receiveNil"],
  [2, "select", "main.choose"],
  [1, "select (no cases)", "main.forever"],
  [4, "sync.Mutex.Lock", "main.(*keeper).lock"],
  [2, "sync.RWMutex.RLock", "main.(*keeper).readLock"],
  [1, "sync.Mutex.Lock", "main.(*keeper).writeLock"],
  [1, "sync.WaitGroup.Wait", "main.(*keeper).wait"],
  [2, "sync.Cond.Wait", "main.(*keeper).condWait"],
  [1, "chan receive", "main.worker[...]"],
  [2, "sleep", "main.nap"],
  [1, "IO wait", "main.accept"],
  [1, "syscall", "main.read"],
  [1, "chan receive", "main.deep"],
  [1, "chan receive", "main.locked"],
  [1, "chan receive", "main.receive"], // the one with labels, started from another place
  [1, "", "main.main"],
];

for (const version of VERSIONS) {
  const minor = Number(version.split(".")[1]);
  test(`${version}: every state of the zoo, from debug=2 text`, () => {
    const snapshot = only(fixture(`${version}/zoo.debug2.txt`));
    const words = (reason: string, kind: WaitKind): string => (minor < 25 && ["lock", "waitgroup"].includes(kind) ? kind : reason);
    const got = groupGoroutines(snapshot).map((g) => `${g.count} ${words(g.waitReason, g.kind)} ${g.stack.find((f) => f.function.startsWith("main."))!.function}`);
    assert.deepEqual(got.sort(), ZOO.map(([n, reason, fn]) => `${n} ${words(reason, waitKind({ state: "waiting", waitReason: reason, stack: [] }))} ${fn}`).sort());
    const deep = snapshot.goroutines.find((g) => g.stack.some((f) => f.function === "main.deep"))!;
    if (minor < 21) {
      // Of 111 calls Go showed the innermost 97, for 3 of the 100 are the runtime's own; it does not say so, we do.
      assert.equal(deep.stack.length, 97);
      assert.deepEqual(snapshot.losses, [`goroutine ${deep.id} shows 97 frames: Go 1.20 and older stop at 100, their own hidden ones included, without a word; its outer frames may be missing`]);
    } else {
      assert.equal(deep.elided, 12); // 111 calls of deep and a closure; Go prints 50 at either end
      assert.deepEqual(snapshot.losses, []);
    }
    assert.equal(snapshot.goroutines.filter((g) => g.lockedToThread).length, 1);
    const mutexes = snapshot.goroutines.filter((g) => g.stack.some((f) => f.function === "main.(*keeper).lock"));
    assert.equal(new Set(mutexes.map((g) => g.blockedOn?.objects[0]?.object)).size, 1, "four wait for one lock, known by its address");
    assert.ok(snapshot.goroutines.every((g) => g.id === 1 || g.createdBy !== undefined));
  });

  test(`${version}: debug=0, 1 and 2 of one process give the same stacks with the same counts`, () => {
    const forms = ["zoo.debug2.txt", "zoo.debug1.txt", "zoo.pb.gz"].map((name) => only(fixture(`${version}/${name}`)));
    // Up to Go 1.22 profiles keep 32 frames, so that of main.deep only the innermost can be compared.
    const whole = (line: string): boolean => !line.includes("main.main:") && (minor > 22 || !line.includes("main.deep"));
    const pictures = forms.map((s) => picture(s).filter(whole).map((line) => line.replace(/ \S+/, "")).sort());
    assert.deepEqual(pictures[1], pictures[0]);
    assert.deepEqual(pictures[2], pictures[0]);
    // The profile tells the kind of waiting as well; debug=1 hides the frames that would.
    const kinds = [forms[0]!, forms[2]!].map((s) => picture(s).filter(whole));
    assert.deepEqual(kinds[1], kinds[0]);
    const cut = minor > 22 ? [] : ["the stacks of 1 goroutines have exactly 32 frames, where Go 1.22 and older cut them: their outermost frames may be missing"];
    for (const form of forms.slice(1)) assert.deepEqual(form.losses, cut);
    assert.deepEqual(forms[2]!.goroutines.find((g) => g.labels)?.labels, { tenant: 'a "b"', request: "7" });
    assert.deepEqual(forms[1]!.goroutines.find((g) => g.labels)?.labels, { tenant: 'a "b"', request: "7" });
  });

  test(`${version}: what a dying process prints`, () => {
    const waiting = ["1 receive main.wait:15 < main.start.func1:21", "2 receive main.wait:15"];
    const panicked = only(fixture(`${version}/panic.txt`));
    assert.equal(panicked.message, "panic: at the disco:");
    assert.deepEqual(picture(panicked), ["1 running main.main:38", ...waiting].sort());
    const deadlock = only(fixture(`${version}/deadlock.txt`));
    assert.equal(deadlock.message, "fatal error: all goroutines are asleep - deadlock!");
    assert.deepEqual(picture(deadlock), ["1 receive main.wait:15 < main.main:34", ...waiting].sort());
    const nil = only(fixture(`${version}/nil.txt`));
    assert.match(nil.message!, /nil pointer dereference/);
    assert.ok(picture(nil).some((line) => line.startsWith("1 running") && line.endsWith("main.load:26 < main.main:36")), picture(nil).join("\n"));
    // The wrapper of a go statement is shown here; up to Go 1.21 it is named like any closure, so that we cannot leave it out.
    const wrapped = ["1 receive main.wait:15 < main.start.func1.1:20", "1 receive main.wait:15 < main.start.func1:21", "1 receive main.wait:15 < main.start.func2:18"];
    const system = only(fixture(`${version}/system.txt`));
    assert.ok(picture(system).length > 3, "GOTRACEBACK=system shows the runtime's own goroutines, too");
    assert.deepEqual(picture(system).filter((line) => / receive /.test(line) && line.includes("main.wait")), minor < 22 ? wrapped : waiting);
    const ancestors = only(fixture(`${version}/ancestors.txt`));
    assert.deepEqual(picture(ancestors), picture(panicked));
    for (const snapshot of [panicked, deadlock, nil, system, ancestors]) assert.deepEqual(snapshot.losses, []);
  });
}

test("labels in dumps, in the form of Go 1.26 and in that of Go 1.27", () => {
  for (const version of ["go1.26.8", "go1.27.0"]) {
    const { goroutines } = only(fixture(`${version}/labels.txt`));
    const labelled = goroutines.filter((g) => g.labels);
    assert.equal(labelled.length, 3, version);
    assert.deepEqual(labelled[0]!.labels, { handler: "/sum", "a b": 'c"d' });
  }
});

test("ancestors: each with its number, its stack when it started the next, and who started it", () => {
  for (const version of VERSIONS) {
    const { goroutines } = only(fixture(`${version}/ancestors.txt`));
    const wait = goroutines.filter((g) => g.stack[0]!.function === "main.wait");
    const grandchild = wait.find((g) => g.ancestors?.length === 2)!;
    assert.ok(grandchild, version);
    assert.equal(wait.filter((g) => g.ancestors?.length === 1).length, 2, version);
    assert.equal(grandchild.createdBy!.function, "main.start.func1", version);
    const [parent, main] = grandchild.ancestors!;
    assert.deepEqual(parent!.stack.map((f) => `${f.function}:${f.line}`), ["main.start.func1:21"], version);
    assert.equal(`${parent!.createdBy!.function}:${parent!.createdBy!.line}`, "main.start:19", version);
    assert.equal(main!.id, 1, version);
    assert.deepEqual(main!.stack.map((f) => f.function), ["main.start", "main.main.func1", "runtime/pprof.Do", "main.main"], version);
    assert.equal(main!.createdBy, undefined, version);
  }
});

test("a report of the race detector before a dump: its stacks are kept, the dump is read, nothing is lost", () => {
  for (const version of VERSIONS) {
    const { snapshots, races, outside } = parseText(fixture(`${version}/race.txt`));
    assert.deepEqual(snapshots[0]!.losses, [], version);
    assert.deepEqual(picture(snapshots[0]!), ["1 receive main.park:14", "1 running main.main:24"], version);
    assert.equal(races!.length, 1, version);
    const [race] = races!;
    assert.equal(race!.line, 2, version);
    const accesses = race!.accesses.map(({ what, goroutine, stack }) => `${what} by ${goroutine ?? "main"}: ${stack[0]!.function}:${stack[0]!.line} < ${stack[1]!.line}`);
    assert.deepEqual(accesses, ["Read by main: main.(*counter).add:12 < 20", "Previous write by 7: main.(*counter).add:12 < 18"], version);
    assert.deepEqual(race!.goroutines.map(({ goroutine, state, createdAt }) => `${goroutine} ${state} ${createdAt[0]!.function}:${createdAt[0]!.line}`), ["7 finished main.main:18"], version);
    assert.deepEqual(outside.sample, ["==================", "2026/01/02 03:04:05 counted", "panic: and now the dump"], version);
  }
});
