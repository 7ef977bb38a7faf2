/** One change of whole lines in a file: what a SARIF replacement and a review's suggestion are made of. */
export interface LineChange {
  /** From the folder that the diff is of, with slashes. */
  readonly path: string;
  /** The first line that is taken away; where none is, the line before which the others come. From 1, of the file as it was. */
  readonly line: number;
  /** Each with its line end; the last line of a file may have none. */
  readonly removed: readonly string[];
  readonly added: readonly string[];
  /** The line before it; undefined at a file's beginning. */
  readonly above?: string;
  /** The line behind it. */
  readonly below?: string;
}

/** The changes of a diff that src/fix/unified-diff.ts made, in its order. */
export function lineChanges(diff: string): readonly LineChange[] {
  const changes: LineChange[] = [];
  let [path, line, above] = ["", 0, undefined as string | undefined];
  let open: { line: number; removed: string[]; added: string[]; above?: string } | undefined;
  const close = (below?: string): void => {
    if (open !== undefined) changes.push({ path, ...open, ...(below === undefined ? {} : { below }) });
    open = undefined;
  };
  for (const [sign, text] of signed(diff)) {
    if (sign === "file" || sign === "@") {
      close();
      above = undefined;
      if (sign === "file") path = text;
      else line = Number(text);
      continue;
    }
    if (sign === " ") {
      close(text);
      above = text;
      line++;
      continue;
    }
    open ??= { line, removed: [], added: [], ...(above === undefined ? {} : { above }) };
    open[sign === "-" ? "removed" : "added"].push(text);
    if (sign === "-") line++;
  }
  close();
  return changes;
}

type Sign = "file" | "@" | " " | "-" | "+";

/** A diff's lines: what each is, and its text. A hunk's own counts tell its lines from a header: `--- a` may be one that is taken away. */
function signed(diff: string): readonly (readonly [Sign, string])[] {
  const rows: [Sign, string][] = [];
  let [old, fresh] = [0, 0];
  for (const line of diff.split("\n")) {
    const head = old + fresh === 0 ? /^@@ -(\d+)(?:,(\d+))? \+\d+(?:,(\d+))? @@$/.exec(line) : null;
    if (head !== null) {
      [old, fresh] = [Number(head[2] ?? 1), Number(head[3] ?? 1)];
      rows.push(["@", String(Number(head[1]) + (old === 0 ? 1 : 0))]);
    } else if (line.startsWith("\\")) rows.at(-1)![1] = rows.at(-1)![1].slice(0, -1);
    else if (old + fresh > 0) {
      const sign = line[0] as " " | "-" | "+";
      rows.push([sign, `${line.slice(1)}\n`]);
      if (sign !== "+") old--;
      if (sign !== "-") fresh--;
    } else if (line.startsWith("+++ b/")) rows.push(["file", line.slice("+++ b/".length)]);
  }
  return rows;
}
