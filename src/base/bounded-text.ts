/** Text that a program writes without end: its beginning and its end are kept, and how much is between them is said. */
export class BoundedText {
  readonly #most: number;
  #head = "";
  #tail = "";
  #dropped = 0;

  /** @param most characters of each end. */
  constructor(most = 1 << 16) {
    this.#most = most;
  }

  add(text: string): void {
    const room = this.#most - this.#head.length;
    if (room > 0) this.#head += text.slice(0, room);
    if (text.length <= room) return;
    this.#tail += room > 0 ? text.slice(room) : text;
    // Cut seldom: each cut copies the end.
    if (this.#tail.length > 4 * this.#most) this.#cut();
  }

  toString(): string {
    this.#cut();
    return this.#dropped === 0 ? this.#head + this.#tail : `${this.#head}\n[${this.#dropped} characters left out]\n${this.#tail}`;
  }

  #cut(): void {
    const over = this.#tail.length - this.#most;
    if (over <= 0) return;
    this.#dropped += over;
    this.#tail = this.#tail.slice(over);
  }
}
