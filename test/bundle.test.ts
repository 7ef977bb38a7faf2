// The package is side-effect free and is shaken: what is imported pulls in what it needs, by name, and nothing more.
import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";

/** The modules of ours that a program keeps some bytes of, without extension. */
async function modules(source: string): Promise<readonly string[]> {
  const { metafile } = await build({
    stdin: { contents: source, resolveDir: fileURLToPath(new URL("../../", import.meta.url)) },
    bundle: true,
    minify: true,
    format: "esm",
    platform: "neutral",
    write: false,
    metafile: true,
  });
  const { inputs } = Object.values(metafile.outputs)[0]!;
  return Object.entries(inputs)
    .filter(([file, { bytesInOutput }]) => bytesInOutput > 0 && file !== "<stdin>")
    .map(([file]) => file.replace(/^dist\/src\/(runtime\/((api|core|observe)\/)?)?|\.js$/g, ""))
    .sort();
}

const CORE = ["copies", "base/deque", "base/prng", "go", "goroutine", "hchan", "model/ids", "panic", "platform", "scheduler", "engine-frames", "source-place", "stack-text", "stack-trace", "waiter", "current-runtime", "abort", "channel-operations", "goroutine-handle"];
const LOCK = [...CORE.filter((one) => !["go", "channel-operations", "goroutine-handle"].includes(one)), "mutex", "sync-object", "object-operations", "abortable-operation"];
const CHANNELS = [...CORE, "chan"];

describe("what a bundle holds", () => {
  for (const [name, source, expected] of [
    ["an import that is not used: nothing", `import { go, Chan, context, time, runtime } from "unpark";`, []],
    ["goroutines and channels", `import { go, Chan } from "unpark"; go(() => new Chan());`, CHANNELS],
    [
      "select",
      `import { go, Chan, select, recv } from "unpark"; go(() => select(recv(new Chan())));`,
      [...CHANNELS, "model/run/choice", "select"],
    ],
    ["one lock of a namespace's own entry", `import { Mutex } from "unpark/sync"; new Mutex();`, LOCK],
  ] as const) {
    it(name, async () => assert.deepEqual(await modules(source), [...expected].sort()));
  }

  it("time comes without context, context without errgroup, and nothing comes with the explorer or with Node", async () => {
    const time = await modules(`import { time } from "unpark"; console.log(time);`);
    assert.ok(!time.includes("context"));
    const context = await modules(`import { context } from "unpark"; console.log(context);`);
    assert.ok(!context.some((one) => one === "errgroup" || one === "semaphore" || one === "goroutine-profile"));
    const all = await modules(`import * as unpark from "unpark"; console.log(unpark);`);
    assert.deepEqual(all.filter((one) => /^(explore|report|diagnose|pipeline|control|node)\//.test(one)), []);
  });
});
