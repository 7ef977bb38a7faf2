import type { DecodedLines } from "./decoded-lines.js";
import type { HeldLine } from "./held-line.js";
import type { LinePrefix } from "./line-prefix.js";
import type { SaidLines } from "./said-lines.js";
import type { TextForms } from "./text-forms.js";

/** What all who read the lines of one text share. */
export interface TextParts {
  readonly forms: TextForms;
  readonly prefix: LinePrefix;
  readonly decoded: DecodedLines;
  readonly held: HeldLine;
  readonly said: SaidLines;
  /** This line is the text's last, and has no line end. */
  readonly atEnd: () => boolean;
  /** A line that is a quoted string behind the prefix. False: it is not one. */
  readonly quotedLine: (bytes: Uint8Array, from: number, end: number) => boolean;
}
