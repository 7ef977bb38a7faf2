import { existsSync, readFileSync } from "node:fs";
import type { Runner } from "./js-project.js";

/** The words by which a runner writes, beside what it prints, which tests passed; none of its own limits of time. */
export function resultWords(runner: Runner, file: string): readonly string[] {
  switch (runner) {
    case "vitest": return ["--reporter=default", "--reporter=json", `--outputFile.json=${file}`, "--testTimeout=3600000"];
    case "jest": return ["--json", `--outputFile=${file}`, "--testTimeout=3600000"];
    case "node": return ["--test-reporter=spec", "--test-reporter-destination=stderr", "--test-reporter=tap", `--test-reporter-destination=${file}`];
  }
}

interface JestResults {
  readonly testResults: readonly { readonly assertionResults: readonly { readonly fullName: string; readonly status: string }[] }[];
}

/** The names of the tests that passed; a name that another has, too, counts once for each. */
export function passedTests(runner: Runner, file: string): readonly string[] {
  if (!existsSync(file)) return [];
  const text = readFileSync(file, "utf8");
  if (runner === "node") return numbered([...text.matchAll(/^( *)(not ok|ok) \d+ - (.*?)(?: # (SKIP|TODO).*)?$/gm)].filter(([, , word, , left]) => word === "ok" && left === undefined).map(([, , , name]) => name!));
  const { testResults } = JSON.parse(text) as JestResults;
  return numbered(testResults.flatMap(({ assertionResults }) => assertionResults).filter(({ status }) => status === "passed").map(({ fullName }) => fullName));
}

function numbered(names: readonly string[]): readonly string[] {
  const seen = new Map<string, number>();
  return names.map((name) => {
    const number = (seen.get(name) ?? 0) + 1;
    seen.set(name, number);
    return number === 1 ? name : `${name} (${number})`;
  });
}
