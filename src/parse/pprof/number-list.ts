/** Numbers one after the other, in space that is used again: an array whose length is set to 0 gives its space back (V8), 100,000 times in a large profile. */
export class NumberList {
  readonly items: number[] = [];
  length = 0;

  push(value: number): void {
    this.items[this.length++] = value;
  }

  clear(): void {
    this.length = 0;
  }
}
