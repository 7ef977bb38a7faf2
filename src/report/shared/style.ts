/** Colours by meaning; `plain` where there is no terminal. SGR codes: ECMA-48, 8.3.117. */
export interface Style {
  readonly bad: (text: string) => string;
  readonly note: (text: string) => string;
  readonly good: (text: string) => string;
  readonly bold: (text: string) => string;
  readonly dim: (text: string) => string;
}

const sgr = (on: number, off: number) => (text: string): string => `\u001b[${on}m${text}\u001b[${off}m`;
const same = (text: string): string => text;

export const plain: Style = { bad: same, note: same, good: same, bold: same, dim: same };

export const coloured: Style = {
  bad: (text) => sgr(1, 22)(sgr(31, 39)(text)),
  note: sgr(33, 39),
  good: sgr(32, 39),
  bold: sgr(1, 22),
  dim: sgr(2, 22),
};
