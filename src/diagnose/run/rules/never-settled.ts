import { at } from "../../../model/source/blame.js";
import type { Frame, Stack } from "../../../model/goroutine/stack.js";
import type { Rule } from "../rule.js";

/** Awaits that are told of a chain. */
const MOST = 4;

export const neverSettled: Rule = {
  code: "never-settled",
  doc: "An await of ordinary code, whose promise nothing can settle any more: the engine's collector freed it.",
  run({ awaits, unreachable }) {
    if (awaits === undefined || unreachable !== true) return undefined;
    const { madeAt, inside, awaitedBy, calledByPackage, takers } = awaits;
    return [
      `nothing that could settle the promise that it awaits is reachable any more${origin(madeAt, inside)}`,
      ...(calledByPackage === undefined || inside === undefined ? [] : [`the code that waits for ${inside} was itself called by ${inside} (${at(calledByPackage)})`]),
      ...takers.slice(0, MOST).map((frame) => `${name(frame)} was answered by ${inside} at ${at(frame)} before, and has ended since`),
      ...(awaitedBy.length === 0 ? [] : [`waited for in turn by ${awaitedBy.slice(0, MOST).map((frame) => `${name(frame)} (${at(frame)})`).join(", by ")}`]),
    ];
  },
};

/** Who made it: the package's line, and that of the user's which called it. */
function origin(madeAt: Stack, inside: string | undefined): string {
  const [first] = madeAt;
  if (first === undefined) return "";
  const caller = madeAt.at(-1)!;
  return inside === undefined ? `; it was made at ${at(first)}` : `; it was made inside ${inside} (${at(first)})${caller === first ? "" : `, called at ${at(caller)}`}`;
}

const name = ({ function: symbol }: Frame): string => symbol.replace(/^main\./, "");
