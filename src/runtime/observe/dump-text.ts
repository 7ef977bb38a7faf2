import type { Creator, Goroutine, Snapshot } from "../../model/goroutine/snapshot.js";
import type { Frame } from "../../model/goroutine/stack.js";
import { runtimeSnapshot } from "./runtime-snapshot.js";
import { describeGroups } from "./stack-groups.js";

/**
 * Go's dump text (runtime/traceback.go, `goroutineheader`, `printcreatedby`): what a panic, SIGQUIT, `gops stack` and
 * `/debug/pprof/goroutine?debug=2` print. TypeScript has no addresses: arguments are `...` and offsets 0.
 */
export function dump(snapshot: Snapshot): string {
  return snapshot.goroutines.map(goroutineText).join("\n");
}

function goroutineText(goroutine: Goroutine): string {
  const lines = [`goroutine ${goroutine.id} [${header(goroutine)}]:`, ...goroutine.stack.flatMap(frameLines)];
  if (goroutine.createdBy !== undefined) lines.push(...creatorLines(goroutine.createdBy));
  return `${lines.join("\n")}\n`;
}

function header({ state, waitReason, waitMinutes }: Goroutine): string {
  const why = waitReason === "" ? state : waitReason === "foreign await" ? "IO wait" : waitReason;
  return waitMinutes === undefined ? why : `${why}, ${waitMinutes} minutes`;
}

const frameLines = ({ function: name, file, line }: Frame): readonly string[] => [`${name}(...)`, `\t${file}:${line} +0x0`];

const creatorLines = (creator: Creator): readonly string[] => [
  `created by ${creator.function} in goroutine ${creator.id}`,
  `\t${creator.file}:${creator.line} +0x0`,
];

/** The text form of `/debug/pprof/goroutine?debug=1` (runtime/pprof/pprof.go, `printCountProfile`). */
export function countProfile(snapshot: Snapshot): string {
  const groups = describeGroups(snapshot);
  const text = groups.map(({ goroutines, addresses }) => {
    const { stack, labels } = goroutines[0]!;
    const lines = [`${goroutines.length} @ ${addresses.map((a) => `0x${a.toString(16)}`).join(" ")}`];
    if (labels !== undefined) lines.push(`# labels: ${JSON.stringify(labels)}`);
    stack.forEach(({ function: name, file, line }, i) => lines.push(`#\t0x${addresses[i]!.toString(16)}\t${name}+0x0\t${file}:${line}`));
    return `${lines.join("\n")}\n`;
  });
  return `goroutine profile: total ${snapshot.goroutines.length}\n${text.join("\n")}`;
}

export const runningFirst = (goroutines: readonly Goroutine[]): readonly Goroutine[] => [...goroutines].sort((a, b) => Number(b.state === "running") - Number(a.state === "running"));

/**
 * runtime.Stack(all = true): every goroutine of this process, the caller's first.
 *
 * @example
 * assert.match(runtime.stack(), /^goroutine 1 \[/);
 */
export function stack(): string {
  const snapshot = runtimeSnapshot();
  return dump({ ...snapshot, goroutines: runningFirst(snapshot.goroutines) });
}
