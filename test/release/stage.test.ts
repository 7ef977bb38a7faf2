import assert from "node:assert/strict";
import { readdirSync } from "node:fs";
import { test } from "node:test";
import { fileURLToPath } from "node:url";

const root = new URL("../../../", import.meta.url);
const { isShipped, withoutDeadLinks } = (await import(new URL("scripts/release/stage.mjs", root).href)) as {
  readonly isShipped: (path: string) => boolean;
  readonly withoutDeadLinks: (path: string, text: string, has: (path: string) => boolean) => string;
};

test("the documents of the package are those that package.json does not leave to the site", () => {
  const documents = readdirSync(fileURLToPath(new URL("docs", root)), { recursive: true, encoding: "utf8" }).filter((name) => /\.(md|json)$/.test(name));
  const shipped = documents.filter((name) => isShipped(`docs/${name.replaceAll("\\", "/")}`)).sort();
  assert.deepEqual(shipped.filter((name) => name.endsWith(".md")), ["typescript.md"]);
});

test("a link to what is not shipped becomes its words; links to what is, to the web and within the document stay", () => {
  const has = (path: string): boolean => ["docs/promises.md", "examples/go"].includes(path);
  const told = (text: string): string => withoutDeadLinks("docs/typescript.md", text, has);
  for (const [text, want] of [
    ["[promises](promises.md) and [the cache](cache.md)", "[promises](promises.md) and the cache"],
    ["[its part](promises.md#mocks), [a part](cache.md#keys)", "[its part](promises.md#mocks), a part"],
    ["[examples](../examples/go), [bench](../bench)", "[examples](../examples/go), bench"],
    ["![a run](pictures/terminal.svg)", "a run"],
    ["[web](https://go.dev/ref/mem), [here](#here)", "[web](https://go.dev/ref/mem), [here](#here)"],
    ["`m[key](value)`", "`m[key](value)`"],
  ] as const) {
    assert.equal(told(text), want);
  }
});
