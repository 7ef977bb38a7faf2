/** The values that `go list -json` prints: one indented object after the other, each of which begins with a brace at column 0. */
export const listOutput = <T>(text: string): readonly T[] =>
  text
    .split(/^(?=\{)/m)
    .filter((part) => part.trim() !== "")
    .map((part) => JSON.parse(part) as T);
