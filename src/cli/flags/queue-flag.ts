import type { QueueRequest } from "../../pipeline/go/explore-request.js";
import { publicName } from "../../model/public-name.js";
import { spellOutLines } from "../../base/spell-out.js";
import { withoutCommands } from "../../report/shared/safe-text.js";
import type { FlagSpec } from "./flags.js";
import type { Io } from "../io.js";

export const QUEUE_FLAG = {
  type: "string",
  never: "modules and what lies beside them go to it; give it on the command line, or as UNPARK_QUEUE",
  value: "URL",
  help: "share the work with every 'unpark worker' on this NATS server: nats://host:4222, tls://… (docs/fleet.md; also UNPARK_QUEUE)",
} as const satisfies FlagSpec;

/** The queue that was asked for. What is told of it goes to stderr. */
export function queueOf(flag: string | undefined, io: Io): QueueRequest | undefined {
  const url = flag ?? io.env["UNPARK_QUEUE"];
  return url === undefined || url === "" ? undefined : { url, say: (words) => tell(words, io) };
}

/** A sentence on stderr. */
export const tell = (words: string, io: Io): void => io.stderr.write(withoutCommands(`unpark: ${spellOutLines(publicName(words))}\n`));
