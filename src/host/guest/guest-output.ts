import type { RunOptions } from "../../model/run/program.js";

/** So much of stderr is kept, in bytes: a crash stands at its end. */
const KEPT = 65_536;

/** What the guest writes: passed on where it is asked for, and its stderr kept, for a crash stands there. */
export class GuestOutput {
  readonly #decoder = new TextDecoder();
  #sink: RunOptions["output"];
  #stderr = "";
  #isSilent = true;

  /** A run begins. */
  begin(sink: RunOptions["output"]): void {
    this.#sink = sink;
    this.#isSilent = true;
    this.#stderr = "";
  }

  /** What is written from now on is dropped. */
  mute(): void {
    this.#sink = undefined;
  }

  /** `heard`: the process would still be there. */
  write(stream: "stdout" | "stderr", bytes: Uint8Array, heard: boolean): void {
    this.#isSilent = false;
    if (stream === "stderr" && this.#stderr.length < KEPT) this.#stderr += this.#decoder.decode(bytes.subarray(0, KEPT)); // a panic's message may be 64 MB
    if (heard) this.#sink?.(stream, bytes);
  }

  /** Nothing has been written in this run. */
  get isSilent(): boolean {
    return this.#isSilent;
  }

  get stderr(): string {
    return this.#stderr;
  }

  restore(stderr: string): void {
    this.#stderr = stderr;
  }
}
