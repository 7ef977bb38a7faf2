// A document that names a file of the sources names one that is there.
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
