/**
 * Counts by the numbers of groups, as bytes: in the order of the numbers, each as the step from the one before and its count, both in
 * LEB128. The counts of thirty groups are some 70 bytes, where pairs of 32 bits are 240.
 */
export function packCounts(counts: readonly (readonly [group: number, count: number])[]): Buffer {
  const bytes: number[] = [];
  let before = 0;
  for (const [group, count] of [...counts].sort((a, b) => a[0] - b[0])) {
    put(bytes, group - before);
    put(bytes, count);
    before = group;
  }
  return Buffer.from(bytes);
}

/** Tells each; makes nothing of them, for a day of looks is 43,000. */
export function unpackCounts(bytes: Uint8Array, each: (group: number, count: number) => void): void {
  let at = 0;
  const next = (): number => {
    let value = 0;
    for (let scale = 1; at < bytes.length; scale *= 128) {
      const byte = bytes[at++]!;
      value += (byte & 127) * scale;
      if (byte < 128) break;
    }
    return value;
  };
  for (let group = 0; at < bytes.length; ) {
    group += next();
    each(group, next());
  }
}

/** Beyond 32 bits, too: no shifts. */
function put(bytes: number[], value: number): void {
  let rest = value;
  for (; rest >= 128; rest = Math.floor(rest / 128)) bytes.push((rest % 128) + 128);
  bytes.push(rest);
}
