import assert from "node:assert/strict";
import { test } from "node:test";
import { Prng } from "../base/prng.js";
import { parseBytes } from "./parse.js";
import { fixture, VERSIONS } from "./testing/dump-fixtures.js";

/**
 * An undercount without a word cannot happen: 10,000 texts, cut and mangled as copying and logging do it, are read and
 * counted again by a reader that shares nothing with the parser. Where the two differ, a loss must say so.
 */
const ROUNDS = 10_000;

interface Counted {
  readonly goroutines: number;
  readonly frames: number;
  readonly counts: number;
}

/** One regular expression a line, over the whole text; knows no states. */
function count(text: string): Counted {
  const plain = text.replace(/\u001b\[[0-9;]*m/g, "");
  let counts = 0;
  for (const [, n] of plain.matchAll(/(?:^|[\s|>])(\d+) @ 0x[0-9a-f]+/gm)) counts += Number(n);
  return {
    goroutines: [...plain.matchAll(/goroutine \d+ (?:gp=\S+ m=\S+ (?:mp=\S+ )?)?\[[^\]\n]*\](?: \{[^\n]*\})?:[ \t\r]*(?:$|<--)/gm)].length,
    frames: [...plain.matchAll(/\.(?:go|s):\d+(?: \+0x[0-9a-f]+)?(?: fp=\S+ sp=\S+ pc=\S+)?[ \t\r]*$/gm)].length,
    counts,
  };
}

const MANGLES: readonly ((text: string, random: Prng) => string)[] = [
  (text, random) => text.slice(random.below(text.length)),
  (text, random) => text.slice(0, random.below(text.length)),
  (text, random) => { const at = random.below(text.length); return text.slice(0, at) + text.slice(at + random.below(400)); },
  (text, random) => { const lines = text.split("\n"); lines.splice(random.below(lines.length), 0, ["INFO hello (3 ms)", "2026/01/02 03:04:05 served", "```", "## note", '{"level":"info"}', "db_1  | LOG: ready"][random.below(6)]!); return lines.join("\n"); },
  (text, random) => { const lines = text.split("\n"); lines.splice(random.below(lines.length), 1 + random.below(3)); return lines.join("\n"); },
  (text) => text.replaceAll("\n", "\r\n"),
  (text) => text.replaceAll("\t", "    "),
  (text) => text.split("\n").map((line) => line.trimStart()).join("\n"),
  (text) => text.split("\n").map((line) => line.padEnd(60)).join("\n"),
  (text) => text.replaceAll("\n", "\n\n"),
  (text) => text.split("\n").map((line) => `app_1  | ${line}`).join("\n"),
  (text) => text.split("\n").map((line, i) => `${i + 1} ${line}`).join("\n"),
  (text) => text.split("\n").map((line) => `> ${line}`.trimEnd()).join("\n"),
  (text) => text.split("\n").map((line, i) => `2026-01-02T03:04:05.${String(i).replace(/0+$/, "") || "1"}Z ${line}`).join("\n"),
  (text) => text.split("\n").map((line) => `\u001b[36mapp_1  |\u001b[0m ${line}`).join("\n"),
  (text) => `It hangs:\n\n\`\`\`\n${text.trimEnd()}\n\`\`\`\nWhy?\n`,
  (text) => text + text,
  (text, random) => { const at = text.indexOf("\n", random.below(text.length)); return at < 0 ? text : `${text.slice(0, at)}   <-- here${text.slice(at)}`; },
];

const TEXTS = VERSIONS.flatMap((version) => ["panic.txt", "deadlock.txt", "nil.txt", "zoo.debug1.txt", "ancestors.txt"].map((name) => fixture(`${version}/${name}`).toString("utf8")));

test(`${ROUNDS} mangled texts: what is not read is spoken of`, () => {
  let silent = 0;
  for (let seed = 1; seed <= ROUNDS; seed++) {
    const random = new Prng(seed);
    let text = TEXTS[random.below(TEXTS.length)]!;
    const used: number[] = [];
    for (let n = 1 + random.below(3); n > 0; n--) {
      const which = random.below(MANGLES.length);
      used.push(which);
      text = MANGLES[which]!(text, random);
    }
    const counted = count(text);
    const parsed = parseBytes(Buffer.from(text), { source: "mangled" });
    if (!parsed.ok) {
      // `12 3 @ 0x…` without a first line may be of a profile of blocking, too (cycles, count): to refuse it is no silence.
      const certain = counted.goroutines > 0 || /^(?!.*\d\s+\d+ @).*\d+ @ 0x/m.test(text);
      assert.ok(!certain || parsed.error.kind === "broken", `seed ${seed} (${used.join()}): refused although it holds ${JSON.stringify(counted)}: ${JSON.stringify(parsed.error)}`);
      continue;
    }
    const { snapshots, outside } = parsed.value;
    const losses = snapshots.flatMap((s) => s.losses);
    if (losses.length > 0) continue;
    silent++;
    const all = snapshots.flatMap((s) => s.goroutines);
    const read = all.reduce((n, g) => n + g.count, 0);
    assert.equal(read, counted.goroutines + counted.counts, `seed ${seed} (${used.join()}): ${read} read without a word, ${counted.goroutines} + ${counted.counts} counted`);
    if (counted.counts > 0) continue;
    const frames = all.flatMap((g) => [g, ...(g.ancestors ?? [])]).reduce((n, g) => n + g.stack.filter((f) => f.file !== "").length + (g.createdBy?.file ? 1 : 0), 0);
    assert.ok(frames + outside.lines >= counted.frames, `seed ${seed} (${used.join()}): ${frames} frames read without a word, ${counted.frames} counted, ${outside.lines} lines outside`);
  }
  assert.ok(silent > ROUNDS / 4, `${silent} texts were read without a loss`);
});
