import type { GuestMemory } from "./guest-memory.js";
import { GLOBALS } from "./instrument.js";
import { MemoryCopies, type MemoryCopy } from "./memory-copies.js";

/** Everything that a Go module is, apart from what the host keeps: its memory and its mutable globals. */
export interface InstanceSnapshot {
  readonly memory: MemoryCopy;
  readonly globals: readonly (number | bigint)[];
}

/** cmd/link/internal/wasm/asm.go, funcValueOffset. */
const FUNC_VALUE_OFFSET = 0x1000;

/** Bytes by which a WebAssembly memory grows. */
export const WASM_PAGE = 65536;

/** The entry address of a function by its number, imports not counted: Go's linker puts function n at (0x1000 + n) << 16. */
export const entryOf = (number: number): number => (FUNC_VALUE_OFFSET + number) * 65536;

export type Imports = Record<string, Record<string, (...args: never[]) => unknown>>;

/** An instantiated module that can be paused, copied and put back. */
export class ModuleInstance {
  readonly memory: GuestMemory;
  readonly #copies: MemoryCopies;
  readonly #imports: Imports;
  readonly #exports: WebAssembly.Exports;
  readonly #globals: readonly WebAssembly.Global[];
  readonly #loop: () => void;
  readonly #g: WebAssembly.Global;
  readonly #fuel: WebAssembly.Global;
  readonly #imported: number;

  constructor(module: WebAssembly.Module, imports: Imports, memory: GuestMemory, copies = new MemoryCopies(memory)) {
    const instance = new WebAssembly.Instance(module, imports);
    this.#copies = copies;
    this.#imports = imports;
    this.#exports = instance.exports;
    this.memory = memory;
    memory.attach(instance.exports["memory"] as WebAssembly.Memory);
    this.#globals = GLOBALS.map((name) => instance.exports[`unpark_${name}`] as WebAssembly.Global);
    this.#loop = instance.exports["unpark_loop"] as () => void;
    this.#g = instance.exports["unpark_g"] as WebAssembly.Global;
    this.#fuel = instance.exports["unpark_fuel"] as WebAssembly.Global;
    this.#imported = WebAssembly.Module.imports(module).filter((one) => one.kind === "function").length;
  }

  /**
   * The same program with its stores noted (dirty-pages.ts), which takes this one's place: the memory is the same, the globals
   * come with the copy that is to be put back before it goes on. Copies that this one saved are good for it. `used`: the guest's break.
   */
  noting(module: WebAssembly.Module, used: number): ModuleInstance {
    const now = this.memory.all();
    const next = new ModuleInstance(module, this.#imports, this.memory, this.#copies);
    (next.#exports["memory"] as WebAssembly.Memory).grow((now.length - this.memory.all().length) / WASM_PAGE);
    this.memory.all().set(now.subarray(0, used));
    this.#copies.note();
    return next;
  }

  /** From the beginning up to the first pause. */
  boot(): void {
    (this.#exports["_start"] as () => void)();
  }

  /** From a pause to the next; asks the host (unpark.fuel) after so many jumps (at most 2^31 - 1). */
  resume(fuel: number): void {
    this.#fuel.value = fuel;
    this.#loop();
  }

  /** From within the host's answer. */
  refuel(fuel: number): void {
    this.#fuel.value = fuel;
  }

  /**
   * Entry addresses of the functions that were running when the host did not come back from them, innermost first: V8
   * names them by index.
   */
  running(error: Error): readonly number[] {
    return [...(error.stack ?? "").matchAll(/wasm-function\[(\d+)\]/g)].map((match) => entryOf(Number(match[1]) - this.#imported));
  }

  /** Address of the g that is running (a goroutine's, or g0). */
  currentG(): number {
    return Number(this.#g.value as bigint);
  }

  /**
   * `from`: address of the first data that is ever written (the linker puts types and line tables before it; half of a
   * small program's memory). `used`: the guest's break (runtime.bloc): it has written nothing behind it. `often`: it is to be put
   * back many times.
   */
  save(from: number, used: number, often: boolean): InstanceSnapshot {
    return { memory: often ? this.#copies.saveWhole(from, used) : this.#copies.save(from, used), globals: this.#globals.map((global) => global.value as number | bigint) };
  }

  /** It notes which pages it writes. */
  get isNoted(): boolean {
    return this.#copies.isNoted;
  }

  /** `used`: the guest's break before the restore. */
  restore(state: InstanceSnapshot, used: number): void {
    this.#copies.restore(state.memory, used);
    this.#globals.forEach((global, index) => (global.value = state.globals[index]));
  }
}
