import { relative } from "node:path";
import type { Conversion, MigratedUse, Migration } from "../../model/results/migration.js";
import { plain, type Style } from "../shared/style.js";
import { count } from "../exploration/verdict-words.js";

/** What a repository's use of goleak becomes, use by use; the change of the settings is data by itself. */
export function migrationText({ uses, files, broken, diff, written, root, settings }: Migration, { cwd, style = plain }: { readonly cwd: string; readonly style?: Style }): string {
  const place = (file: string): string => relative(cwd, file) || file;
  if (uses.length === 0) return `goleak is not used in the ${count(files, "Go file")} below ${relative(cwd, root) || "."}${brokenWords(broken, place)}\n`;
  const of = (...kinds: readonly Conversion["kind"][]): readonly MigratedUse[] => uses.filter(({ becomes }) => kinds.includes(becomes.kind));
  const block = (title: string, some: readonly MigratedUse[]): readonly string[] => (some.length === 0 ? [] : [style.bold(title), ...folded(some).map(([use, more]) => `  ${place(use.file)}:${use.line}${more > 0 ? ` (and ${count(more, "line")} more)` : ""}  ${words(use)}`), ""]);
  const numbers = [
    `${count(uses.length, "use")} of goleak in ${count(new Set(uses.map(({ file }) => file)).size, "file")}`,
    `${of("needless").length} done by \`unpark test\` as it is`,
    `${of("ignore", "there").length} as entries of .unpark.yaml`,
    `${of("not").length} not converted`,
  ];
  const changed = diff === "" ? [`Nothing is to be changed in ${place(settings)}.`] : [written ? `${place(settings)} is written.` : `The patch of ${place(settings)} is on stdout; --write writes it.`, "Each entry needs a last day: it is a year from now, unless --expires says another."];
  return [
    ...block("Done by `unpark test` as it is:", of("needless")),
    ...block("Entries of .unpark.yaml:", of("ignore", "there")),
    ...(uses.some(({ name, becomes }) => name === "IgnoreTopFunction" && becomes.kind === "ignore") ? ["`stack:` fits a function anywhere on the stack; IgnoreTopFunction is of its top alone, so these entries are a little wider.", ""] : []),
    ...block("Not converted:", of("not")),
    `${numbers.join(": ").replace(/: (?=\d+ (as|not))/g, ", ")}.${brokenWords(broken, place)}`,
    ...changed,
    "goleak fails for whatever still runs; `unpark test --strict` (strict: true) does so, too. Without it what something can still wake is a note.",
  ].join("\n") + "\n";
}

/** What is said of several lines of a file is said once. */
function folded(uses: readonly MigratedUse[]): readonly (readonly [first: MigratedUse, more: number])[] {
  const alike = new Map<string, [MigratedUse, number]>();
  for (const use of uses) {
    const key = JSON.stringify([use.file, words(use)]);
    const before = alike.get(key);
    if (before === undefined) alike.set(key, [use, 0]);
    else before[1]++;
  }
  return [...alike.values()];
}

function words({ name, value, becomes }: MigratedUse): string {
  const what = `${name}${value === undefined ? "" : ` ${value}`}`;
  if (becomes.kind === "ignore") {
    const { test, package: path } = becomes.entry;
    const scope = test !== undefined ? `of ${test}` : path !== undefined ? `of ${path}` : "of every package";
    return `${what}: ${scope}`;
  }
  return becomes.kind === "there" ? `${what}: is there already` : `${what}: ${becomes.why}`;
}

const brokenWords = (broken: readonly string[], place: (file: string) => string): string => (broken.length === 0 ? "" : ` Not read, for ${broken.length === 1 ? "it does" : "they do"} not parse: ${broken.map(place).join(", ")}.`);
