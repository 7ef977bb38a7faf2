import { readFile } from "node:fs/promises";
import { explore } from "unpark/testing";
import { it } from "vitest";

it("awaits what nobody controls", () =>
  explore(async () => {
    await readFile("package.json");
  }));
