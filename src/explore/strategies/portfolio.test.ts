import assert from "node:assert/strict";
import { it } from "node:test";
import type { RunEnd, Strategy } from "../strategy.js";
import { RoundRobin } from "./portfolio.js";

/** A search of which only the name and the length of its runs matter. */
const search = (name: string, steps: number): Strategy & { readonly steps: number } =>
  ({ name, steps, begin: () => ({ prefix: [] }), next: () => "stop" });

/** Whose runs they are. */
function turns(systematic: number, random: number, count: number): string {
  const [s, r] = [search("s", systematic), search("r", random)];
  const alternating = new RoundRobin([s, s, s, r]);
  return Array.from({ length: count }, () => {
    alternating.begin();
    const { name } = alternating;
    alternating.ended({ schedule: { length: name === "s" ? systematic : random } } as unknown as RunEnd);
    return name;
  }).join("");
}

it("short runs take turns by number", () => assert.equal(turns(40, 30, 12), "sssrsssrsssr"));

it("long ones by length: three turns of four, but twelve missed for each run", () => assert.equal(turns(6_000, 40, 12), "srrrrsrrrrsr"));

it("where all are long, by number again", () => {
  const all = turns(6_000, 6_000, 400);
  assert.ok(Math.abs(all.replaceAll("r", "").length - 300) <= 4, all);
});
