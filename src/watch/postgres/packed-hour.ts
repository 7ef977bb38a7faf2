import { deflateRawSync, inflateRawSync } from "node:zlib";
import { NumberReader, putNumber, putSigned } from "./varint.js";

export const HOUR = 3_600_000;

/** A look as the tables have it: groups by their numbers, or, when it is told, by their names. */
export interface KeptLook<Group> {
  /** Milliseconds since 1970. */
  readonly at: number;
  readonly total: number;
  readonly counts: ReadonlyMap<Group, number>;
}

/** What one target's looks of one hour were, group by group. */
interface UnpackedHour {
  readonly times: readonly number[];
  readonly totals: readonly number[];
  /** Of each group its count in each look; ABSENT where the look does not name it. */
  readonly columns: ReadonlyMap<number, readonly number[]>;
}

const ABSENT = -1;

/**
 * The looks at one target in one hour as one value: times, totals, then each group's counts, each as the step from the one before; deflated.
 * Measured with thirty groups whose counts vary as load does: 60 looks take 1.5 KB, where 60 rows of the table take 9.6 KB (bench/watch/postgres.txt).
 *
 * @param hour since 1970
 * @param looks in the order of their times, all in this hour or later
 */
export function packHour(hour: number, looks: readonly KeptLook<number>[]): Buffer {
  const bytes: number[] = [];
  putNumber(bytes, looks.length);
  let before = hour * HOUR;
  for (const { at } of looks) {
    putNumber(bytes, at - before);
    before = at;
  }
  let total = 0;
  for (const look of looks) {
    putSigned(bytes, look.total - total);
    ({ total } = look);
  }
  const groups = [...new Set(looks.flatMap(({ counts }) => [...counts.keys()]))].sort((a, b) => a - b);
  let group = 0;
  for (const one of groups) {
    putNumber(bytes, one - group);
    group = one;
    putColumn(bytes, looks.map(({ counts }) => counts.get(one) ?? ABSENT));
  }
  return deflateRawSync(Buffer.from(bytes));
}

/** 0 where it is absent, else one more than the step: beside each other equal counts are bytes of 1. */
function putColumn(bytes: number[], counts: readonly number[]): void {
  let before = 0;
  for (const count of counts) {
    if (count === ABSENT) {
      putNumber(bytes, 0);
      continue;
    }
    const step = count - before;
    putNumber(bytes, step < 0 ? -2 * step : 2 * step + 1);
    before = count;
  }
}

export function unpackHour(hour: number, packed: Uint8Array): UnpackedHour {
  const numbers = new NumberReader(inflateRawSync(packed));
  const length = numbers.next();
  const times: number[] = [];
  let at = hour * HOUR;
  for (let i = 0; i < length; i++) times.push((at += numbers.next()));
  const totals: number[] = [];
  let total = 0;
  for (let i = 0; i < length; i++) totals.push((total += numbers.nextSigned()));
  const columns = new Map<number, readonly number[]>();
  for (let group = 0; !numbers.isAtEnd; ) {
    group += numbers.next();
    columns.set(group, readColumn(numbers, length));
  }
  return { times, totals, columns };
}

function readColumn(numbers: NumberReader, length: number): readonly number[] {
  const counts: number[] = [];
  let before = 0;
  for (let i = 0; i < length; i++) {
    const step = numbers.next();
    if (step !== 0) before += step % 2 === 0 ? -step / 2 : (step - 1) / 2;
    counts.push(step === 0 ? ABSENT : before);
  }
  return counts;
}

/** The looks of an hour one by one, groups by what they are called. @param isWanted by a look's place in the hour */
export function looksOf<Group>({ times, totals, columns }: UnpackedHour, called: (group: number) => Group, isWanted: (i: number) => boolean = () => true): readonly KeptLook<Group>[] {
  const wanted = times.flatMap((_, i) => (isWanted(i) ? [i] : []));
  const counts = wanted.map(() => new Map<Group, number>());
  for (const [group, column] of columns) {
    const name = called(group);
    for (const [place, i] of wanted.entries()) if (column[i] !== ABSENT) counts[place]!.set(name, column[i]!);
  }
  return wanted.map((i, place) => ({ at: times[i]!, total: totals[i]!, counts: counts[place]! }));
}

/**
 * Of looks that lay in two places: by time, one that is there twice once. Two that differ at one moment (somebody else's look, put when the hour was packed
 * already) are a millisecond apart, as where they are put at the same time.
 */
export function inOrder<Group>(looks: readonly KeptLook<Group>[]): readonly KeptLook<Group>[] {
  const ordered: KeptLook<Group>[] = [];
  for (const look of [...looks].sort((a, b) => a.at - b.at)) {
    const since = ordered.findLastIndex(({ at }) => at < look.at) + 1;
    if (ordered.slice(since).some((one) => isSame(one, look))) continue;
    const last = ordered.at(-1);
    ordered.push(last !== undefined && last.at >= look.at ? { ...look, at: last.at + 1 } : look);
  }
  return ordered;
}

const isSame = <Group>(a: KeptLook<Group>, b: KeptLook<Group>): boolean =>
  a.total === b.total && a.counts.size === b.counts.size && [...a.counts].every(([group, count]) => b.counts.get(group) === count);
