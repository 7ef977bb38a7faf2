import { describe, it } from "node:test";
import { Chan, go } from "unpark";
import { explore, leak } from "unpark/testing";
import { firstAnswer } from "./first-answer.js";

describe("first answer", () => {
  it("with room", async () => void (await explore(() => firstAnswer(1), { budget: 60_000 })));
  it("without room", async () => void (await explore(() => firstAnswer(0), { name: "without room", budget: 60_000 })));
});

describe("not explored", () => {
  it("leaves nothing", async () => {
    go(async () => undefined);
    await leak.verifyNone();
  });
  it("leaves one", async () => {
    go(async function forgotten() {
      await new Chan<number>().recv();
    });
    await leak.verifyNone();
  });
});
