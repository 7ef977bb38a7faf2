import type { Frame, Stack } from "../../model/goroutine/stack.js";

/** One goroutine as the runtime reports it at the end of a run. */
export interface CollectedGoroutine {
  readonly address: number;
  readonly id: number;
  /** The runtime's _G status number. */
  readonly status: number;
  readonly reason: string;
  /** The leak collection found it unreachable; undefined where there is none. */
  readonly leaked: boolean;
  readonly parentId: number;
  readonly creator: Frame | undefined;
  readonly stack: Stack;
}

export interface CollectedWorld {
  readonly goroutines: readonly CollectedGoroutine[];
  /** The source lines of the addresses asked for, in their order. */
  readonly frames: readonly Stack[];
}

interface OpenGoroutine {
  readonly goroutine?: Omit<CollectedGoroutine, "creator" | "stack">;
  readonly frames: Frame[];
  creator?: Frame;
}

/** Listens to unparkCollect (go/runtime/unpark_collect.go): goroutines with creator and frames, then the addresses' frames. */
export class LeakCollector {
  readonly #sourceOf: (file: string) => string;
  #addresses: readonly number[] = [];
  #asked = 0;
  #goroutines: CollectedGoroutine[] = [];
  #frames: Stack[] = [];
  #open: OpenGoroutine = { frames: [] };
  #inCreator = false;

  /** `sourceOf`: where the reader finds a compiled file. */
  constructor(sourceOf: (file: string) => string) {
    this.#sourceOf = sourceOf;
  }

  begin(addresses: readonly number[]): void {
    this.#addresses = addresses;
    this.#asked = 0;
    this.#goroutines = [];
    this.#frames = [];
    this.#open = { frames: [] };
  }

  goroutine(address: number, id: number, status: number, reason: string, leaked: boolean, parentId: number): void {
    this.#close();
    this.#open = { goroutine: { address, id, status, reason, leaked, parentId }, frames: [] };
    this.#inCreator = true;
  }

  /** Line -1 ends the creator, or an address. */
  frame(name: string, file: string, line: number): void {
    if (line === -1) {
      if (this.#inCreator) this.#endCreator();
      else this.#frames.push(this.#open.frames.splice(0));
      return;
    }
    if (name !== "" || line !== 0) this.#open.frames.push({ function: name, file: this.#sourceOf(file), line });
  }

  nextAddress(): number {
    if (this.#asked === 0) this.#close();
    return this.#addresses[this.#asked++] ?? 0;
  }

  end(): CollectedWorld {
    this.#close();
    return { goroutines: this.#goroutines, frames: this.#frames };
  }

  #endCreator(): void {
    const creator = this.#open.frames.splice(0)[0];
    if (creator) this.#open.creator = creator;
    this.#inCreator = false;
  }

  #close(): void {
    const { goroutine, creator, frames } = this.#open;
    if (goroutine) this.#goroutines.push({ ...goroutine, creator, stack: frames });
    this.#open = { frames: [] };
    this.#inCreator = false;
  }
}
