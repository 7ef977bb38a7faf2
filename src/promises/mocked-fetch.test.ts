// A `fetch` that answers inside of the process, in ordinary code that wraps nothing: counts that are derived by hand, what late, rejected, aborted and missing
// answers show, and what a spy and the platform's own fetch still are.
import assert from "node:assert/strict";
import { describe, it, mock } from "node:test";
import { getGlobalDispatcher, MockAgent, setGlobalDispatcher } from "undici";
import { examineTs, type ExamineTsOptions } from "../pipeline/typescript/examine-ts.js";

const words = (url: unknown): string => `answer to ${String(url).split("/").pop()}`;
const plain = (url: unknown): Promise<Response> => Promise.resolve(new Response(words(url)));

async function withMock<T>(answer: typeof fetch, work: () => Promise<T>): Promise<T> {
  const real = globalThis.fetch;
  globalThis.fetch = answer;
  try {
    return await work();
  } finally {
    assert.equal(globalThis.fetch, answer, "the mock is in its place again");
    globalThis.fetch = real;
  }
}

async function withAgent<T>(work: () => Promise<T>): Promise<T> {
  const before = getGlobalDispatcher();
  const agent = new MockAgent();
  agent.disableNetConnect();
  agent.get("http://api.test").intercept({ path: /.*/ }).reply(200, ({ path }) => words(path)).persist();
  setGlobalDispatcher(agent);
  try {
    return await work();
  } finally {
    setGlobalDispatcher(before);
    await agent.close();
  }
}

const WAYS: Readonly<Record<string, <T>(work: () => Promise<T>) => Promise<T>>> = { "a function of its own": (work) => withMock(plain, work), "undici's MockAgent": withAgent };

const ask = async (word: string): Promise<string> => (await fetch(`http://api.test/${word}`)).text();
const examined = async (body: () => unknown, options: ExamineTsOptions = {}): Promise<{ readonly verdicts: string; readonly schedules: number; readonly complete: boolean; readonly limits: string }> => {
  const { findings, coverage, limits } = await examineTs(body, { name: "t", budget: 60_000, clock: "lazy", ...options });
  return { verdicts: findings.map(({ verdict }) => verdict).join(), schedules: coverage.schedules, complete: coverage.complete, limits: limits.join("\n") };
};

/** Shows the last answer, whatever it was asked for. */
async function staleResponse(): Promise<void> {
  let shown = "";
  const search = async (word: string): Promise<void> => void (shown = await ask(word));
  await Promise.all([search("a"), search("ab")]);
  assert.equal(shown, "answer to ab");
}

for (const [name, withWay] of Object.entries(WAYS)) {
  describe(`fetch is answered by ${name}`, () => {
    const ROWS: readonly (readonly [title: string, verdicts: string, schedules: number, why: string, body: () => unknown, options?: ExamineTsOptions])[] = [
      ["one request", "", 1, "1!", () => ask("a")],
      ["three requests", "", 6, "3!", () => Promise.all(["a", "b", "c"].map(ask))],
      ["one after the other", "", 1, "no two are open together", async () => void (await ask("a"), await ask("b"))],
      ["a stale response", "flaky", 2, "2!", staleResponse],
      ["it may fail, and that is caught", "", 2, "answered or failed", () => ask("a").catch(() => undefined), { fetch: { fails: true } }],
      ["it may fail, and nobody catches that", "flaky", 2, "the same", () => ask("a"), { fetch: { fails: true } }],
      ["it may never be answered", "deadlock", 2, "answered or never", () => ask("a"), { fetch: { never: true } }],
      ["it may never be answered, and has a time-out", "", 2, "answered, or never and aborted", async () => {
        const controller = new AbortController();
        const timer = setTimeout(() => controller.abort(), 1_000);
        await fetch("http://api.test/a", { signal: controller.signal }).then((answer) => answer.text(), () => undefined);
        clearTimeout(timer);
      }, { fetch: { never: true } }],
      ["its answers come as the mock gives them", "", 1, "nothing is chosen", staleResponse, { fetch: false }],
    ];
    for (const [title, verdicts, schedules, why, body, options] of ROWS) {
      it(`${title}: ${schedules}, ${why}`, () => withWay(async () => {
        const found = await examined(body, options);
        assert.deepEqual({ ...found, limits: "" }, { verdicts, schedules, complete: true, limits: "" }, found.limits);
      }));
    }
  });
}

it("a mock that takes its time: its answer comes after its timer. T1 a, T2 b, T1 T2 in every order: 3", async () => {
  const later = (url: unknown): Promise<Response> => new Promise((resolve) => setTimeout(() => resolve(new Response(words(url))), 20));
  await withMock(later, async () => {
    const { verdicts, schedules, complete } = await examined(staleResponse, { clock: "any" });
    assert.deepEqual({ verdicts, schedules, complete }, { verdicts: "flaky", schedules: 3, complete: true });
  });
});

it("a spy has seen a call as soon as it is made, and is still a spy", async () => {
  const spy = mock.fn(plain);
  await withMock(spy as typeof fetch, async () => {
    const { verdicts } = await examined(async () => {
      const before = spy.mock.callCount();
      const answer = ask("a");
      assert.equal((fetch as unknown as typeof spy).mock.callCount(), before + 1);
      await answer;
    });
    assert.equal(verdicts, "");
  });
});

it("the platform's own, which asks a network, is not taken for a mock", async () => {
  const { fetch: own } = globalThis;
  await examined(() => assert.equal(globalThis.fetch, own));
});
