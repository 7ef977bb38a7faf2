import { Chan, go } from "unpark";
import { explore, leak } from "unpark/testing";
import "unpark/jest";
import { describe, expect, it, jest } from "@jest/globals";
import { firstAnswer } from "./first-answer.js";

describe("first answer", () => {
  it("with room", () => explore(() => firstAnswer(1), { budget: 60_000 }));
  it("without room", () => explore(() => firstAnswer(0), { budget: 60_000 }));
  it("matcher with room", async () => {
    await expect(() => firstAnswer(1)).not.toLeak({ budget: 60_000 });
  });
  it("matcher without room", async () => {
    await expect(() => firstAnswer(0)).not.toLeak({ schedules: 50, budget: 60_000 });
  });
  // What the runner notes of its test is none of the body's growth.
  it("matcher of an await, and a mock", async () => {
    const asked = jest.fn();
    await explore(async () => {
      asked();
      await expect(Promise.reject(new Error("no"))).rejects.toThrow("no");
    }, { budget: 60_000 });
  });
  it("matcher that expects the leak", async () => {
    await expect(() => firstAnswer(0)).toLeak({ budget: 60_000 });
  });
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
