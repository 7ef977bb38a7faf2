/** What groups are sorted by: how many goroutines each has, and its stack's hash. */
interface GroupColumns {
  readonly counts: Float64Array;
  readonly highs: Int32Array;
  readonly lows: Int32Array;
}

/** A key holds 32 bits of a hash and an index below this, exactly. */
const MOST_KEYS = 2 ** 20;

/** The groups' indices: largest first, then by hash, then by `lastResort`. */
export function groupOrder({ counts, highs, lows }: GroupColumns, lastResort: (a: number, b: number) => number): Uint32Array {
  const size = counts.length;
  let ones = 0;
  let least = Infinity;
  for (let index = 0; index < size; index++) {
    if (counts[index] === 1) ones++;
    if (counts[index]! < least) least = counts[index]!;
  }
  const compare = (a: number, b: number): number => counts[b]! - counts[a]! || highs[a]! - highs[b]! || lows[a]! - lows[b]! || lastResort(a, b);
  // Groups of one goroutine are most of a large profile. A key with the index in it is sorted without asking anybody.
  const keyed = size <= MOST_KEYS && least >= 1;
  const keys = new Float64Array(keyed ? ones : 0);
  const order = new Uint32Array(size);
  const single = order.subarray(size - keys.length);
  for (let index = 0, one = 0, other = 0; index < size; index++) {
    if (keyed && counts[index] === 1) keys[one++] = (highs[index]! + 2 ** 31) * MOST_KEYS + index;
    else order[other++] = index;
  }
  order.subarray(0, size - keys.length).sort(compare);
  keys.sort();
  for (let i = 0; i < keys.length; i++) single[i] = keys[i]! % MOST_KEYS;
  for (let from = 0, to = 1; to <= single.length; to++) {
    if (to < single.length && highs[single[to]!] === highs[single[from]!]) continue;
    if (to - from > 1) single.subarray(from, to).sort(compare);
    from = to;
  }
  return order;
}
