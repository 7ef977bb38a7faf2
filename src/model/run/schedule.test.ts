import assert from "node:assert/strict";
import { describe, it } from "node:test";
import fc from "fast-check";
import type { Choice } from "./choice.js";
import { goChoice, meetChoice } from "./choice.js";
import { goroutineName } from "../ids.js";
import { formatSchedule, parseSchedule } from "./schedule.js";

const name = fc.constantFrom("1", "1.1", "1.2.1", "0.3", "1.t1.1").map(goroutineName);
const index = fc.option(fc.integer({ min: -1, max: 3 }), { nil: undefined });
const choice: fc.Arbitrary<Choice> = fc.oneof(
  fc.tuple(name, index).map(([who, which]) => goChoice(who, which)),
  fc.tuple(name, index, name, index).map(([a, i, b, j]) => meetChoice(a, i, b, j)),
  fc.tuple(name, fc.nat(9)).map(([who, value]): Choice => ({ kind: "value", goroutine: who, value })),
  fc.constant<Choice>({ kind: "clock" }),
);

describe("the printable schedule", () => {
  it("writes repetitions once", () => {
    const [a, b]: readonly Choice[] = [goChoice(goroutineName("1")), { kind: "clock" }];
    const table: readonly [readonly Choice[], string][] = [
      [[], "u1"],
      [[a!, a!, a!], "u1 1*3"],
      [[a!, b!, a!, b!], "u1 1 @ 1 @"],
      [[a!, b!, a!, b!, a!, b!], "u1 (1 @)*3"],
      [[goChoice(goroutineName("1.2"), -1), meetChoice(goroutineName("1"), 0, goroutineName("1.1"), undefined)], "u1 1.2/d 1/0>1.1"],
    ];
    for (const [schedule, text] of table) assert.equal(formatSchedule(schedule), text);
  });

  it("comes back from its text", () => {
    const repeated = fc.array(fc.tuple(fc.array(choice, { maxLength: 4 }), fc.integer({ min: 1, max: 5 })), { maxLength: 6 });
    fc.assert(
      fc.property(repeated, (groups) => {
        const schedule = groups.flatMap(([group, times]) => Array.from({ length: times }, () => group).flat());
        const back = parseSchedule(formatSchedule(schedule));
        assert.ok(back.ok);
        assert.deepEqual(back.value, schedule);
      }),
    );
  });

  it("says where it is corrupt", () => {
    const table: readonly [string, RegExp][] = [
      ["", /begins with ''/],
      ["u2 1", /begins with 'u2'/],
      ["u1 1 nonsense", /at word 3: 'nonsense' is not a choice/],
      ["u1 (1 @", /'\(' without '\)'/],
      ["u1 1 @)*3", /at word 3: '\)' without '\('/],
      ["u1 (1 (1 @)*2)*2", /group within a group/],
      ["u1 1*99999999", /more than/],
    ];
    for (const [text, message] of table) {
      const parsed = parseSchedule(text);
      assert.ok(!parsed.ok);
      assert.match(parsed.error, message);
    }
  });
});
