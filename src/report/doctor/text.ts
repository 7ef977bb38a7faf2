import type { Check, Checkup } from "../../model/results/checkup.js";
import { safeText } from "../shared/safe-text.js";
import { plain, type Style } from "../shared/style.js";

const MARKS: Readonly<Record<Check["state"], string>> = { fine: "ok", slow: "note", broken: "FAIL" };

/** A line for each thing that was looked at, and what follows of all. */
export const doctorText = (checkup: Checkup, style: Style = plain): string => safeText(checkup, ({ checks }) => {
  const paint: Readonly<Record<Check["state"], (text: string) => string>> = { fine: (text) => text, slow: style.note, broken: style.bad };
  const rows = checks.map(({ subject, state, words }) => `${paint[state](MARKS[state].padEnd(4))}  ${subject.padEnd(7)}  ${words.replaceAll("\n", "\n               ")}`);
  const broken = checks.filter(({ state }) => state === "broken").map(({ subject }) => subject);
  return `${[...rows, "", broken.length === 0 ? "Unpark can work here." : `Unpark cannot work here before this is mended: ${broken.join(", ")}.`].join("\n")}\n`;
});
