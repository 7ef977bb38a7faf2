import type { Snapshot } from "../../model/goroutine/snapshot.js";
import { describeGroups } from "./stack-groups.js";

/**
 * The goroutine profile in pprof's protobuf (github.com/google/pprof, proto/profile.proto), not compressed: `go tool
 * pprof` takes both. Fields are written in the order and with the numbers of that file.
 */
export function goroutineProfile(snapshot: Snapshot, wall: number): Uint8Array {
  const strings = new Strings();
  const functions = new Map<string, number>();
  const locations = new Map<number, number>();
  const out = new Message();
  const valueType = (): Message => new Message().int(1, strings.of("goroutine")).int(2, strings.of("count"));
  const samples = new Message();
  const places = new Message();
  const names = new Message();
  for (const { goroutines, addresses } of describeGroups(snapshot)) {
    const { stack, labels } = goroutines[0]!;
    stack.forEach(({ function: name, file, line }, i) => {
      const place = `${name} ${file}`;
      let id = functions.get(place);
      if (id === undefined) {
        functions.set(place, (id = functions.size + 1));
        const symbol = strings.of(name);
        names.message(5, new Message().int(1, id).int(2, symbol).int(3, symbol).int(4, strings.of(file)));
      }
      if (locations.has(addresses[i]!)) return;
      locations.set(addresses[i]!, locations.size + 1);
      places.message(4, new Message().int(1, locations.size).int(2, 1).int(3, addresses[i]!).message(4, new Message().int(1, id).int(2, line)));
    });
    const sample = new Message().packed(1, addresses.map((a) => locations.get(a)!)).packed(2, [goroutines.length]);
    for (const [key, value] of Object.entries(labels ?? {})) sample.message(3, new Message().int(1, strings.of(key)).int(2, strings.of(value)));
    samples.message(2, sample);
  }
  out.message(1, valueType()).append(samples);
  // One mapping that says that functions and lines are known, so that pprof looks for no binary.
  out.message(3, new Message().int(1, 1).int(2, 0x10_0000).int(3, 0x7fff_ffff).int(5, strings.of("unpark")).int(7, 1).int(8, 1).int(9, 1));
  out.append(places).append(names);
  out.message(11, valueType()).int(12, 1);
  const table = new Message();
  for (const text of strings.all) table.bytes(6, new TextEncoder().encode(text));
  out.append(table);
  out.fixedNanoseconds(9, wall);
  return out.done();
}

class Strings {
  readonly #index = new Map<string, number>([["", 0]]);

  of(text: string): number {
    const known = this.#index.get(text);
    if (known !== undefined) return known;
    this.#index.set(text, this.#index.size);
    return this.#index.size - 1;
  }

  get all(): Iterable<string> {
    return this.#index.keys();
  }
}

/** A protobuf message being written: varints and length-delimited fields are all that profiles need. */
class Message {
  readonly #bytes: number[] = [];

  int(field: number, value: number): this {
    if (value !== 0) this.#tag(field, 0).#varint(BigInt(value));
    return this;
  }

  fixedNanoseconds(field: number, milliseconds: number): this {
    this.#tag(field, 0).#varint(BigInt(Math.round(milliseconds)) * 1_000_000n);
    return this;
  }

  packed(field: number, values: readonly number[]): this {
    const inner = new Message();
    for (const value of values) inner.#varint(BigInt(value));
    return this.bytes(field, inner.#bytes);
  }

  message(field: number, message: Message): this {
    return this.bytes(field, message.#bytes);
  }

  bytes(field: number, bytes: ArrayLike<number>): this {
    this.#tag(field, 2).#varint(BigInt(bytes.length));
    for (let i = 0; i < bytes.length; i++) this.#bytes.push(bytes[i]!);
    return this;
  }

  append(other: Message): this {
    for (const byte of other.#bytes) this.#bytes.push(byte);
    return this;
  }

  done(): Uint8Array {
    return Uint8Array.from(this.#bytes);
  }

  #tag(field: number, type: number): this {
    this.#varint(BigInt((field << 3) | type));
    return this;
  }

  #varint(value: bigint): void {
    let rest = value;
    for (; rest > 0x7fn; rest >>= 7n) this.#bytes.push(Number(rest & 0x7fn) | 0x80);
    this.#bytes.push(Number(rest));
  }
}
