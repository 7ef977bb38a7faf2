/**
 * How deep a profile's stacks are, to tell where Go cut them: it keeps the innermost 32 frames up to Go 1.22
 * (StackRecord in runtime/mprof.go), 128 from then on (maxProfStackDepth). A whole stack of exactly 32 looks the same as
 * a cut one, so that is said as what may be; where any stack is deeper, the limit was not 32.
 */
export class StackDepths {
  #deepest = 0;
  readonly #counts = { old: 0, new: 0 };

  /** @param whole the outermost frame shows that nothing is missing (runtime.goexit, runtime.main). */
  add(depth: number, count: number, whole: boolean): void {
    this.#deepest = Math.max(this.#deepest, depth);
    if (whole) return;
    if (depth === OLD) this.#counts.old += count;
    if (depth >= NEW) this.#counts.new += count;
  }

  losses(): readonly string[] {
    if (this.#deepest >= NEW && this.#counts.new > 0) return [`Go cut the stacks of ${this.#counts.new} goroutines: their outermost frames are missing`];
    if (this.#deepest !== OLD || this.#counts.old === 0) return [];
    return [`the stacks of ${this.#counts.old} goroutines have exactly ${OLD} frames, where Go 1.22 and older cut them: their outermost frames may be missing`];
  }
}
const OLD = 32;
const NEW = 128;
