import { spellOut } from "../../base/spell-out.js";
import { err, ok, type Result } from "../../base/result.js";
import { nanos } from "../../model/ids.js";
import type { Goroutine } from "../../model/goroutine/snapshot.js";
import type { Frame, Stack } from "../../model/goroutine/stack.js";
import { plainReason, stateOfReason } from "../../model/goroutine/wait.js";
import { StackDepths } from "../depth.js";
import { lineNumber } from "../dump/stacks.js";
import { ByteBuffer } from "../lines.js";
import { MemoryBudget, SIZES } from "../memory.js";
import { type Reason, reasonOfStack } from "../reason.js";
import type { ByteParser, InputOrigin, Parsed, ParseFailure } from "../result.js";
import type { NumberList } from "./number-list.js";
import { decodeProfile, type RawProfile, readSamples, type RawSample } from "./decode.js";
import { STATE_LABEL } from "./encode.js";
import { WireError } from "./wire.js";

/** A pprof protobuf (`debug=0`, unpacked). It must be read whole: the strings come last. */
export class ProfileParser implements ByteParser {
  readonly #origin: InputOrigin;
  readonly #budget: MemoryBudget;
  readonly #bytes = new ByteBuffer();

  constructor(origin: InputOrigin, budget = new MemoryBudget()) {
    this.#origin = origin;
    this.#budget = budget;
  }

  push(chunk: Uint8Array): void {
    this.#bytes.add(chunk);
  }

  end(): Result<Parsed, ParseFailure> {
    try {
      return readSnapshot(this.#bytes.take(), this.#origin, this.#budget);
    } catch (error) {
      if (!(error instanceof WireError)) throw error;
      return err({ kind: "broken", at: `byte ${error.at}`, because: error.message });
    }
  }
}

function readSnapshot(bytes: Uint8Array, origin: InputOrigin, budget: MemoryBudget): Result<Parsed, ParseFailure> {
  const profile = decodeProfile(bytes, budget);
  const names = profile.sampleTypes.map(({ type }) => profile.strings[type] ?? "?");
  const column = names.findIndex((name) => name === "goroutine" || name === "goroutineleak");
  if (column < 0) {
    if (names.length === 0 || names.includes("?")) return err({ kind: "broken", at: "byte 0", because: "it names no sample type" });
    return err({ kind: "not-mine", what: `it is a profile of ${spellOut(names.slice(0, 8).join(", "))}, not of goroutines` });
  }
  const builder = new Builder(profile, column, names[column] === "goroutineleak", budget);
  readSamples(bytes, (sample) => builder.add(sample));
  // Its own time is better than the file's.
  const at = profile.timeNanos > 0 ? { at: nanos(BigInt(profile.timeNanos)) } : {};
  const seconds = profile.durationNanos / 1e9;
  const isDelta = builder.gone.length > 0 || (Number.isFinite(seconds) && seconds > 0 && seconds < 1e6);
  const delta = isDelta ? { delta: { seconds: Math.max(0, Math.round(seconds * 1000) / 1000) || 0, gone: builder.gone } } : {};
  return ok({
    snapshots: [{ provenance: { how: isDelta ? "pprof, a difference" : "pprof", ...origin, ...at }, goroutines: builder.goroutines, losses: builder.losses(), ...delta }],
    outside: { lines: 0, sample: [] },
    lines: 0,
  });
}

/** The label that we write ourselves (encode.ts) is taken out again. */
function reasonOf(labels: Record<string, string> | undefined, stack: Stack): Reason {
  const said = labels?.[STATE_LABEL];
  if (labels === undefined || said === undefined) return reasonOfStack(stack);
  delete labels[STATE_LABEL];
  return { state: stateOfReason(plainReason(said)), waitReason: spellOut(said) };
}

/** Go numbers locations from 1 on; ids above this are looked up in a map rather than in a table with holes. */
const DENSE = 1 << 22;
/** A goroutine takes 2 KiB at least: this many are 2 PiB. */
const MOST_COUNT = 2 ** 40;
/** Go keeps 128 locations of a stack (1024 with GODEBUG=profstackdepth), each of a few inlined frames. */
const MOST_FRAMES = 1 << 16;

class Builder {
  readonly #profile: RawProfile;
  readonly #column: number;
  readonly #budget: MemoryBudget;
  readonly #leaked: boolean;
  readonly #locations: (readonly Frame[] | undefined)[] = [];
  readonly #sparse = new Map<number, readonly Frame[]>();
  readonly goroutines: Goroutine[] = [];
  readonly gone: Goroutine[] = [];
  readonly #missing = new Set<number>();
  #unsymbolized = 0;
  #absurd = 0;
  #endless = 0;
  readonly #depths = new StackDepths();

