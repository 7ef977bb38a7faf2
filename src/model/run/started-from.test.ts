import assert from "node:assert/strict";
import { test } from "node:test";
import { goroutineName } from "../ids.js";
import type { Frame } from "../goroutine/stack.js";
import { callBehind, callThatStarted } from "./started-from.js";
import type { GoroutineLife } from "./trace.js";

const GO = "/usr/local/go/src/";
const open: Frame = { function: "database/sql.OpenDB", file: `${GO}database/sql/sql.go`, line: 841 };
const dial: Frame = { function: "net/http.(*Transport).dialConn", file: `${GO}net/http/transport.go`, line: 1994 };
const users: Frame = { function: "example.com/shop.Load", file: "/shop/load.go", line: 12 };
const driver: Frame = { function: "example.com/pq.Open", file: "/home/me/go/pkg/mod/example.com/pq@v1.0.0/pq.go", line: 7 };
const main: Frame = { function: "main.main", file: "_testmain.go", line: 49 };

const life = (name: string, by: Frame, parent: string, startedFrom: readonly Frame[]): GoroutineLife =>
  ({ name: goroutineName(name), createdBy: { ...by, name: goroutineName(parent) }, startedFrom, entry: "", startedAt: 0 });

const CASES: readonly (readonly [name: string, lives: readonly GoroutineLife[], direct: Frame | undefined, behind: Frame | undefined])[] = [
  ["the user's own go statement needs no call", [life("1.1", users, "1", [users])], undefined, undefined],
  ["a library's is told by the innermost of the user's frames", [life("1.1", open, "1", [open, driver, users, { ...users, line: 99 }])], users, users],
  ["one that a goroutine of the library's started is told by the call that started that one", [life("1.1.1", dial, "1.1", [dial]), life("1.1", dial, "1", [dial, users])], undefined, users],
  ["not by a call of the user's goroutine that started something of its own", [life("1.1.1", dial, "1.1", [dial]), life("1.1", users, "1", [users])], undefined, undefined],
  ["the main that go test writes calls nothing of the user's", [life("1.1", open, "1", [open, main])], undefined, undefined],
  ["where the host knows no stack nothing is said", [{ ...life("1.1", open, "1", []), startedFrom: undefined! }], undefined, undefined],
];

for (const [name, lives, direct, behind] of CASES) {
  test(name, () => {
    assert.deepEqual(callThatStarted(lives[0]!), direct);
    assert.deepEqual(callBehind(lives[0], (asked) => lives.find((one) => one.name === asked)), behind);
  });
}
