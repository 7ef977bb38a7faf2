import type { Pending } from "../../../model/run/program.js";

/** So many fit before more room is made. */
const FEW = 16;

/**
 * Entries of goroutines in order of creation, kept from step to step while somebody asks for them.
 *
 * E1. While `isKnown`, `#indices` are in ascending order those of the goroutines whose entries these are; one that `followedBy` was given may stand
 *     behind them until `begin`.
 * E2. To move references costs ten times what numbers do, for the engine looks at each (4,000 goroutines: 0.9 µs). So nothing is moved for a list
 *     that nobody asked for in the step before; it is filled again when it is asked for.
 */
export class KeptEntries {
  readonly #entries: Pending[] = [];
  #indices = NO_INDICES;
  #length = 0;
  #isKnown = false;
  #wasAsked = false;

  get isKnown(): boolean {
    return this.#isKnown;
  }

  /** They are no longer what they were. */
  forget(): void {
    this.#isKnown = false;
  }

  /** A step is over: some may change. */
  begin(): void {
    this.#isKnown &&= this.#wasAsked;
    this.#wasAsked = false;
    if (this.#entries.length > this.#length) this.#entries.pop();
  }

  /** They are filled anew, in order: `add` each, then `filled`. */
  fill(): void {
    this.#length = 0;
  }

  add(index: number, entry: Pending): void {
    if (this.#length === this.#indices.length) this.#grow();
    this.#indices[this.#length] = index;
    this.#entries[this.#length++] = entry;
  }

  filled(): void {
    while (this.#entries.length > this.#length) this.#entries.pop();
    this.#isKnown = true;
  }

  /** One has come, is told something else, or is gone. */
  place(index: number, entry: Pending | undefined): void {
    const at = this.#placeOf(index);
    const stands = at < this.#length && this.#indices[at] === index;
    if (entry === undefined) {
      if (stands) this.#takeOut(at);
    } else if (stands) this.#entries[at] = entry;
    else this.#putIn(at, index, entry);
  }

  /** With `last` behind them. Asked for again in the same step they are as they were. */
  followedBy(last: Pending | undefined): readonly Pending[] {
    this.#wasAsked = true;
    if (last !== undefined && this.#entries.length === this.#length) this.#entries.push(last);
    return this.#entries;
  }

  #takeOut(at: number): void {
    this.#entries.splice(at, 1);
    this.#indices.copyWithin(at, at + 1, this.#length--);
  }

  #putIn(at: number, index: number, entry: Pending): void {
    if (this.#length === this.#indices.length) this.#grow();
    this.#entries.splice(at, 0, entry);
    this.#indices.copyWithin(at + 1, at, this.#length++);
    this.#indices[at] = index;
  }

  #grow(): void {
    const more = new Int32Array(Math.max(FEW, 2 * this.#length));
    more.set(this.#indices);
    this.#indices = more;
  }

  /** Where one with this index stands, or would stand. */
  #placeOf(index: number): number {
    let low = 0;
    let high = this.#length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if (this.#indices[middle]! < index) low = middle + 1;
      else high = middle;
    }
    return low;
  }
}

const NO_INDICES = new Int32Array(0);
