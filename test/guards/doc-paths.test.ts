// A document or a comment that names a file of the sources names one that is there.
import assert from "node:assert/strict";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { it } from "node:test";
import { fileURLToPath } from "node:url";

const root = fileURLToPath(new URL("../../../", import.meta.url));
const folders = ["", "src", ...readdirSync(join(root, "src"), { withFileTypes: true }).flatMap((one) => (one.isDirectory() ? [join("src", one.name)] : []))];
const documents = ["README.md", "ARCHITECTURE.md", ...readdirSync(join(root, "docs")).filter((name) => name.endsWith(".md")).map((name) => join("docs", name))];

it("each source file that a document names is there, below the root, src or a room of it", () => {
  const missing = documents.flatMap((document) =>
    [...readFileSync(join(root, document), "utf8").matchAll(/`((?:[\w.-]+\/)+[\w.-]+\.(?:ts|mjs|go))`/g)]
      .map(([, path]) => path!)
      .filter((path) => !folders.some((folder) => existsSync(join(root, folder, path))))
      .map((path) => `${document}: ${path}`),
  );
  assert.deepEqual(missing, []);
});

/** Every source file, by its path from the root. */
const sources = ["src", "go", "test", "bench", "scripts"].flatMap((folder) =>
  readdirSync(join(root, folder), { recursive: true, encoding: "utf8" }).map((file) => join(folder, file).replaceAll("\\", "/")).filter((file) => /\.(?:ts|cts|mjs|go)$/.test(file)),
);

/** `// …`, and the lines of a block comment. */
const commentsIn = (text: string): readonly string[] => text.split("\n").flatMap((line) => /(?:^\s*(?:\/\*\*?|\*)|\/\/ )(.*)/.exec(line)?.[1] ?? []);

it("each source file that a comment in src names is there, by the end of its path", () => {
  const missing = sources
    .filter((file) => file.startsWith("src/") && /\.c?ts$/.test(file))
    .flatMap((file) =>
      commentsIn(readFileSync(join(root, file), "utf8"))
        .flatMap((comment) => [...comment.matchAll(/(?<![\w./*{:-])((?:[\w-]+\/)*[\w-]{2,}(?:\.test)?\.(?:ts|cts|mjs))\b/g)].map(([, path]) => path!))
        .filter((path) => !sources.some((one) => one === path || one.endsWith(`/${path}`)))
        .map((path) => `${file}: ${path}`),
    );
  assert.deepEqual(missing, []);
});
