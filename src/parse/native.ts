import { err, ok, type Result } from "../base/result.js";
import type { Census, CensusOwner } from "../model/results/census.js";
import type { Goroutine, Snapshot } from "../model/goroutine/snapshot.js";
import type { Stack } from "../model/goroutine/stack.js";
import { parseDump } from "./parse.js";

/**
 * The file that a test binary of the native mode writes when it exits (go/native/testing/unpark.go). Line by line:
 *
 *   unpark-native 1
 *   package <path> | go <version> | pid <n> | proof true|false
 *   over <id> <test> | running <id> <test>
 *   owned <id> <test>\t<function>:<line>;…        Go 1.24, 1.25: their stacks do not show labels
 *   leaked <goroutine> | abandoned <goroutine>    the deep form's; in the light one the stacks say (leaked)
 *   missed <n>                                    tests whose end was not looked at any more (--each)
 *   outlived                                      stacks taken when a test ended (--each), up to the next line
 *   stacks                                        what follows is runtime.Stack's text
 *   end                                           without it the process died while writing
 */
export function parseCensus(bytes: Uint8Array, source: string): Result<Census, string> {
  const text = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString("utf8");
  if (!text.startsWith("unpark-native 1\n")) return err(`${source} is not a report of this version of Unpark's native mode`);
  if (!text.endsWith("\nend\n")) return err(`${source} ends too early: the test process died while it wrote its report`);
  const cut = text.indexOf("\nstacks\n");
  if (cut < 0) return err(`${source} has no stacks`);
  const head = headOf(text.slice(0, cut).split("\noutlived\n")[0]!);
  const parsed = parseDump(Buffer.from(text.slice(cut + "\nstacks\n".length, -"end\n".length)), { source, version: head.goVersion });
  if (!parsed.ok) return err(`the stacks in ${source} cannot be read: ${parsed.error.kind === "not-mine" ? parsed.error.what : parsed.error.because}`);
  const snapshot = parsed.value.snapshots[0]!;
  const ownerOf = ownersByLabel(snapshot.goroutines, head.byId);
  addByStack(ownerOf, snapshot, head);
  const outlived = outlivedOf(text.slice(0, cut), snapshot);
  for (const [id, owner] of ownersByLabel(outlived, head.byId)) ownerOf.set(id, owner);
  return ok({
    package: head.package,
    goVersion: head.goVersion,
    pid: head.pid,
    proof: head.proof,
    owners: [...head.byId.values()],
    snapshot: { ...snapshot, goroutines: snapshot.goroutines.map((one) => proved(withoutOwnLabel(one), head.leaked)) },
    abandoned: head.abandoned,
    outlived: outlived.map(withoutOwnLabel),
    unseen: head.missed,
    ownerOf,
  });
}

/** `--each`: what was seen at a test's end and is no longer there; a goroutine's number is used once. */
function outlivedOf(head: string, { goroutines }: Snapshot): readonly Goroutine[] {
  const [, text] = head.split("\noutlived\n");
  if (text === undefined) return [];
  const parsed = parseDump(Buffer.from(text), { source: "outlived" });
  const there = new Set(goroutines.map(({ id }) => id));
  return parsed.ok ? parsed.value.snapshots.flatMap((one) => one.goroutines).filter(({ id }) => !there.has(id)) : [];
}

const proved = (goroutine: Goroutine, leaked: ReadonlySet<number>): Goroutine =>
  goroutine.id !== undefined && leaked.has(goroutine.id) ? { ...goroutine, unreachable: true } : goroutine;

interface Head {
  readonly package: string;
  readonly goVersion: string;
  readonly pid: number;
  readonly proof: boolean;
  readonly leaked: ReadonlySet<number>;
  readonly abandoned: ReadonlySet<number>;
  readonly missed: number;
  readonly byId: ReadonlyMap<number, CensusOwner>;
  /** Stack as `function:line;…` -> ids of owners, one for each goroutine. */
  readonly byStack: ReadonlyMap<string, readonly number[]>;
}

function headOf(text: string): Head {
  const fields = new Map<string, string>();
  const byId = new Map<number, CensusOwner>();
  const byStack = new Map<string, number[]>();
  const found = { leaked: new Set<number>(), abandoned: new Set<number>() };
  for (const line of text.split("\n")) {
    const space = line.indexOf(" ");
    const [key, value] = [line.slice(0, space), line.slice(space + 1)];
    if (key === "over" || key === "running") {
      const id = numberOf(value);
      if (id > 0) byId.set(id, { id, test: value.slice(value.indexOf(" ") + 1), over: key === "over" });
    } else if (key === "owned") {
      const tab = value.indexOf("\t");
      const stack = value.slice(tab + 1);
      byStack.set(stack, [...(byStack.get(stack) ?? []), numberOf(value)]);
    } else if (key === "leaked" || key === "abandoned") found[key].add(numberOf(value));
    else fields.set(key, value);
  }
  return {
    package: fields.get("package") ?? "",
    goVersion: fields.get("go") ?? "",
    pid: numberOf(fields.get("pid")),
    proof: fields.get("proof") === "true",
    ...found,
    missed: numberOf(fields.get("missed")),
    byId,
    byStack,
  };
}

/** Of a file that a crash has damaged: no number is 0, which is nobody's. */
const numberOf = (text = ""): number => {
  const value = Number.parseInt(text, 10);
  return Number.isSafeInteger(value) ? value : 0;
};

const LABEL = "unpark";

function ownersByLabel(goroutines: readonly Goroutine[], byId: Head["byId"]): Map<number, CensusOwner> {
  const found = new Map<number, CensusOwner>();
  for (const { id, labels } of goroutines) {
    const owner = byId.get(Number.parseInt(labels?.[LABEL] ?? "", 10));
    if (id !== undefined && owner !== undefined) found.set(id, owner);
  }
  return found;
}

/** Of several goroutines with the same stack it does not matter which is whose. */
function addByStack(ownerOf: Map<number, CensusOwner>, { goroutines }: Snapshot, { byId, byStack }: Head): void {
  if (byStack.size === 0) return;
  const left = new Map([...byStack].map(([stack, ids]) => [stack, [...ids]]));
  for (const { id, stack } of goroutines) {
    const owner = byId.get(left.get(signature(stack))?.shift() ?? 0);
    if (id !== undefined && owner !== undefined) ownerOf.set(id, owner);
  }
}

const signature = (stack: Stack): string =>
  stack
    .filter(({ function: name }) => !name.startsWith("runtime."))
    .map(({ function: name, line }) => `${name}:${line}`)
    .join(";");

function withoutOwnLabel(goroutine: Goroutine): Goroutine {
  if (goroutine.labels?.[LABEL] === undefined) return goroutine;
  const { labels, ...rest } = goroutine;
  const own = Object.fromEntries(Object.entries(labels).filter(([key]) => key !== LABEL));
  return Object.keys(own).length === 0 ? rest : { ...rest, labels: own };
}
