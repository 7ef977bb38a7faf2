import { expect, it } from "vitest";

it("has nothing to do with Unpark", () => {
  expect(1 + 1).toBe(2);
});
