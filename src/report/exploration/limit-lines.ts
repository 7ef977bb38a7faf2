import type { Examination } from "../../model/results/examination.js";
import { count, number } from "./verdict-words.js";

/** One limit in full; of several the first, and how many they are. */
export const limitLines = (limits: readonly string[], verbose: boolean): readonly string[] =>
  limits.length <= 1 || verbose ? limits.map((limit) => `limit: ${limit}`) : [`limits: ${limits.length} (-v); the first: ${limits[0]}`];

/** Each limit once, with the tests that it is of, or the packages: `TestA and 2 more: it does not end by itself …`. */
export function namedLimits(examinations: readonly Examination[], isSaid: (limit: string) => boolean): readonly string[] {
  const explored = examinations.filter(({ coverage }) => !coverage.native);
  return [...new Set(examinations.flatMap((one) => one.limits))].filter(isSaid).map((limit) => `${whose(limit, explored)}${limit}`);
}

/** Empty where the limit is every test's, or says itself of whom it is. */
function whose(limit: string, explored: readonly Examination[]): string {
  const own = explored.filter((one) => one.limits.includes(limit));
  const packages = [...new Set(own.map((one) => one.package))];
  const isOfPackages = own.length > 1 && explored.every((one) => !packages.includes(one.package) || own.includes(one));
  const [name] = isOfPackages ? packages : own.map((one) => one.name);
  if (name === undefined || own.length === explored.length || own[0]!.name === own[0]!.package || own.some((one) => limit.includes(one.name)) || (isOfPackages && packages.some((path) => limit.includes(path)))) return "";
  const others = (isOfPackages ? packages : own).length - 1;
  return `${name}${others > 0 ? ` and ${isOfPackages ? count(others, "more package") : `${number(others)} more`}` : ""}: `;
}
