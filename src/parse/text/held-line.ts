import { joinedLine } from "../dump/line-joiner.js";

/** The beginning of a line that may have been wrapped: kept until the next line says whether the two are one. */
export class HeldLine {
  #text: string | undefined;

  get held(): boolean {
    return this.#text !== undefined;
  }

  hold(text: string): void {
    this.#text = text;
  }

  /** `next` is the line behind it. `whole`: what both are together; undefined: they are two. */
  release(next: string): { readonly first: string; readonly whole: string | undefined } {
    const first = this.#text!;
    this.#text = undefined;
    return { first, whole: joinedLine(first, next) };
  }
}
