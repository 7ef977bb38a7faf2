import { Chan, go } from "unpark";
import { explore } from "unpark/testing";
import "unpark/vitest";
import { it } from "vitest";

/** Of two answers the first is taken; without room the other one is never taken by anybody. */
async function first(room: number): Promise<void> {
  const answers = new Chan<number>(room);
  for (const answer of [1, 2]) go(() => answers.send(answer));
  await answers.recv();
}

it("gives back", () => explore(() => first(0)));
it("has room", () => explore(() => first(1)));
