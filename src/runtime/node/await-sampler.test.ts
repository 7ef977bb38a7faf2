import assert from "node:assert/strict";
import { setTimeout as wait } from "node:timers/promises";
import { afterEach, describe, it } from "node:test";
import { collector } from "../control/reachability.js";
import { answerEndpoint } from "../observe/endpoints.js";
import { sampleAwaits, type AwaitSampling } from "./index.js";

let sampling: AwaitSampling | undefined;
afterEach(() => sampling?.stop());

/** Turns of the event loop, until it is so; a thousand at most. */
async function until(isSo: () => boolean): Promise<void> {
  for (let turn = 0; turn < 1_000 && !isSo(); turn++) await wait(1);
  assert.ok(isSo());
}

const counts = (): readonly (readonly [string, number, number])[] =>
  sampling!.places().filter(({ file }) => /await-sampler\.test/.test(file)).map(({ function: name, count, lost }) => [name, count, lost] as const);

describe("sampled awaits", () => {
  it("are there while they wait, by line, and not once they have gone on", async () => {
    sampling = sampleAwaits({ share: 1 });
    let answer: ((value: number) => void) | undefined;
    const answered = new Promise<number>((resolve) => (answer = resolve));
    const asks = async function asks(): Promise<number> {
      return (await answered) + 1;
    };
    const all = [asks(), asks(), asks()];
    assert.deepEqual(counts(), [["main.asks", 3, 0]]);
    answer!(41);
    assert.deepEqual(await Promise.all(all), [42, 42, 42]);
    assert.deepEqual(counts().filter(([name]) => name === "main.asks"), []);
  });

  it("a rejection goes to who awaits, and one that nobody awaits is still unhandled", async () => {
    sampling = sampleAwaits({ share: 1 });
    const unhandled: unknown[] = [];
    const note = (error: unknown): void => void unhandled.push((error as Error).message);
    const listeners = process.listeners("unhandledRejection");
    process.removeAllListeners("unhandledRejection");
    process.on("unhandledRejection", note);
    try {
      const failing = async function failing(): Promise<never> {
        await wait(1);
        throw new Error("nobody awaits");
      };
      void failing();
      await assert.rejects(async () => {
        await Promise.reject(new Error("awaited"));
      }, /awaited/);
      await until(() => unhandled.length > 0);
      assert.deepEqual(unhandled, ["nobody awaits"]);
    } finally {
      process.off("unhandledRejection", note);
      for (const listener of listeners) process.on("unhandledRejection", listener);
    }
  });

  it("what nothing can settle any more is told so, and holds nothing", async () => {
    sampling = sampleAwaits({ share: 1, window: "1ms" });
    const kept: (() => void)[] = [];
    const stuck = async function stuck(keep: boolean): Promise<void> {
      await new Promise<void>((resolve) => void (keep && kept.push(resolve)));
    };
    void stuck(false);
    void stuck(true);
    const collect = collector()!;
    await until(() => {
      collect();
      return counts().some(([, , lost]) => lost > 0);
    });
    assert.deepEqual(counts().filter(([name]) => name === "main.stuck"), [["main.stuck", 2, 1]]);
    assert.match(answerEndpoint("/debug/pprof/await?debug=2")!.body as string, /\[await that can never go on\]:\nmain\.stuck/);
    kept[0]!();
  });

  it("no more than a window's many, and no more than are kept", () => {
    const idle = async (): Promise<void> => {
      await new Promise(() => undefined);
    };
    sampling = sampleAwaits({ share: 0.5, perWindow: 3 });
    for (let n = 0; n < 10; n++) void idle();
    assert.deepEqual(counts().map(([, count]) => count), [3]);
    sampling.stop();
    sampling = sampleAwaits({ share: 1, most: 5 });
    for (let n = 0; n < 10; n++) void idle();
    assert.deepEqual(counts().map(([, count]) => count), [5]);
  });

  it("the endpoint has them while it runs, and says how to begin", () => {
    assert.equal(answerEndpoint("/debug/pprof/await")?.status, 404);
    assert.match(answerEndpoint("/debug/pprof/await")!.body as string, /sampleAwaits\(\)/);
    sampling = sampleAwaits({ share: 1 });
    void (async function idles() {
      await new Promise(() => undefined);
    })();
    assert.match(answerEndpoint("/debug/pprof/")!.body as string, /^goroutine\t\d+\nawait\t\d+\n$/);
    assert.match(answerEndpoint("/debug/pprof/goroutine?debug=2")!.body as string, /\[await\]:\nmain\.idles\(\.\.\.\)\n\t.*await-sampler\.test\.[jt]s:\d+/);
    const places = JSON.parse(answerEndpoint("/debug/pprof/await?debug=json")!.body as string) as readonly { readonly function: string; readonly oldest: number }[];
    assert.ok(places.some(({ function: name, oldest }) => name === "main.idles" && oldest >= 0));
  });

  it("one runs at a time; what is no share or count is refused", () => {
    sampling = sampleAwaits();
    assert.throws(() => sampleAwaits(), /runs already/);
    sampling.stop();
    sampling.stop(); // again is nothing
    for (const options of [{ share: 0 }, { share: 2 }, { share: NaN }, { most: 0 }, { perWindow: 1.5 }, { window: "1us" }] as const) assert.throws(() => sampleAwaits(options), RangeError, JSON.stringify(options));
    sampling = sampleAwaits();
  });
});
