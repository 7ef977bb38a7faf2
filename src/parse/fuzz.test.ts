import assert from "node:assert/strict";
import { test } from "node:test";
import { Prng } from "../base/prng.js";
import { parseBytes } from "./parse.js";
import { fixture } from "./testing/dump-fixtures.js";

/**
 * Mutated dumps: never a crash, never a hang (the suite would not end), never a silent loss. 300 mutants of each
 * fixture, each of 1 to 4 random edits; a failure names the seed.
 */
const FILES = ["zoo.debug2.txt", "zoo.debug1.txt", "zoo.pb.gz", "system.txt", "ancestors.txt", "panic.txt", "race.txt"];
const JUNK = ["INFO hello (3 ms)", "\tat com.example.Foo(Foo.java:12)", "goroutine x [", "...", "created by", "\t", "{\"level\":\"info\"}", "goroutine 5 [running]:", "panic: again"];

function mutate(bytes: Buffer, random: Prng): Buffer {
  let out = bytes;
  for (let edits = 1 + random.below(4); edits > 0; edits--) {
    const at = random.below(out.length + 1);
    const to = Math.min(out.length, at + random.below(200));
    switch (random.below(6)) {
      case 0: // cut out
        out = Buffer.concat([out.subarray(0, at), out.subarray(to)]);
        break;
      case 1: // twice
        out = Buffer.concat([out.subarray(0, to), out.subarray(at)]);
        break;
      case 2: // cut off
        out = out.subarray(0, at);
        break;
      case 3: // a byte changed
        out = Buffer.from(out);
        if (at < out.length) out[at] = random.below(256);
        break;
      case 4: // a foreign line
        out = Buffer.concat([out.subarray(0, at), Buffer.from(`\n${JUNK[random.below(JUNK.length)]}\n`), out.subarray(at)]);
        break;
      default: // line ends of another system
        out = Buffer.from(out.toString("latin1").replaceAll("\n", random.below(2) === 0 ? "\r\n" : "\n"), "latin1");
    }
  }
  return out;
}

for (const file of FILES) {
  test(`mutants of ${file}`, () => {
    const original = fixture(`go1.26.8/${file}`);
    for (let seed = 0; seed < 300; seed++) {
      const bytes = mutate(original, new Prng(seed));
      const parsed = parseBytes(bytes, { source: "mutant" });
      if (!parsed.ok) {
        assert.ok(JSON.stringify(parsed.error).length > 20, `seed ${seed}`);
        continue;
      }
      if (file.endsWith(".pb.gz") || file.includes("debug1")) continue;
      accountsFor(bytes.toString("latin1"), parsed.value, `seed ${seed}`);
    }
  });
}

type Parsed = Extract<ReturnType<typeof parseBytes>, { ok: true }>["value"];

/** D2, and the same for frames: what is in the text is in a snapshot, outside, or spoken of. */
function accountsFor(text: string, { snapshots, outside }: Parsed, seed: string): void {
  const lines = text.split("\n").map((line) => line.replace(/\r$/, ""));
  const cut = lines[lines.length - 1] === "" ? 0 : 1; // a last line without an end may be part of anything; it is said
  const headers = lines.filter((line) => /^goroutine \d+ .*\[[^\]]*\]:$/.test(line)).length;
  const goroutines = snapshots.reduce((n, s) => n + s.goroutines.length, 0);
  const losses = snapshots.flatMap((s) => s.losses);
  assert.ok(goroutines + losses.length + cut >= headers, `${seed}: ${headers} headers, ${goroutines} goroutines, losses ${losses.join("; ")}`);
  if (losses.length > 0) return;
  const locations = lines.filter((line) => /^\t\S.*:\d+( \+0x[0-9a-f]+)?( fp=.*)?$/.test(line)).length;
  const kept = snapshots.flatMap((s) => s.goroutines).flatMap((g) => [g, ...(g.ancestors ?? [])]).reduce((n, g) => n + g.stack.filter((f) => f.file !== "").length + (g.createdBy?.file ? 1 : 0), 0);
  assert.ok(kept + outside.lines >= locations, `${seed}: ${locations} locations, ${kept} frames, ${outside.lines} lines outside`);
}
