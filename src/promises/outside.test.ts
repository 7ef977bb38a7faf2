// Answers from outside, in every order: how many orders there are, derived by hand; what some of them show; replay.
import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { readFileSync } from "node:fs";
import { describe, it } from "node:test";
import { DporSearch } from "../explore/dpor/dpor-search.js";
import { explore } from "../explore/explorer.js";
import { LAZY_CLOCK } from "../explore/fairness.js";
import { parseSchedule } from "../model/run/schedule.js";
import { examineTs, replayTs, type ExamineTsOptions } from "../pipeline/typescript/examine-ts.js";
import { ControlledProgram } from "../runtime/control/controlled-program.js";
import { outside } from "./outside.js";
import { recordAwaits } from "./pending-awaits.js";

const LINES = readFileSync(new URL("../../../src/promises/outside.test.ts", import.meta.url), "utf8").split("\n");
const lineOf = (mark: string): number => LINES.findIndex((line) => line.endsWith(`// ${mark}`)) + 1;

async function orders(body: () => unknown, variables: "shared" | "private"): Promise<number> {
  const program = new ControlledProgram(body, { variables, prover: recordAwaits });
  await program.turn();
  const { coverage } = await explore(program, { strategy: new DporSearch(LAZY_CLOCK), clock: LAZY_CLOCK, budget: 60_000 }, () => []);
  assert.ok(coverage.complete);
  return coverage.schedules;
}

const times = <T>(n: number, make: (i: number) => T): readonly T[] => Array.from({ length: n }, (_, i) => make(i));

const together = (n: number) => async (): Promise<void> => {
  const ask = outside("ask");
  await Promise.all(times(n, () => ask()));
};

/** `a` is awaited first: where `b` fails before `a` answers, nobody handles that yet, and Node ends the process. */
async function oneAfterTheOther(): Promise<void> {
  const ask = outside("ask", () => 1);
  const fail = outside("fail", () => {
    throw new Error("b failed");
  });
  const [a, b] = [ask(), fail()];
  try {
    await a;
    await b;
  } catch {
    // too late in one of two orders
  }
}

it("a rejection that nobody has handled when the event loop turns ends the process, as in production; one that is handled does not", async () => {
  const found = await examineTs(oneAfterTheOther, { budget: 60_000 });
  assert.deepEqual(found.findings.map(({ verdict }) => verdict), ["panics"]);
  const handled = await examineTs(async () => void (await Promise.allSettled([outside("ask", () => 1)(), outside("fail", () => { throw new Error("b"); })()])), { budget: 60_000 });
  assert.deepEqual([handled.outcome, handled.findings], ["passed", []]);
});

/** Two bookings of one seat. */
async function doubleBooking(): Promise<void> {
  const open = outside("open");
  const pay = outside("pay");
  let left = 1;
  let booked = 0;
  const book = async (): Promise<void> => {
    await open();
    if (left === 0) return;
    await pay();
    left--;
    booked++;
  };
  await Promise.all([book(), book()]);
  assert.equal(booked, 1);
}

/** Name; orders of all, and where answers that touch nothing in common are independent; why so many. */
const COUNTS: readonly (readonly [name: string, shared: number, apart: number, why: string, body: () => unknown])[] = [
  ["one answer", 1, 1, "1!", together(1)],
  ["three answers", 6, 1, "3!; independent: 1", together(3)],
  ["five answers", 120, 1, "5!; independent: 1", together(5)],
  ["three that touch the same", 6, 6, "3!, for they depend on each other", async () => {
    const ask = outside("ask", undefined, { touches: "table" });
    await Promise.all(times(3, () => ask()));
  }],
  ["two and two, of two tables", 24, 4, "4!; 2! of each table: 2! * 2!", async () => {
    const asks = ["a", "b"].map((touches) => outside("ask", undefined, { touches }));
    await Promise.all(asks.flatMap((ask) => [ask(), ask()]));
  }],
  ["one after the other", 1, 1, "each is asked for when the one before is answered", async () => {
    const ask = outside("ask");
    for (let i = 0; i < 4; i++) await ask();
  }],
  ["two lines of two", 6, 1, "4! / (2! * 2!): the order within each line is kept", async () => {
    const ask = outside("ask");
    const line = async (): Promise<void> => {
      await ask();
      await ask();
    };
    await Promise.all([line(), line()]);
  }],
  ["one that may fail", 2, 2, "its two ways", async () => {
    await outside("ask", undefined, { fails: true })().catch(() => undefined);
  }],
  ["two that may fail", 8, 4, "2! orders * 2 ways * 2 ways", async () => {
    const ask = outside("ask", undefined, { fails: true });
    await Promise.allSettled([ask(), ask()]);
  }],
  ["one that may never be answered", 2, 2, "its two ways", () => outside("ask", undefined, { never: true })()],
  ["one with three ways", 3, 3, "answered, fails, never", () => outside("ask", undefined, { fails: true, never: true })().catch(() => undefined)],
  ["two calls, of which one may never be answered", 6, 6, "2 to be first; it is answered, and the other has 2 ways, or it is not, and the other has 1: 2 * (2 + 1); how many is one bound, so they depend", async () => {
    const ask = outside("ask", undefined, { never: true });
    await Promise.all([ask(), ask()]);
  }],
  ["two calls, both may never be answered", 8, 8, "2! orders * 2 ways * 2 ways", async () => {
    const ask = outside("ask", undefined, { never: 2 });
    await Promise.all([ask(), ask()]);
  }],
  ["two functions, each may never answer", 8, 4, "2! * 2 * 2; independent: 2 * 2", () => Promise.all(["a", "b"].map((name) => outside(name, undefined, { never: true })()))],
  ["double booking", 6, 1, "o1 p1 o2 (the second finds none left) and the like, 2; both look, 2! orders, then both pay, 2!: 4", () => doubleBooking().catch(() => undefined)],
];

