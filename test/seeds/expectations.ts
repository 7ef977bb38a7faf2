// Reads what the example programs expect of Unpark from their comments; the grammar is in examples/go/README.md.
// What does not fit the grammar is an error: an expectation that is silently not read is a test that cannot fail.
import { err, ok, type Result } from "../../src/base/result.js";
import { CAUSES, type Cause } from "../../src/model/finding/cause.js";
import { VERDICTS, type Verdict } from "../../src/model/finding/finding.js";

export interface SourceFile {
  readonly path: string;
  readonly text: string;
}

/** A finding that must be there, at this line, for this number of goroutines. */
export interface Want {
  readonly verdict: Verdict;
  /** Undefined for verdicts that have none (a panic). */
  readonly cause: Cause | undefined;
  readonly goroutines: number;
  readonly file: string;
  readonly line: number;
}

export interface Note {
  readonly verdict: Verdict;
  readonly goroutines: number;
}

/** One line of the natural schedule's output; `rest` stands for any number of lines. */
export type Printed =
  | { readonly kind: "line"; readonly text: string }
  | { readonly kind: "pattern"; readonly pattern: RegExp }
  | { readonly kind: "rest" };

/** What is expected of one test, or of one run of main with its arguments. */
export interface Expectation {
  readonly kind: "main" | "test";
  /** `main`, the arguments of main as one text, or the test's name. */
  readonly label: string;
  readonly args: readonly string[];
  readonly neverEnds: boolean;
  readonly outcome: string | undefined;
  readonly printed: readonly Printed[];
  /** Empty: it must be clean. */
  readonly wants: readonly Want[];
  readonly notes: readonly Note[];
}

/** What is expected of one package, from its files; an error names file and line. */
export function readExpectations(files: readonly SourceFile[]): Result<readonly Expectation[], string> {
  const drafts: Draft[] = [];
  const wants: DraftWant[] = [];
  try {
    for (const file of files) readFile(file, drafts, wants);
    for (const want of wants) attach(want, drafts);
    return ok(drafts.map(finish));
  } catch (error) {
    if (error instanceof Misfit) return err(error.message);
    throw error;
  }
}

class Misfit extends Error {}

interface Draft {
  kind: "main" | "test";
  label: string;
  where: string;
  args: readonly string[];
  neverEnds: boolean;
  clean: boolean;
  outcome: string | undefined;
  printed: Printed[];
  wants: Want[];
  notes: Note[];
}

interface DraftWant {
  readonly want: Want;
  readonly where: string;
  /** Undefined: every run of main that is not clean. */
  readonly labels: readonly string[] | undefined;
}

interface Directive {
  readonly where: string;
  readonly word: string;
  readonly rest: string;
}

const DIRECTIVE = /^\/\/ (unpark|prints|matches|verdict|note|outcome):(?: (.*))?$/;
const TEST = /^func (Test\w*)\(\w+ \*testing\.T\)/;

function readFile(file: SourceFile, drafts: Draft[], wants: DraftWant[]): void {
  const fileWide: Directive[] = [];
  const own: Draft[] = [];
  let block: Directive[] = [];
  let test: string | undefined;
  let isMain = false;
  file.text.split("\n").forEach((line, index) => {
    const where = `${file.path}:${index + 1}`;
    const directive = DIRECTIVE.exec(line);
    if (directive) block.push({ where, word: directive[1]!, rest: directive[2] ?? "" });
    if (line.startsWith("//")) return;
    const testName = TEST.exec(line)?.[1];
    if (line.startsWith("package ")) fileWide.push(...block);
    else if (testName !== undefined) own.push(draftOf("test", (test = testName), where, block));
    else if (block.length > 0) throw new Misfit(`${block[0]!.where}: a directive stands before 'package' or a test only`);
    block = [];
    if (line.startsWith("func main()")) isMain = true;
    wants.push(...readWants(line, file.path, index + 1, test));
    if (line === "}") test = undefined;
  });
  if (file.path.endsWith("_test.go")) for (const draft of own) for (const each of fileWide) apply(draft, each);
  else if (isMain) own.push(...runsOfMain(fileWide, `${file.path}:1`));
  drafts.push(...own);
}

/** `unpark: args` begins another run; a service (`unpark: live`) has none. */
function runsOfMain(directives: readonly Directive[], where: string): Draft[] {
  if (directives.some(({ word, rest }) => word === "unpark" && rest === "live")) return [];
  const runs: Draft[] = [];
  for (const directive of directives) {
    const args = directive.word === "unpark" ? /^args(?: (.*))?$/.exec(directive.rest) : null;
    if (args) {
      const run = draftOf("main", args[1] ?? "main", directive.where, []);
      run.args = args[1]?.split(" ") ?? [];
      runs.push(run);
    } else {
      if (runs.length === 0) runs.push(draftOf("main", "main", where, []));
      apply(runs.at(-1)!, directive);
    }
  }
  return runs.length > 0 ? runs : [draftOf("main", "main", where, [])];
}

