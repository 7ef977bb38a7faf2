import { CHANNEL_CASES } from "./fix-cases/channels.js";
import { CLOSE_CASES } from "./fix-cases/closes.js";
import { CONTEXT_CASES } from "./fix-cases/contexts.js";
import { END_CASES } from "./fix-cases/ends.js";
import { LOCK_CASES } from "./fix-cases/locks.js";
import { RESOURCE_CASES } from "./fix-cases/resources.js";
import { WAIT_GROUP_CASES } from "./fix-cases/wait-groups.js";
import type { FixCase } from "./fix-cases/fix-case.js";

export const FIX_CASES: readonly FixCase[] = [...CHANNEL_CASES, ...CLOSE_CASES, ...CONTEXT_CASES, ...LOCK_CASES, ...WAIT_GROUP_CASES, ...END_CASES, ...RESOURCE_CASES];
