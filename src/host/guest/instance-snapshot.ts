import type { GuestMemory } from "./guest-memory.js";
import { GLOBALS } from "./instrument.js";

/** Everything that a Go module is, apart from what the host keeps: its memory and its mutable globals. */
export interface InstanceSnapshot {
  readonly from: number;
  /** The memory from there up to the guest's break. */
  readonly memory: Uint8Array;
  readonly globals: readonly (number | bigint)[];
}

/** cmd/link/internal/wasm/asm.go, funcValueOffset. */
const FUNC_VALUE_OFFSET = 0x1000;

/** The entry address of a function by its number, imports not counted: Go's linker puts function n at (0x1000 + n) << 16. */
export const entryOf = (number: number): number => (FUNC_VALUE_OFFSET + number) * 65536;

type Imports = Record<string, Record<string, (...args: never[]) => unknown>>;

/** An instantiated module that can be paused, copied and put back. */
export class ModuleInstance {
  readonly memory: GuestMemory;
  readonly #exports: WebAssembly.Exports;
  readonly #globals: readonly WebAssembly.Global[];
  readonly #loop: () => void;
  readonly #g: WebAssembly.Global;
  readonly #fuel: WebAssembly.Global;
  readonly #imported: number;

  constructor(module: WebAssembly.Module, imports: Imports, memory: GuestMemory) {
    const instance = new WebAssembly.Instance(module, imports);
    this.#exports = instance.exports;
    this.memory = memory;
    memory.attach(instance.exports["memory"] as WebAssembly.Memory);
    this.#globals = GLOBALS.map((name) => instance.exports[`unpark_${name}`] as WebAssembly.Global);
    this.#loop = instance.exports["unpark_loop"] as () => void;
    this.#g = instance.exports["unpark_g"] as WebAssembly.Global;
    this.#fuel = instance.exports["unpark_fuel"] as WebAssembly.Global;
    this.#imported = WebAssembly.Module.imports(module).filter((one) => one.kind === "function").length;
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
   * small program's memory). `used`: the guest's break (runtime.bloc): it has written nothing behind it.
   */
  save(from: number, used: number): InstanceSnapshot {
    return { from, memory: this.memory.all().slice(from, used), globals: this.#globals.map((global) => global.value as number | bigint) };
  }

  /** `used`: the guest's break before the restore: what lies between is zeroed, as fresh memory is. A memory never shrinks. */
  restore(state: InstanceSnapshot, used: number): void {
    const all = this.memory.all();
    all.set(state.memory, state.from);
    const end = state.from + state.memory.length;
    if (used > end) all.fill(0, end, used);
    this.#globals.forEach((global, index) => (global.value = state.globals[index]));
  }
}
