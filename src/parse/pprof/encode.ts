import { gzipSync } from "node:zlib";
import type { Goroutine, Snapshot } from "../../model/goroutine/snapshot.js";
import type { Frame, Stack } from "../../model/goroutine/stack.js";
import { reasonOfStack } from "../reason.js";
import { WireWriter } from "./wire.js";

/**
 * A snapshot as the gzipped pprof protobuf that `go tool pprof` opens: a goroutine profile with one sample for each
 * stack and set of labels, one location for each frame (what was inlined is not known any more). Ids, waiting times,
 * creators and losses have no place in that format. Why a goroutine waits is told by the runtime's inner frames; dumps
 * hide those, so it goes into a label (STATE_LABEL), which reading takes out again. Field numbers: profile.proto of github.com/google/pprof.
 *
 * @param isLabelled a Pyroscope makes a series of its own of each set of labels: what goes there has none
 */
export function encodeProfile(snapshot: Snapshot, isLabelled = true): Uint8Array {
  const encoder = new Encoder();
  for (const { count, stack, labels } of merged(snapshot.goroutines)) encoder.sample(stack, count, isLabelled ? labels : undefined);
  return gzipSync(encoder.finish(snapshot.provenance.at));
}

function merged(goroutines: readonly Goroutine[]): Iterable<{ count: number; stack: Stack; labels: Goroutine["labels"] }> {
  const byStack = new Map<Stack, Map<string, { count: number; stack: Stack; labels: Goroutine["labels"] }>>();
  const samples: { count: number; stack: Stack; labels: Goroutine["labels"] }[] = [];
  for (const { stack, labels: own, count, waitReason } of goroutines) {
    const labels = waitReason && reasonOfStack(stack).waitReason !== waitReason ? { ...own, [STATE_LABEL]: waitReason } : own;
    let byLabels = byStack.get(stack);
    if (!byLabels) byStack.set(stack, (byLabels = new Map<string, { count: number; stack: Stack; labels: Goroutine["labels"] }>()));
    const key = labels === undefined ? "" : JSON.stringify(labels);
    const sample = byLabels.get(key);
    if (sample) sample.count += count;
    else {
      const fresh = { count, stack, labels };
      byLabels.set(key, fresh);
      samples.push(fresh);
    }
  }
  return samples;
}

export const STATE_LABEL = "goroutine state";

class Encoder {
  readonly #out = new WireWriter();
  readonly #strings = new Map<string, number>([["", 0]]);
  readonly #functions = new Map<string, number>();
  readonly #locations = new Map<string, number>();

  constructor() {
    this.#out.message(1, this.#valueType());
  }

  sample(stack: Stack, count: number, labels: Goroutine["labels"]): void {
    const message = new WireWriter();
    message.packed(1, stack.map((frame) => this.#location(frame)));
    message.packed(2, [count]);
    for (const [key, value] of Object.entries(labels ?? {})) {
      const label = new WireWriter();
      label.int(1, this.#string(key));
      label.int(2, this.#string(value));
      message.message(3, label);
    }
    this.#out.message(2, message);
  }

  finish(at: bigint | undefined): Uint8Array {
    this.#out.message(11, this.#valueType()); // period type, period
    this.#out.int(12, 1);
    if (at !== undefined) this.#out.int(9, Number(at));
    for (const text of this.#strings.keys()) this.#out.text(6, text);
    return this.#out.finish();
  }

  #valueType(): WireWriter {
    const type = new WireWriter();
    type.int(1, this.#string("goroutine"));
    type.int(2, this.#string("count"));
    return type;
  }

  #location(frame: Frame): number {
    const key = `${frame.line} ${frame.function}\0${frame.file}`;
    const known = this.#locations.get(key);
    if (known !== undefined) return known;
    const id = this.#locations.size + 1;
    this.#locations.set(key, id);
    const line = new WireWriter();
    line.int(1, this.#function(frame));
    line.int(2, frame.line);
    const location = new WireWriter();
    location.int(1, id);
    location.int(3, id); // an address: no two locations may share one
    location.message(4, line);
    this.#out.message(4, location);
    return id;
  }

  #function(frame: Frame): number {
    const key = `${frame.function}\0${frame.file}`;
    const known = this.#functions.get(key);
    if (known !== undefined) return known;
    const id = this.#functions.size + 1;
    this.#functions.set(key, id);
    const message = new WireWriter();
    message.int(1, id);
    message.int(2, this.#string(frame.function));
    message.int(3, this.#string(frame.function));
    message.int(4, this.#string(frame.file));
    this.#out.message(5, message);
    return id;
  }

  #string(text: string): number {
    let id = this.#strings.get(text);
    if (id === undefined) this.#strings.set(text, (id = this.#strings.size));
    return id;
  }
}
