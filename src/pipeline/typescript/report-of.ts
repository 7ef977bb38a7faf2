import type { Examination, Report } from "../../model/results/examination.js";

/** What could not be run is a failure of the report's, not something that was examined. */
export function reportOf(examinations: readonly Examination[]): Report {
  const cannot = examinations.filter(({ outcome }) => outcome === "unsupported");
  return {
    examinations: examinations.filter((one) => !cannot.includes(one)),
    failures: cannot.map(({ package: path, name, limits }) => ({ package: path, test: name, message: limits.join("\n") })),
  };
}
