export class Pool {
  #free = 1;
  readonly #waiting: (() => void)[] = [];

  async acquire(): Promise<void> {
    if (this.#free-- > 0) return;
    await new Promise<void>((resolve) => this.#waiting.push(resolve)); // line 7
  }

  release(): void {
    this.#free++;
    this.#waiting.shift()?.();
  }
}

export const shared = new Pool();