  constructor(profile: RawProfile, column: number, leaked: boolean, budget: MemoryBudget) {
    this.#budget = budget;
    this.#profile = profile;
    this.#column = column;
    this.#leaked = leaked;
  }

  add(sample: RawSample): void {
    const count = (this.#column < sample.values.length ? sample.values.items[this.#column] : 0) ?? 0;
    if (count === 0) return;
    if (Math.abs(count) > MOST_COUNT) return void this.#absurd++;
    const stack = this.#stackOf(sample.locations);
    const labels = this.#labels(sample);
    const outermost = stack[stack.length - 1]?.function;
    this.#depths.add(stack.length, Math.abs(count), outermost === "runtime.main" || outermost === "runtime.goexit");
    const { state, waitReason } = reasonOf(labels, stack);
    const goroutine: { -readonly [K in keyof Goroutine]: Goroutine[K] } = { count: Math.abs(count), state, waitReason, stack };
    if (labels && Object.keys(labels).length > 0) goroutine.labels = labels;
    if (this.#leaked) goroutine.unreachable = true;
    (count < 0 ? this.gone : this.goroutines).push(goroutine); // below 0: of a difference, so many have left
  }

  #stackOf({ items, length }: NumberList): Stack {
    let depth = 0;
    for (let i = 0; i < length; i++) depth += (this.#locations[items[i]!] ?? this.#framesOf(items[i]!)).length;
    if (depth > MOST_FRAMES) {
      this.#endless++;
      depth = MOST_FRAMES;
    }
    this.#budget.take(SIZES.goroutine + SIZES.slot * depth);
    const frames = new Array<Frame>(depth); // of exactly the size that it needs
    for (let i = 0, at = 0; at < depth; i++) {
      const own = this.#locations[items[i]!] ?? this.#framesOf(items[i]!);
      for (let k = 0; k < own.length && at < depth; k++) frames[at++] = own[k]!;
    }
    return frames;
  }

  losses(): string[] {
    const losses: string[] = [];
    if (this.#missing.size > 0) losses.push(`${this.#missing.size} locations that samples refer to are not in the profile`);
    if (this.#unsymbolized > 0) losses.push(`${this.#unsymbolized} locations have an address but no function: the profile is not symbolized`);
    if (this.#absurd > 0) losses.push(`${this.#absurd} samples say a number of goroutines that no computer can hold: left out`);
    if (this.#endless > 0) losses.push(`${this.#endless} samples have stacks of more than ${MOST_FRAMES} frames: cut there`);
    return [...losses, ...this.#depths.losses()];
  }

  #framesOf(id: number): readonly Frame[] {
    const known = this.#sparse.get(id);
    if (known) return known;
    const location = this.#profile.locations.get(id);
    this.#budget.take(SIZES.row + (SIZES.frame / 2) * (location?.lines.length ?? 0));
    const frames: Frame[] = [];
    if (!location) this.#missing.add(id);
    else if (location.lines.length === 0) {
      this.#unsymbolized++;
      frames.push({ function: `0x${(location.address < 0 ? location.address + 2 ** 64 : location.address).toString(16)}`, file: "", line: 0 });
    } else {
      for (let i = 0; i < location.lines.length; i += 2) frames.push(this.#frame(location.lines[i]!, location.lines[i + 1]!));
    }
    if (id >= 0 && id < DENSE) this.#locations[id] = frames;
    else this.#sparse.set(id, frames);
    return frames;
  }

  #frame(functionId: number, line: number): Frame {
    const { functions, strings } = this.#profile;
    const fn = functions.get(functionId);
    if (!fn) this.#missing.add(-functionId - 1);
    return { function: spellOut(strings[fn?.name ?? 0] || "?"), file: spellOut(strings[fn?.file ?? 0] ?? ""), line: lineNumber(line) };
  }

  #labels({ labels: { items, length } }: RawSample): Record<string, string> | undefined {
    if (length === 0) return undefined;
    const { strings } = this.#profile;
    this.#budget.take(SIZES.row * (length / 3));
    const result: Record<string, string> = {};
    for (let i = 0; i < length; i += 3) {
      result[strings[items[i]!] ?? "?"] = items[i + 1] === 0 ? String(items[i + 2]) : (strings[items[i + 1]!] ?? "?");
    }
    return result;
  }
}
