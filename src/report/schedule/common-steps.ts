/**
 * Two lists in one: pairs of places, both where the entry is in their longest common subsequence, else one of them. The page embeds this
 * function's text, so it refers to nothing outside itself.
 */
export function commonSteps(a: readonly string[], b: readonly string[]): readonly (readonly [here: number | undefined, there: number | undefined])[] {
  const [n, m] = [a.length, b.length];
  // longest[i * (m + 1) + j]: of what is left from i here and from j there.
  const longest = new Uint32Array((n + 1) * (m + 1));
  for (let i = n - 1; i >= 0; i--) {
    for (let j = m - 1; j >= 0; j--) {
      longest[i * (m + 1) + j] = a[i] === b[j] ? longest[(i + 1) * (m + 1) + j + 1]! + 1 : Math.max(longest[(i + 1) * (m + 1) + j]!, longest[i * (m + 1) + j + 1]!);
    }
  }
  const pairs: (readonly [number | undefined, number | undefined])[] = [];
  let [i, j] = [0, 0];
  while (i < n || j < m) {
    if (i < n && j < m && a[i] === b[j]) pairs.push([i++, j++]);
    else if (j >= m || (i < n && longest[(i + 1) * (m + 1) + j]! >= longest[i * (m + 1) + j + 1]!)) pairs.push([i++, undefined]);
    else pairs.push([undefined, j++]);
  }
  return pairs;
}
