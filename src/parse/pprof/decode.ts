import { BYTES, WireError, WireReader } from "./wire.js";

/**
 * A profile's tables, as they are in the file (profile.proto of github.com/google/pprof): strings by index, functions
 * and locations by id. Arrays of numbers side by side, because a profile may have millions of entries.
 */
export interface RawProfile {
  readonly strings: readonly string[];
  readonly sampleTypes: readonly { readonly type: number; readonly unit: number }[];
  /** Function id → name and file, as string indices. */
  readonly functions: ReadonlyMap<number, RawFunction>;
  readonly locations: ReadonlyMap<number, RawLocation>;
  readonly samples: readonly RawSample[];
  readonly timeNanos: number;
  readonly periodType: number;
}

export interface RawFunction {
  readonly name: number;
  readonly file: number;
}

/** `lines`: function id and line number in turn, innermost (inlined) first. */
export interface RawLocation {
  readonly address: number;
  readonly lines: readonly number[];
}

/** `values` one for each sample type; `labels`: key, string, number in turn. */
export interface RawSample {
  readonly locations: readonly number[];
  readonly values: readonly number[];
  readonly labels: readonly number[];
}

const decoder = new TextDecoder();

/** Throws WireError where the bytes are no profile. */
export function decodeProfile(bytes: Uint8Array): RawProfile {
  const reader = new WireReader(bytes);
  const profile = {
    strings: [] as string[],
    sampleTypes: [] as { type: number; unit: number }[],
    functions: new Map<number, RawFunction>(),
    locations: new Map<number, RawLocation>(),
    samples: [] as RawSample[],
    timeNanos: 0,
    periodType: 0,
  };
  while (reader.next()) {
    if (reader.field === 9) profile.timeNanos = reader.varint();
    else if (reader.type !== BYTES || reader.field > 11) reader.skip();
    else if (reader.field === 6) profile.strings.push(decoder.decode(content(reader)));
    else within(reader, () => readTable(reader, profile));
  }
  return profile;
}

type Tables = { -readonly [K in keyof RawProfile]: RawProfile[K] } & {
  sampleTypes: { type: number; unit: number }[];
  functions: Map<number, RawFunction>;
  locations: Map<number, RawLocation>;
  samples: RawSample[];
};

function readTable(reader: WireReader, profile: Tables): void {
  switch (reader.field) {
    case 1:
      return void profile.sampleTypes.push(readValueType(reader));
    case 2:
      return void profile.samples.push(readSample(reader));
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

function content(reader: WireReader): Uint8Array {
  const end = reader.length();
  const bytes = reader.buffer.subarray(reader.at, end);
  reader.at = end;
  return bytes;
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

function readSample(reader: WireReader): RawSample {
  const locations: number[] = [];
  const values: number[] = [];
  const labels: number[] = [];
  while (reader.next()) {
    if (reader.field === 1) reader.numbers((id) => locations.push(id));
    else if (reader.field === 2) reader.numbers((value) => values.push(value));
    else if (reader.field === 3 && reader.type === BYTES) within(reader, () => readLabel(reader, labels));
    else reader.skip();
  }
  return { locations, values, labels };
}

function readLabel(reader: WireReader, labels: number[]): void {
  let key = 0;
  let text = 0;
  let number = 0;
  while (reader.next()) {
    if (reader.field === 1) key = reader.varint();
    else if (reader.field === 2) text = reader.varint();
    else if (reader.field === 3) number = reader.varint();
    else reader.skip();
  }
  labels.push(key, text, number);
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
