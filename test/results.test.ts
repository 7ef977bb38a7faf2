// Earlier results are used again exactly while nothing has changed (docs/cache.md, "Results"), with real Go.
import assert from "node:assert/strict";
import { mkdirSync, mkdtempSync, readdirSync, rmSync, utimesSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, test } from "node:test";
import type { Examination } from "../src/model/results/examination.js";
import { exploreGo } from "../src/pipeline/go/run-go.js";
import type { ExploreRequest } from "../src/pipeline/go/explore-request.js";
import { ResultCache } from "../src/pipeline/results/result-cache.js";

const folder = mkdtempSync(join(tmpdir(), "unpark-results-"));
after(() => rmSync(folder, { recursive: true, force: true }));
const write = (path: string, text: string): void => {
  mkdirSync(join(folder, "m", path, ".."), { recursive: true });
  writeFileSync(join(folder, "m", path), text);
};
const GO = (comment: string): string => `package m

import (
	"os"
	"sync/atomic"
	"testing"
)

// ${comment}
func TestReads(t *testing.T) {
	if text, err := os.ReadFile("testdata/answer.txt"); err != nil || string(text) != "42\\n" {
		t.Fatalf("%q, %v", text, err)
	}
	c := make(chan int)
	go func() { c <- 1 }()
}

// Far too many schedules for any budget.
func TestLarge(t *testing.T) {
	var n [6]atomic.Int64
	done := make(chan bool)
	for range 6 {
		go func() {
			for i := range 60 {
				n[i%6].Add(1)
			}
			done <- true
		}()
	}
	for range 6 {
		<-done
	}
}
`;
write("go.mod", "module example.com/m\n\ngo 1.24\n");
write("m_test.go", GO("first"));
write("testdata/answer.txt", "42\n");

/** The examinations of a run, by test; `schedules` bounds what has no end, so that the counts are exact. */
async function explored(results: Partial<ExploreRequest["results"]> & { engine?: string } = {}, settings: Partial<ExploreRequest["settings"]> = {}): Promise<Readonly<Record<string, Examination>>> {
  const cache = new ResultCache(join(folder, "cache"), results.engine ?? "engine 1");
  const report = await exploreGo(
    {
      command: "test", cwd: join(folder, "m"), env: process.env, patterns: ["."], args: [], unparkVersion: "0.0.0", results: { cache, further: results.further ?? false },
      settings: { budget: 60_000, schedules: 5, workers: 1, seed: 1, clock: { kind: "any", early: 3 }, ...settings },
    },
    {},
  );
  assert.deepEqual(report.failures, []);
  return Object.fromEntries(report.examinations.map((one) => [one.name, one]));
}
const cached = (all: Readonly<Record<string, Examination>>): readonly string[] => Object.values(all).flatMap(({ name, coverage }) => (coverage.cached ? [name] : [])).sort();
const uncached = ({ coverage: { cached: _, ...coverage }, ...rest }: Examination): Examination => ({ ...rest, coverage });
const BOTH = ["TestLarge", "TestReads"];

test("an earlier result is used again while nothing has changed, and in no other case", async (t) => {
  const first = await explored();
  assert.deepEqual(cached(first), []);
  assert.equal(first["TestReads"]!.coverage.complete, true);
  assert.equal(first["TestReads"]!.findings.length, 1);

  await t.test("the same again: the same results, both cached", async () => {
    const again = await explored();
    assert.deepEqual(cached(again), BOTH);
    for (const name of BOTH) assert.deepEqual(uncached(again[name]!), JSON.parse(JSON.stringify(first[name])), name);
  });

  await t.test("a file of the same content at another time: cached (a fresh checkout)", async () => {
    utimesSync(join(folder, "m/testdata/answer.txt"), new Date(0), new Date(0));
    assert.deepEqual(cached(await explored()), BOTH);
  });

  await t.test("a file that only one test read: that test is explored again", async () => {
    write("testdata/answer.txt", "43\n");
    const changed = await explored();
    assert.deepEqual(cached(changed), ["TestLarge"]);
    assert.equal(changed["TestReads"]!.outcome, "failed");
    write("testdata/answer.txt", "42\n");
  });

  await t.test("a larger budget: what is complete is cached, the other explored again", async () => {
    await explored();
    assert.deepEqual(cached(await explored({}, { budget: 61_000 })), ["TestReads"]);
  });

  await t.test("--further: another round is added to what is not complete", async () => {
    const { TestLarge: before } = await explored();
    const { TestLarge: more, TestReads } = await explored({ further: true });
    assert.equal(more!.coverage.schedules, before!.coverage.schedules + 5);
    assert.equal(more!.coverage.cached, undefined);
    assert.equal(TestReads!.coverage.cached, true);
  });

  await t.test("another machine's usual memory: cached where it is no more; a memory that was asked for is another question", async () => {
    const usual = (memory: number) => explored({}, { memory, usualMemory: true });
    assert.deepEqual(cached(await usual(512)), []);
    assert.deepEqual(cached(await usual(768)), []); // a run that had no more than 512 may have been cut short
    assert.deepEqual(cached(await usual(512)), BOTH);
    assert.deepEqual(cached(await explored({}, { memory: 512 })), []);
    assert.deepEqual(cached(await explored({}, { memory: 768 })), []);
  });

  await t.test("another seed, another clock, another Unpark, other source: explored again", async () => {
    assert.deepEqual(cached(await explored({}, { seed: 2 })), []);
    assert.deepEqual(cached(await explored({}, { clock: { kind: "lazy" } })), []);
    assert.deepEqual(cached(await explored({ engine: "engine 2" })), []);
    write("m_test.go", GO("second").replace("c <- 1", "c <- 2"));
    assert.deepEqual(cached(await explored()), []);
  });

  await t.test("a kept result that was cut or damaged: explored again, and kept anew", async () => {
    const results = join(folder, "cache/results");
    for (const name of readdirSync(results)) writeFileSync(join(results, name), '{"examination": {');
    assert.deepEqual(cached(await explored()), []);
    assert.deepEqual(cached(await explored()), BOTH);
  });
});
