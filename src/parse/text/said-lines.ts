import { textOf } from "../dump/line-matchers.js";
import { PanicMessage } from "../dump/panic-message.js";
import type { TextForms } from "./text-forms.js";

/** The lines outside of goroutines: one may say why the process ends. */
export class SaidLines {
  readonly panic: PanicMessage;
  readonly #forms: TextForms;

  constructor(forms: TextForms) {
    this.#forms = forms;
    this.panic = new PanicMessage(forms);
  }

  line(bytes: Uint8Array, start: number, end: number): void {
    const { remarks, words, dump } = this.#forms;
    remarks.say(bytes, start, end);
    const text = textOf(bytes, start, Math.min(end, start + 400));
    if (!words.mayRead(text)) return;
    if (/Test killed/.test(text) && dump.endedBy(text)) return;
    const said = words.read(text, () => dump.closeSnapshot());
    if (said) this.#forms.endCounts();
    this.panic.said(bytes, start, end, said ? text : undefined);
  }

  /** What stands before a header may say it as well. */
  before(text: string): void {
    const { words, dump } = this.#forms;
    if (words.mayRead(text)) words.read(text, () => dump.closeSnapshot());
  }
}
