import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { err, ok, type Result } from "../../base/result.js";
import { fitting, jsonOf } from "../answer.js";
import { numberOf, textOf } from "../arguments.js";
import { REPORT_CUTS } from "../bounded.js";
import { chooseFinding } from "../explorations.js";
import type { Arguments, CommandEnd, Tool, ToolContext } from "../tool.js";

export const replaySchedule: Tool = {
  name: "replay_schedule",
  title: "Replay a schedule",
  description:
    "Builds the test again and does one recorded schedule of it, with every step: of a finding of an exploration, or a schedule in words (it begins with u1) with its package and test. " +
    "After a repair: the replay names the step at which the schedule does not fit any more, or the finding is gone; explore_test says whether another schedule still shows it.",
  inputSchema: {
    type: "object",
    properties: {
      finding: { type: "integer", description: "its number in explore_test's list", minimum: 1 },
      exploration: { type: "integer", description: "the exploration's number (the newest)", minimum: 1 },
      schedule: { type: "string", description: "instead: a schedule, as a finding has it", pattern: "^u\\d+e?( |$)" },
      package: { type: "string", description: "of a schedule: its package", pattern: "^[^-]" },
      test: { type: "string", description: "of a schedule: its test" },
    },
    additionalProperties: false,
  },
  readOnly: false,
  async call(args, context) {
    const end = await replay(args, context);
    if (!end.ok) return end;
    const json = jsonOf(end.value);
    return json.ok ? ok({ exit: end.value.exit, ...fitting("report", json.value, REPORT_CUTS) }) : json;
  },
};

async function replay(args: Arguments, { run, explorations }: ToolContext): Promise<Result<CommandEnd, string>> {
  const schedule = textOf(args, "schedule");
  if (schedule !== undefined) {
    const [path, test] = [textOf(args, "package"), textOf(args, "test")];
    if (path === undefined) return err("a schedule alone does not say which program it is of: give its package, and its test");
    return ok(await run(["replay", "--json", ...(test === undefined ? [] : [`--test=${test}`]), schedule, path]));
  }
  const kept = explorations.find(numberOf(args, "exploration"));
  if (!kept.ok) return kept;
  const finding = chooseFinding(kept.value.json, numberOf(args, "finding"));
  if (!finding.ok) return finding;
  const folder = mkdtempSync(join(tmpdir(), "unpark-mcp-"));
  try {
    const file = join(folder, "report.json");
    writeFileSync(file, kept.value.json, { mode: 0o600 });
    return ok(await run(["replay", "--json", `--finding=${finding.value.number}`, file]));
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
