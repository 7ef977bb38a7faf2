import { optional } from "../../base/optional.js";
import { err, ok, type Result } from "../../base/result.js";
import type { OutletOptions } from "../../pipeline/services/outlets.js";
import { DEFAULT_GROUP_SERIES } from "../../pipeline/services/measures.js";
import type { FlagSpecs, Flags } from "./flags.js";
import { complain, type Io } from "../io.js";
import { version } from "../version.js";

/** Where the results of watch and serve go beside the screen. */
export const OUTLET_FLAGS = {
  "metrics-groups": { type: "string", usual: "20", value: "N", help: "at most N groups of each target in the metrics (20); the others are counted together" },
  webhook: { type: "string", never: "its address is a secret, as a rule; give it in UNPARK_WEBHOOK", value: "URL", help: "post alerts there, as Alertmanager does (UNPARK_WEBHOOK; a bearer token in UNPARK_WEBHOOK_TOKEN)" },
  otlp: { type: "string", never: "what is watched goes there; give it on the command line, or as UNPARK_OTLP", value: "URL", help: "post events there as OpenTelemetry's logs: http://collector:4318/v1/logs (UNPARK_OTLP; a bearer token in UNPARK_OTLP_TOKEN)" },
  pyroscope: { type: "string", never: "what is watched goes there; give it on the command line, or as UNPARK_PYROSCOPE", value: "URL", help: "push each look there as a goroutine profile: http://pyroscope:4040 (UNPARK_PYROSCOPE; a bearer token in UNPARK_PYROSCOPE_TOKEN)" },
} as const satisfies FlagSpecs;

export function outletOptions(flags: Flags<typeof OUTLET_FLAGS>["flags"], io: Io): Result<Omit<OutletOptions, "metrics">, string> {
  const groupSeries = Number(flags["metrics-groups"] ?? DEFAULT_GROUP_SERIES);
  if (!Number.isSafeInteger(groupSeries) || groupSeries < 0 || groupSeries > 1000) return err(`--metrics-groups: '${flags["metrics-groups"]}' is not a number from 0 to 1000`);
  const post = (name: "webhook" | "otlp" | "pyroscope"): NonNullable<OutletOptions["webhook"]> | undefined => {
    const variable = `UNPARK_${name.toUpperCase()}`;
    const url = flags[name] ?? io.env[variable];
    return url ? { url, token: io.env[`${variable}_TOKEN`] || undefined, onTrouble: (sentence, inARow) => tell(`${name} ${sentence}`, inARow, io) } : undefined;
  };
  return ok({ version: version(), groupSeries, ...optional({ webhook: post("webhook"), otlp: post("otlp"), pyroscope: post("pyroscope") }) });
}

/** The first failure, then ever more seldom. */
function tell(sentence: string, inARow: number, io: Io): void {
  if ((inARow & (inARow - 1)) === 0) complain(io, sentence);
}

export function undelivered(count: number, io: Io): void {
  if (count > 0) complain(io, `${count === 1 ? "1 alert, event or profile was" : `${count} alerts, events and profiles were`} not delivered (--webhook, --otlp, --pyroscope)`);
}
