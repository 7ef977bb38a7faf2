import { decode, encode } from "./wasm-code.js";

const OP = { block: 0x02, loop: 0x03, if: 0x04, end: 0x0b, br: 0x0c, brIf: 0x0d, brTable: 0x0e, localGet: 0x20, localSet: 0x21, i32Const: 0x41 } as const;
const VOID = 0x40;

/** What stands in place of a jump, and what comes behind the jump. */
interface DirectJump {
  readonly code: readonly number[];
  readonly next: number;
}

/** A function's basic blocks: block k begins behind the end of the k-th `block`, counted from within. */
interface Dispatch {
  readonly blocks: number;
  /** The local that has the number of where to go on. */
  readonly where: number;
  /** Of each such number its block; the last one is all others'. */
  readonly table: readonly number[];
  /** Where the instruction is that jumps by this table. */
  readonly tableAt: number;
}

/**
 * Go's compiler writes each jump within a function as a return to the head of one loop around all of its basic blocks, with the number of the
 * block to go on at, which a table there finds (cmd/internal/obj/wasm/wasmobj.go, "entryPointLoop"). Nine jumps of ten go forwards, to a block whose
 * `block` is open where they stand: a `br` out of that one does the same. It costs no look into the table, no count and no question of V8's
 * whether it has to stop, and the code between is no loop to V8 (bench/http.txt: 1.3 times the runs of three HTTP requests). Where no jump goes back the
 * loop is none.
 *
 * J1. The number is not set by such a jump. Nothing reads it but the table, which is reached by the function's beginning and by jumps that set it.
 */
export class DirectJumps {
  readonly #code: Uint8Array;
  readonly #dispatch: Dispatch | undefined;
  /** How many instructions with an end are open, the function's loop being the first. */
  #depth = 0;
  /** How many of the basic blocks' are. */
  #open: number;
  #goesBack = false;

  /** `head`: where the body of the function's loop begins (loopHead). */
  constructor(code: Uint8Array, head: number) {
    this.#code = code;
    this.#dispatch = dispatchAt(code, head);
    this.#open = this.#dispatch?.blocks ?? 0;
  }

  /** Is there a jump to the head still? */
  get isLoop(): boolean {
    return this.#goesBack || this.#dispatch === undefined;
  }

  /** Asked for each instruction in turn, from the head on: is it the first of a jump forwards? */
  at(at: number): DirectJump | undefined {
    switch (this.#code[at]) {
      case OP.block:
      case OP.loop:
      case OP.if:
        this.#depth++;
        return undefined;
      case OP.end:
        this.#depth--;
        if (this.#depth < this.#open) this.#open = this.#depth;
        return undefined;
      case OP.i32Const:
        return this.#dispatch && this.#forwards(at, this.#dispatch);
      case OP.br:
      case OP.brIf:
        if (decode(this.#code, at + 1)[0] === this.#depth) this.#goesBack = true;
        return undefined;
      case OP.brTable:
        if (at !== this.#dispatch?.tableAt) this.#goesBack = true;
        return undefined;
      default:
        return undefined;
    }
  }

  #forwards(at: number, { blocks, where, table }: Dispatch): DirectJump | undefined {
    const code = this.#code;
    const [number, set] = decode(code, at + 1);
    if (code[set] !== OP.localSet) return undefined;
    const [local, br] = decode(code, set + 1);
    if (local !== where || code[br] !== OP.br) return undefined;
    const [label, next] = decode(code, br + 1);
    const level = blocks - table[Math.min(number, table.length - 1)]!;
    return label === this.#depth && level <= this.#open ? { code: [OP.br, ...encode(label - level)], next } : undefined;
  }
}

function dispatchAt(code: Uint8Array, head: number): Dispatch | undefined {
  let at = head;
  let blocks = 0;
  for (; code[at] === OP.block && code[at + 1] === VOID; at += 2) blocks++;
  if (code[at] !== OP.localGet) return undefined;
  const [where, tableAt] = decode(code, at + 1);
  if (code[tableAt] !== OP.brTable) return undefined;
  let [last, next] = decode(code, tableAt + 1);
  const table: number[] = [];
  for (; last >= 0; last--) {
    const [block, behind] = decode(code, next);
    table.push(block);
    next = behind;
  }
  return code[next] === OP.end ? { blocks, where, table, tableAt } : undefined;
}
