import { explore } from "unpark/testing";
import { it } from "vitest";

it("awaits what nobody controls", () =>
  explore(async () => {
    await new Promise((resolve) => setTimeout(resolve, 5));
  }));
