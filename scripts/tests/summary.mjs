// What `npm test` says after the runner's own closing lines: which tests failed; with --times, where the time went.
import { relative } from "node:path";

/** Of an error's message: an assertion's difference begins after four lines. */
const LINES = 16;

/** `written`: what the reporter of outcomes.mjs wrote. */
export const parseOutcomes = (written) => written.split("\n").filter((line) => line !== "").map((line) => JSON.parse(line));

/** Nothing where all passed. */
export function failedTests(outcomes, root) {
  const failed = outcomes.filter(({ error }) => error !== undefined);
  if (failed.length === 0) return "";
  const entries = failed.map(({ file, line, names, error }) => {
    const where = `${relative(root, file)}${line > 1 ? `:${line}` : ""}`;
    const said = plain(error).split("\n").slice(0, LINES).map((text) => `      ${text}`.trimEnd());
    return `  ${where}\n    ${plain(names.map((name) => (name === file ? "the file itself" : name)).join(" > ")).replaceAll("\n", " ")}\n${said.join("\n")}\n`;
  });
  return `\nfailed: ${failed.length} ${failed.length === 1 ? "test" : "tests"}\n${entries.join("\n")}`;
}

/** Neither colours nor anything else that moves a terminal's cursor. */
const plain = (text) => text.replaceAll(/\u001b\[[\d;]*[A-Za-z]/g, "").replaceAll(/[\u0000-\u0009\u000b-\u001f\u007f-\u009f]/g, "");

/** Each file's time in seconds: of the wall while others ran beside it, and of processors, its own and its children's. */
export function slowestFiles(outcomes, cpuTimes, root) {
  const cpu = new Map(cpuTimes.map(({ file, own, children }) => [file, { own, children }]));
  const rows = outcomes.filter(({ milliseconds }) => milliseconds !== undefined).map(({ file, milliseconds }) => ({ file: relative(root, file), wall: milliseconds / 1000, own: 0, children: 0, ...cpu.get(file) }));
  const sum = (key) => rows.reduce((total, row) => total + row[key], 0);
  const all = { file: `${rows.length} files`, wall: sum("wall"), own: sum("own"), children: sum("children") };
  const row = ({ file, wall, own, children }) => `${[wall, own, children].map((seconds) => seconds.toFixed(1).padStart(9)).join("")}  ${file}\n`;
  return `\n     wall      cpu children\n${[all, ...rows.sort((a, b) => b.own + b.children - a.own - a.children || b.wall - a.wall)].map(row).join("")}`;
}
