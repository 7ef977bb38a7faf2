import { MemoryBudget, SIZES } from "../memory.js";
import { NumberList } from "./number-list.js";
import { BYTES, VARINT, WireError, WireReader } from "./wire.js";

/**
 * A profile's tables, as they are in the file (profile.proto of github.com/google/pprof): strings by index, functions
 * and locations by id. Samples are not kept: they are read again from the bytes (`readSamples`) once the tables, which
 * may come after them, are known. So memory grows with the tables, not with the samples.
 */
export interface RawProfile {
  readonly strings: readonly string[];
  readonly sampleTypes: readonly { readonly type: number; readonly unit: number }[];
  /** Function id → name and file, as string indices. */
  readonly functions: ReadonlyMap<number, RawFunction>;
  readonly locations: ReadonlyMap<number, RawLocation>;
  readonly samples: number;
  readonly timeNanos: number;
  /** Of a profile over some time; `?seconds=N` of a goroutine profile gives what changed within it. */
  readonly durationNanos: number;
  readonly periodType: number;
}

interface RawFunction {
  readonly name: number;
  readonly file: number;
}

/** `lines`: function id and line number in turn, innermost (inlined) first. */
interface RawLocation {
  readonly address: number;
  readonly lines: readonly number[];
}

/** One sample, in lists that are used again for the next: copy what is to stay. */
export interface RawSample {
  /** Location ids, innermost first. */
  readonly locations: NumberList;
  /** One for each sample type. */
  readonly values: NumberList;
  /** Key, string, number in turn. */
  readonly labels: NumberList;
}

/** Everything but the samples. Throws WireError where the bytes are no profile. */
export function decodeProfile(bytes: Uint8Array, budget = new MemoryBudget()): RawProfile {
  const reader = new WireReader(bytes);
  const text = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const profile: Tables = { strings: [], sampleTypes: [], functions: new Map(), locations: new Map(), samples: 0, timeNanos: 0, durationNanos: 0, periodType: 0 };
  while (reader.next()) {
    if (reader.field === 9) profile.timeNanos = reader.varint();
    else if (reader.field === 10 && reader.type === VARINT) profile.durationNanos = reader.varint();
    else if (reader.type !== BYTES || reader.field > 11) reader.skip();
    else if (reader.field === 2) {
      profile.samples++;
      reader.skip();
    } else if (reader.field === 6) {
      const end = reader.length();
      budget.take(SIZES.text + SIZES.slot + 2 * (end - reader.at));
      profile.strings.push(text.toString("utf8", reader.at, end));
      reader.at = end;
    } else {
      budget.take(2 * SIZES.row); // a function, a location, a type
      const before = reader.at;
      within(reader, () => readTable(reader, profile));
      budget.take(4 * (reader.at - before)); // lines of a location: two numbers for four bytes at least
    }
  }
  return profile;
}

/** Each sample in turn. Throws WireError where one is damaged. */
export function readSamples(bytes: Uint8Array, visit: (sample: RawSample) => void): void {
  const reader = new WireReader(bytes);
  const sample: RawSample = { locations: new NumberList(), values: new NumberList(), labels: new NumberList() };
  while (reader.next()) {
    if (reader.field === 2 && reader.type === BYTES) {
      reader.end = reader.length();
      readSample(reader, sample);
      if (reader.at !== reader.end) throw new WireError(reader.at, "a field is longer than its content");
      reader.end = bytes.length;
      visit(sample);
    } else reader.skip();
  }
}

type Tables = { -readonly [K in keyof RawProfile]: RawProfile[K] } & {
  strings: string[];
  sampleTypes: { type: number; unit: number }[];
  functions: Map<number, RawFunction>;
  locations: Map<number, RawLocation>;
};

function readTable(reader: WireReader, profile: Tables): void {
  switch (reader.field) {
    case 1:
      return void profile.sampleTypes.push(readValueType(reader));
    case 4:
      return readLocation(reader, profile.locations);
    case 5:
      return readFunction(reader, profile.functions);
    case 11:
      profile.periodType = readValueType(reader).type;
      return;
    default:
      reader.at = reader.end;
  }
}

/** Reads a message that is a field, with the reader's end set to the field's. */
function within(reader: WireReader, read: () => void): void {
  const end = reader.length();
  const outer = reader.end;
  reader.end = end;
  read();
  reader.end = outer;
  if (reader.at !== end) throw new WireError(reader.at, "a field is longer than its content");
}

function readValueType(reader: WireReader): { type: number; unit: number } {
  const value = { type: 0, unit: 0 };
  while (reader.next()) {
    if (reader.field === 1) value.type = reader.varint();
    else if (reader.field === 2) value.unit = reader.varint();
    else reader.skip();
  }
  return value;
}

function readSample(reader: WireReader, sample: RawSample): void {
  sample.locations.clear();
  sample.values.clear();
  sample.labels.clear();
  while (reader.next()) {
    if (reader.field === 1) reader.numbers(sample.locations);
    else if (reader.field === 2) reader.numbers(sample.values);
    else if (reader.field === 3 && reader.type === BYTES) within(reader, () => readLabel(reader, sample.labels));
    else reader.skip();
  }
}

function readLabel(reader: WireReader, labels: NumberList): void {
  let key = 0;
  let text = 0;
  let number = 0;
  while (reader.next()) {
    if (reader.field === 1) key = reader.varint();
    else if (reader.field === 2) text = reader.varint();
    else if (reader.field === 3) number = reader.varint();
    else reader.skip();
  }
  labels.push(key);
  labels.push(text);
  labels.push(number);
}

function readLocation(reader: WireReader, locations: Map<number, RawLocation>): void {
  let id = 0;
  let address = 0;
  const lines: number[] = [];
  while (reader.next()) {
    if (reader.field === 1) id = reader.varint();
    else if (reader.field === 3) address = reader.varint();
    else if (reader.field === 4 && reader.type === BYTES) within(reader, () => readLine(reader, lines));
    else reader.skip();
  }
  locations.set(id, { address, lines });
}

function readLine(reader: WireReader, lines: number[]): void {
  let id = 0;
  let line = 0;
  while (reader.next()) {
    if (reader.field === 1) id = reader.varint();
    else if (reader.field === 2) line = reader.varint();
    else reader.skip();
  }
  lines.push(id, line);
}

function readFunction(reader: WireReader, functions: Map<number, RawFunction>): void {
  let id = 0;
  let name = 0;
  let file = 0;
  while (reader.next()) {
    if (reader.field === 1) id = reader.varint();
    else if (reader.field === 2) name = reader.varint();
    else if (reader.field === 4) file = reader.varint();
    else reader.skip();
  }
  functions.set(id, { name, file });
}
