import assert from "node:assert/strict";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { test } from "node:test";
import type { Goroutine } from "../../src/model/goroutine/snapshot.js";
import { encodeProfile } from "../../src/parse/pprof/encode.js";
import { readSource, type LabelOptions } from "../../src/pipeline/services/snapshots.js";
import { inspectOptions } from "./services.js";

const one = (count: number, labels?: Record<string, string>): Goroutine => ({
  count, state: "waiting", waitReason: "chan send", stack: [{ function: "main.f", file: "/src/main.go", line: 7 }], ...(labels ? { labels } : {}),
});

test("a service whose dump text has no labels is asked for its profile where labels are wanted, and that is said", async () => {
  const text = "goroutine 1 [chan send]:\nmain.f()\n\t/src/main.go:7 +0x1\n\n";
  const profile = encodeProfile({ provenance: { source: "x", how: "pprof" }, losses: [], goroutines: [one(3, { tenant: "a" }), one(2, { tenant: "b" }), one(4)] });
  const asked: string[] = [];
  const server = createServer((request, response) => {
    asked.push(request.url!);
    response.end(request.url!.includes("debug=2") ? text : profile);
  });
  await new Promise<void>((done) => server.listen(0, "127.0.0.1", done));
  try {
    const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    const table: readonly (readonly [LabelOptions, number, number])[] = [[{}, 1, 1], [{ byLabel: "tenant" }, 9, 2], [{ where: [["tenant", "a"]] }, 3, 2]];
    for (const [options, count, questions] of table) {
      asked.length = 0;
      const read = await readSource(url, { ...inspectOptions(), ...options });
      assert.ok(read.ok);
      const [snapshot] = read.value.snapshots;
      assert.equal(snapshot!.goroutines.reduce((n, g) => n + g.count, 0), count);
      assert.equal(asked.length, questions, asked.join(" "));
      assert.equal(snapshot!.losses.some((loss) => loss.includes("writes no labels with debug=2")), questions === 2);
    }
  } finally {
    server.close();
  }
});
