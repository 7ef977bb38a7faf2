import assert from "node:assert/strict";
import { it } from "node:test";
import type { GoroutineName } from "../../model/ids.js";
import type { GoroutineLife } from "../../model/run/trace.js";
import { goStatementsOf } from "./go-statements.js";

it("counts goroutines by the user's go statement, ended ones apart; the runtime's and the library's are none", () => {
  const life = (name: string, file: string, line: number, endedAt?: number, by = "example.com/p.f"): GoroutineLife => ({ name: name as GoroutineName, entry: "f", startedAt: 0, createdBy: { function: by, file, line }, ...(endedAt === undefined ? {} : { endedAt }) });
  const lives = [life("1.1", "/usr/lib/go/src/testing/testing.go", 9, 1, "testing.(*T).Run"), life("1.1.1", "/p/a.go", 3, 4), life("1.1.2", "/p/a.go", 3), life("1.1.3", "/p/a.go", 8, 5), life("0.1", "/p/a.go", 3), life("1.2", "/m/pkg/mod/x.org/y@v1/y.go", 2, 1, "x.org/y.F")];
  assert.deepEqual(goStatementsOf({ lives }), [{ function: "example.com/p.f", file: "/p/a.go", line: 3, started: 2, ended: 1 }, { function: "example.com/p.f", file: "/p/a.go", line: 8, started: 1, ended: 1 }]);
  assert.equal(goStatementsOf({ lives: [] }), undefined);
});
