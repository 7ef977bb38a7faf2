/** A line of source without the comment behind its code; `//` inside of quotes begins none. */
export const withoutComment = (line: string): string => line.replace(QUOTED_OR_COMMENT, (found) => (found.startsWith("//") ? "" : found));

/** Without what stands in strings and runes, too: their brackets do not count. */
export const withoutStrings = (line: string): string =>
  line.replace(QUOTED_OR_COMMENT, (found) => (found.startsWith("//") ? "" : `${found[0]!}${found.at(-1)!}`));

const QUOTED_OR_COMMENT = /"(?:[^"\\]|\\.)*"|`[^`]*`|'(?:[^'\\]|\\.)*'|\/\/.*$/g;
