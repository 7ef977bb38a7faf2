import { explore } from "unpark/testing";
import { expect, it } from "vitest";

it("is clean", () => explore(() => undefined));
it("fails by itself", () => {
  expect(1 + 1).toBe(3);
});