function draftOf(kind: Draft["kind"], label: string, where: string, directives: readonly Directive[]): Draft {
  const draft: Draft = {
    kind, label, where, args: [], neverEnds: false, clean: false, outcome: undefined, printed: [], wants: [], notes: [],
  };
  for (const directive of directives) apply(draft, directive);
  return draft;
}

function apply(draft: Draft, { where, word, rest }: Directive): void {
  switch (word) {
    case "prints":
      draft.printed.push(rest === "…" ? { kind: "rest" } : { kind: "line", text: rest });
      return;
    case "matches":
      draft.printed.push({ kind: "pattern", pattern: new RegExp(`^(?:${rest})$`) });
      return;
    case "outcome":
      draft.outcome = rest;
      return;
    case "note": {
      const note = /^(\S+) x(\d+)$/.exec(rest);
      if (!note) throw new Misfit(`${where}: a note reads 'cut-short x1'`);
      draft.notes.push({ verdict: verdictOf(note[1]!, where), goroutines: Number(note[2]) });
      return;
    }
    case "verdict":
      if (rest !== "clean") throw new Misfit(`${where}: the only verdict of a whole program is 'clean'`);
      draft.clean = true;
      return;
    default:
      if (rest !== "never-ends") throw new Misfit(`${where}: 'unpark:' knows 'args', 'never-ends' and 'live'`);
      draft.neverEnds = true;
  }
}

const WANT = /^want(?:\(([^)]+)\))?: (\S+)(?: ([a-z-]+))? x([1-9]\d*)$/;

function readWants(line: string, file: string, number: number, test: string | undefined): DraftWant[] {
  const at = line.search(/\/\/ want\b/);
  if (at < 0) return [];
  const where = `${file}:${number}`;
  return line.slice(at + 3).split("; ").map((text) => {
    const match = WANT.exec(text);
    if (!match) throw new Misfit(`${where}: '${text}' does not read 'want(LABELS): VERDICT CAUSE xN'`);
    const [, labels, verdict, cause, goroutines] = match;
    return {
      where,
      labels: labels?.split(", ") ?? (test === undefined ? undefined : [test]),
      want: {
        verdict: verdictOf(verdict!, where),
        cause: cause === undefined ? undefined : causeOf(cause, where),
        goroutines: Number(goroutines), file, line: number,
      },
    };
  });
}

function attach({ want, where, labels }: DraftWant, drafts: readonly Draft[]): void {
  const takers = labels
    ? labels.map((label) => {
        const draft = drafts.find((d) => d.label === label);
        if (!draft) throw new Misfit(`${where}: no test and no run of main is called '${label}'`);
        if (draft.clean) throw new Misfit(`${where}: '${label}' is said to be clean at ${draft.where}`);
        return draft;
      })
    : drafts.filter((d) => d.kind === "main" && !d.clean);
  if (takers.length === 0) throw new Misfit(`${where}: say which test wants this: 'want(TestName): …'`);
  for (const taker of takers) taker.wants.push(want);
}

function finish(draft: Draft): Expectation {
  const { where, clean, ...rest } = draft;
  if (!clean && rest.wants.length === 0) {
    throw new Misfit(`${where}: '${rest.label}' wants nothing and is not said to be clean`);
  }
  return rest;
}

function verdictOf(word: string, where: string): Verdict {
  const verdict = VERDICTS.find((v) => v === word);
  if (!verdict) throw new Misfit(`${where}: '${word}' is no verdict (src/model/finding/finding.ts)`);
  return verdict;
}

function causeOf(word: string, where: string): Cause {
  const cause = CAUSES.find((c) => c === word);
  if (!cause) throw new Misfit(`${where}: '${word}' is no cause (src/model/finding/cause.ts)`);
  return cause;
}

/** Undefined if the output is as expected, else a sentence. No expectation at all means that nothing is printed. */
export function compareOutput(expected: readonly Printed[], output: string): string | undefined {
  const lines = output === "" ? [] : output.replace(/\n$/, "").split("\n");
  const fits = (i: number, j: number): boolean => {
    const want = expected[i];
    if (want === undefined) return j === lines.length;
    if (want.kind === "rest") {
      // A loop: an endless program may print ten thousand lines.
      for (let k = j; k <= lines.length; k++) if (fits(i + 1, k)) return true;
      return false;
    }
    const line = lines[j];
    if (line === undefined) return false;
    return (want.kind === "line" ? want.text === line : want.pattern.test(line)) && fits(i + 1, j + 1);
  };
  if (fits(0, 0)) return undefined;
  return `printed\n${indent(lines)}\nwhere expected\n${indent(expected.map(showPrinted))}`;
}

const indent = (lines: readonly string[]): string => lines.map((line) => `    ${line}`).join("\n");

function showPrinted(printed: Printed): string {
  if (printed.kind === "rest") return "…";
  return printed.kind === "line" ? printed.text : `/${printed.pattern.source}/`;
}
