import { describe, it } from "vitest";
import { Chan, go } from "unpark";
import { explore } from "unpark/testing";

const leaks = async (): Promise<void> => {
  const c = new Chan<number>();
  go(async () => {
    await c.send(1);
  });
};

describe.concurrent("at the same time", () => {
  it("first", () => explore(leaks, { budget: 60_000 }));
  it("clean", () => explore(async () => new Chan<number>(1).send(1), { budget: 60_000 }));
  it("second", () =>
    explore(leaks, { budget: 60_000 }));
  it("beside", async () => {
    await new Promise((resolve) => setTimeout(resolve, 20));
  });
  const named = `by ${"a"} template`;
  it(named, () => explore(leaks, { budget: 60_000 }));
});
