import { number } from "../../base/numerals.js";
import { asPrinted } from "./failed-tests.js";

/** A line as it is printed, and the lines of go test's that it stands for besides. */
export interface ToldLine {
  readonly text: string;
  readonly behind: readonly string[];
}

/** Of what go test prints of failed tests: those that fail with the same words are told once, with the names of the others. */
export function alikeTogether(lines: readonly string[]): readonly ToldLine[] {
  const blocks = blocksOf(lines);
  const groups = new Map<string, Block[]>();
  for (const block of blocks) {
    const words = block.name === undefined ? "" : failureWords(block.name, block.lines);
    const key = words === "" ? `${groups.size}` : `${block.indent} ${words}`;
    groups.set(key, [...(groups.get(key) ?? []), block]);
  }
  return [...groups.values()].flatMap(([first, ...others]) => [
    ...entriesOnce(first!.lines),
    ...(others.length === 0 ? [] : [{ text: `${" ".repeat(first!.indent + 4)}${alsoWords(others)}`, behind: others.flatMap((one) => one.lines) }]),
  ]);
}

/** A loop asserts the same again and again: what a test has said in the same line already stands there once, with how often. */
function entriesOnce(lines: readonly string[]): readonly ToldLine[] {
  const told: { readonly said: readonly string[]; readonly again: string[] }[] = [];
  const asserted = new Map<string, (typeof told)[number]>();
  for (const said of entriesOf(lines)) {
    const key = said.join("\n");
    const before = asserted.get(key);
    if (before !== undefined) {
      before.again.push(...said);
      continue;
    }
    const one = { said, again: [] };
    told.push(one);
    if (ENTRY.test(said[0]!)) asserted.set(key, one);
  }
  return told.flatMap(({ said, again }) => {
    const times = again.length / said.length;
    return [...said.map((text) => ({ text, behind: [] })), ...(times === 0 ? [] : [{ text: `${/^\s*/.exec(said[0]!)![0]}… ${times === 1 ? "and once more" : `and ${number(times)} times more`}`, behind: again }])];
  });
}

/** `    x_test.go:12: what it says`, and the lines further to the right of it. */
const ENTRY = /^\s+\S+\.go:\d+: /;

function entriesOf(lines: readonly string[]): readonly (readonly string[])[] {
  const entries: string[][] = [];
  let indent = -1;
  for (const line of lines) {
    const depth = /^ */.exec(line)![0].length;
    if (indent >= 0 && depth > indent && !ENTRY.test(line)) entries.at(-1)!.push(line);
    else {
      entries.push([line]);
      indent = ENTRY.test(line) ? depth : -1;
    }
  }
  return entries;
}

/** What a failed test says, without where, without names, and without numbers drawn at random: tests that say the same fail for the same reason. */
export function failureWords(name: string, lines: readonly string[]): string {
  const said = lines.filter((line) => !/^\s*(--- |=== |FAIL\b|PASS\b|exit status )/.test(line));
  return said.map((line) => line.replaceAll(asPrinted(name), "").replace(/\S+\.go:\d+/g, "").replace(/\b[0-9a-f]{8,}\b/g, "#").trim()).filter((line) => line !== "").join("\n");
}

/** The lines of one failed test, without those of its subtests; or a line that is of none. */
interface Block {
  readonly name?: string;
  readonly indent: number;
  readonly lines: string[];
}

function blocksOf(lines: readonly string[]): readonly Block[] {
  const blocks: Block[] = [];
  for (const line of lines) {
    const head = /^(\s*)--- FAIL: (\S+) \(/.exec(line);
    const last = blocks.at(-1);
    if (head) blocks.push({ name: head[2]!, indent: head[1]!.length, lines: [line] });
    else if (last?.name !== undefined && line.startsWith(" ".repeat(last.indent + 4)) && !/^\s*--- /.test(line)) last.lines.push(line);
    else blocks.push({ indent: 0, lines: [line] });
  }
  return blocks;
}

/** `… so do 27 more: TestConn/b, TestConn/c, …` */
function alsoWords(others: readonly Block[]): string {
  const names = others.slice(0, MOST_NAMES).map(({ name }) => name).join(", ");
  return `… ${others.length === 1 ? "so does" : `so do ${number(others.length)} more:`} ${names}${others.length > MOST_NAMES ? ", …" : ""}`;
}

const MOST_NAMES = 3;
