import type { ChannelView } from "../../model/run/rendezvous.js";
import { WideHash } from "../../base/hash.js";
import type { Layout } from "./guest-protocol.js";

/** Byte offsets in package sync's types, the same in Go 1.24 to 1.27 (test/guards/shared-constants.test.ts asks the compiler). */
export const SYNC = {
  /** internal/sync.Mutex: bit 0 is mutexLocked. */
  mutexState: 0,
  writerSem: 8,
  /** Negative: a writer is there. */
  readerCount: 16,
  /** The high half of WaitGroup's state (atomic.Uint64). */
  waitGroupCounter: 4,
  onceDone: 0,
  onceMutex: 4,
} as const;

/** Byte offsets in runtime.g: its stack comes first (runtime2.go: "offset known to runtime/cgo"). */
const STACK = { low: 0, high: 8 } as const;
/** So many bytes of an object count as what a pointer to it points at. */
const POINTED_AT = 64;
/** Of a runtime.g at most, in which the host and the scheduler count for themselves. */
const LARGEST_G = 1024;

interface WrittenMemory {
  all(): Uint8Array;
  mark(address: number, length: number): void;
}

/** Reads the guest's objects where they lie in its memory, as this Go version lays them out. Addresses, little-endian. */
export class GuestObjects {
  readonly #layout: Layout;
  readonly #memory: WrittenMemory;
  #words: Int32Array;
  #bytes: Uint8Array;

  constructor(memory: WrittenMemory, layout: Layout) {
    this.#memory = memory;
    this.#layout = layout;
    this.#bytes = memory.all();
    this.#words = new Int32Array(this.#bytes.buffer);
  }

  /** The 32-bit word at an address (Go aligns everything that we read). */
  word(address: number): number {
    return this.#words[address >>> 2]!;
  }

  setWord(address: number, value: number): void {
    this.#memory.mark(address >>> 0, 4);
    this.#words[address >>> 2] = value;
  }

  /** Call before reading in a step: the memory may have grown. */
  refresh(): void {
    const bytes = this.#memory.all();
    if (bytes === this.#bytes) return;
    this.#bytes = bytes;
    this.#words = new Int32Array(bytes.buffer);
  }

  /** A 64-bit number that is known to be below 2^53. */
  long(address: number): number {
    return (this.word(address) >>> 0) + this.word(address + 4) * 2 ** 32;
  }

  /** Of a goroutine: the return address of its `go` statement, and one behind the entry of what that started. */
  origin(g: number): readonly [createdAt: number, entry: number] {
    return [this.word(g + this.#layout.gGopc) >>> 0, (this.word(g + this.#layout.gStartpc) >>> 0) + 1];
  }

  /**
   * A number for what a goroutine that is stopped goes on with: its live stack (gobuf.sp to stack.hi, which is the second word of
   * g), and the first words of each object in the heap that this points at. Equal states may differ in what lies further away.
   */
  stateOf(g: number): number {
    const { gSched, heap } = this.#layout;
    const low = this.word(g + STACK.low) >>> 0;
    const high = this.word(g + STACK.high) >>> 0;
    const end = this.#bytes.length;
    const hash = new WideHash();
    for (let at = this.word(g + gSched) >>> 0; at < high; at += 8) {
      const value = this.word(at) >>> 0;
      hash.add(value);
      hash.add(this.word(at + 4));
      const isPointer = this.word(at + 4) === 0 && value >= heap && value + POINTED_AT <= end && !(value >= low && value < high);
      if (!isPointer || (value >= g && value < g + LARGEST_G)) continue;
      for (let inner = value; inner < value + POINTED_AT; inner += 4) hash.add(this.word(inner));
    }
    return hash.value;
  }

  channel(address: number, due: (timer: number) => boolean): ChannelView {
    const l = this.#layout;
    const timer = this.word(address + l.chanTimer);
    // One shape for all: this is made for each channel in each step.
    return {
      closed: this.word(address + l.chanClosed) !== 0,
      length: this.word(address + l.chanQcount),
      capacity: this.word(address + l.chanDataqsiz),
      parkedReceivers: this.word(address + l.chanRecvq) !== 0,
      parkedSenders: this.word(address + l.chanSendq) !== 0,
      due: timer !== 0 && (this.#isFake(timer) ? this.#isDueInBubble(timer, address) : due(timer)),
    };
  }

  /** Values in a channel's buffer. */
  lengthOf(channel: number): number {
    return this.word(channel + this.#layout.chanQcount);
  }

  /** Its size. */
  capacityOf(channel: number): number {
    return this.word(channel + this.#layout.chanDataqsiz);
  }

  /** The runtime timer that a channel belongs to (time.After, NewTicker); 0: none. */
  timerOf(channel: number): number {
    return channel === 0 ? 0 : this.word(channel + this.#layout.chanTimer);
  }

  /** What the timer's function is given: the channel that it sends to, or AfterFunc's function. */
  fedBy(timer: number): number {
    return this.word(timer + this.#layout.timerArg);
  }

  /** Runs on a synctest bubble's clock, which the runtime moves, not on ours. */
  #isFake(timer: number): boolean {
    const at = timer + this.#layout.timerIsFake;
    return ((this.word(at & ~3) >>> (8 * (at & 3))) & 0xff) !== 0;
  }

  /** By its bubble's clock: the runtime runs such a timer when its channel is looked at (time.go, maybeRunChan), before all in the bubble are blocked. */
  #isDueInBubble(timer: number, channel: number): boolean {
    const { timerWhen, chanBubble, bubbleNow } = this.#layout;
    const when = this.long(timer + timerWhen);
    return when !== 0 && when <= this.long((this.word(channel + chanBubble) >>> 0) + bubbleNow);
  }

  /** The synctest bubble that a goroutine is in; 0: none. */
  bubbleOf(g: number): number {
    return this.#layout.gBubble === 0 ? 0 : this.word(g + this.#layout.gBubble);
  }

  /** When a timer is due, on the monotonic clock; 0: it is stopped, or not ours. */
  when(timer: number): number {
    return this.#isFake(timer) ? 0 : this.long(timer + this.#layout.timerWhen);
  }

  /** The channel of a select's case, in the order of the runtime's array. */
  caseChannel(cases: number, index: number): number {
    return this.word(cases + index * this.#layout.scaseSize);
  }

  locked(mutex: number): boolean {
    return (this.word(mutex + SYNC.mutexState) & 1) !== 0;
  }

  readerCount(rwmutex: number): number {
    return this.word(rwmutex + SYNC.readerCount);
  }

  writerSemaphore(rwmutex: number): number {
    return this.word(rwmutex + SYNC.writerSem);
  }

  counter(waitGroup: number): number {
    return this.word(waitGroup + SYNC.waitGroupCounter);
  }

  onceReady(once: number): boolean {
    return this.word(once + SYNC.onceDone) !== 0 || !this.locked(once + SYNC.onceMutex);
  }
}