const found = async (body: () => unknown, options: ExamineTsOptions = {}): Promise<readonly (readonly [string, string | undefined])[]> =>
  (await examineTs(body, options)).findings.map(({ verdict, message }) => [verdict, message?.split("\n")[0]]);

describe("answers from outside", () => {
  for (const [name, shared, apart, why, body] of COUNTS) {
    it(`${name}: ${shared} orders, ${apart} where variables are private (${why})`, async () => {
      assert.deepEqual([await orders(body, "shared"), await orders(body, "private")], [shared, apart]);
    });
  }

  it("a stale response is found, by line, and its schedule replays", async () => {
    const stale = async (): Promise<void> => {
      const ask = outside("search", (word: string) => `answer to ${word}`);
      let shown = "";
      const search = async (word: string): Promise<void> => {
        shown = await ask(word); // search
      };
      await Promise.all([search("a"), search("ab")]);
      assert.equal(shown, "answer to ab");
    };
    const { findings, coverage } = await examineTs(stale);
    assert.ok(coverage.complete);
    const [finding] = findings;
    assert.equal(finding?.verdict, "flaky");
    const told = finding.steps!.filter(({ line }) => line === lineOf("search")).map(({ goroutine, text }) => `${goroutine} ${text}`);
    assert.deepEqual(told, ['1 starts goroutine 1.1 (search("a"))', '1 starts goroutine 1.2 (search("ab"))', "1.2 is answered", "1.1 is answered"]);
    const schedule = parseSchedule(finding.schedule!);
    assert.ok(schedule.ok);
    const again = await replayTs(stale, schedule.value);
    assert.ok(again.ok);
    assert.equal(again.value.outcome, "failed");
  });

  it("a seat is booked twice in the natural order already: the test fails", async () => {
    assert.equal((await examineTs(doubleBooking)).outcome, "failed");
  });

  it("a time-out may win over an answer, however long it is: no stall is needed for that", async () => {
    const { findings } = await examineTs(async ({ outside: outsideOf }) => {
      const ask = outsideOf("ask", () => "answer");
      const late = new Promise((resolve) => setTimeout(resolve, 60_000, "late"));
      assert.equal(await Promise.race([ask(), late]), "answer");
    });
    assert.deepEqual(findings.map(({ verdict, needsStall }) => [verdict, needsStall]), [["flaky", undefined]]);
  });

  it("an abort rejects at once, and withdraws the request", async () => {
    const seen = new Set<string>();
    await examineTs(async ({ outside: outsideOf }) => {
      const ask = outsideOf("ask", (_: { readonly signal: AbortSignal }) => "answer");
      const controller = new AbortController();
      setTimeout(() => controller.abort(new Error("enough")), 5);
      seen.add(await ask({ signal: controller.signal }).catch((error: Error) => error.message));
    });
    assert.deepEqual([...seen].sort(), ["answer", "enough"]);
  });

  it("a client that is not given back where a query fails: only in the order in which it does", async () => {
    const body = async (): Promise<void> => {
      const query = outside("query", undefined, { fails: true });
      let free = 1;
      const waiting: (() => void)[] = [];
      const acquire = (): Promise<void> | undefined => (free-- > 0 ? undefined : new Promise((resolve) => waiting.push(resolve)));
      const one = async (): Promise<void> => {
        await acquire();
        await query();
        free++;
        waiting.shift()?.();
      };
      await Promise.allSettled([one(), one()]);
    };
    assert.deepEqual(await found(body), [["deadlock", undefined]]);
  });

  it("an answer that never comes hangs who has no time-out: proved, at the await, and told so", async () => {
    const body = async (): Promise<void> => {
      await outside("ask", undefined, { never: true })(); // hangs
    };
    const { findings, coverage, outcome } = await examineTs(body, { budget: 60_000 });
    assert.deepEqual([outcome, coverage.complete, findings.map(({ verdict, cause }) => [verdict, cause])], ["passed", true, [["deadlock", "never-settled"]]]);
    assert.equal(findings[0]!.blocked.line, lineOf("hangs"));
    assert.match(findings[0]!.steps!.map(({ text }) => text).join("\n"), /is never answered/);
  });

  it("who has a time-out, or a signal that aborts, goes on", async () => {
    assert.deepEqual(await found(async () => {
      const ask = outside("ask", (_: AbortSignal) => "answer", { never: true });
      const late = new Promise((resolve) => setTimeout(resolve, 1_000, "late"));
      await Promise.race([ask(new AbortController().signal), late]);
      assert.match(await ask(AbortSignal.timeout(1_000)).catch((error: Error) => error.name), /answer|TimeoutError/);
    }), []);
  });

  it("what really answers (a file) is waited for in the step", async () => {
    const sizes = new Set<number>();
    const { outcome, findings } = await examineTs(async ({ outside: outsideOf }) => {
      const read = outsideOf("readFile", (path: string) => readFile(path, "utf8"));
      const [a, b] = await Promise.all([read("package.json"), read("package.json")]);
      sizes.add(a.length - b.length);
    });
    assert.deepEqual([outcome, findings, [...sizes]], ["passed", [], [0]]);
  });

  it("outside of explore it is the function itself", async () => {
    assert.equal(await outside("double", (n: number) => n * 2)(4), 8);
    await assert.rejects(outside("fails", () => { throw new Error("no"); })(), /no/);
  });
});
