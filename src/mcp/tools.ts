import { exploreTest } from "./tools/explore-test.js";
import { explainFinding } from "./tools/explain-finding.js";
import { inspectDump } from "./tools/inspect-dump.js";
import { replaySchedule } from "./tools/replay-schedule.js";
import type { Tool } from "./tool.js";

/** The tools, in the order in which they are listed. */
export const TOOLS: readonly Tool[] = [exploreTest, explainFinding, replaySchedule, inspectDump];
