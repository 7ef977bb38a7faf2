import { DirectJumps } from "./direct-jumps.js";
import { CodeWriter, decode, encode, nextInstruction } from "./wasm-code.js";

const OP = { block: 0x02, loop: 0x03, if: 0x04, end: 0x0b, call: 0x10, localGet: 0x20, localSet: 0x21, globalGet: 0x23, globalSet: 0x24, i32Const: 0x41, i32Eqz: 0x45, i32Sub: 0x6b } as const;
const I32 = 0x7f;
const VOID = 0x40;
/** Bytes of a `loop` and its type. */
const LOOP_SIZE = 2;

/** How many jumps are left: (global (mut i32) (i32.const -1)): unsigned, all ones. */
export const FUEL_GLOBAL = Uint8Array.of(I32, 1, OP.i32Const, I32, OP.end);

/** fuel = fuel - 1; if (fuel == 0) ask the host, which sets it anew, or does not come back. */
export const jumpCount = (fuel: number, ask: number): readonly number[] => [
  OP.globalGet, fuel, OP.i32Const, 1, OP.i32Sub, OP.globalSet, fuel,
  OP.globalGet, fuel, OP.i32Eqz, OP.if, VOID, OP.call, ...encode(ask), OP.end,
];

/** The code section with `jump` at the head of each function's loop (loopHead), and its jumps forwards made direct ones (direct-jumps.ts). */
export function countJumps(section: Uint8Array, jump: readonly number[]): Uint8Array {
  const [count, first] = decode(section, 0);
  const out = new CodeWriter(section.length + count * (jump.length + 2));
  let from = 0;
  for (let n = 0, at = first; n < count; n++) {
    const [size, start] = decode(section, at);
    const end = start + size;
    const head = loopHead(section, start);
    if (head !== undefined) {
      out.copy(section, from, at);
      const begins = out.reserveSize();
      copyInstructions(section, { from: start, end, head }, jump, undefined, out);
      out.setSize(begins);
      from = end;
    }
    at = end;
  }
  out.copy(section, from, section.length);
  return out.bytes();
}

/** What else a function's instructions tell the host. */
export interface Notices {
  /** What is put before an instruction; undefined: nothing. */
  before(code: Uint8Array, at: number): readonly number[] | undefined;
}

/** A function from `from` to its end; `head`: of its loop. */
interface Part {
  readonly from: number;
  readonly end: number;
  readonly head: number | undefined;
}

/** Copies it with its jumps counted, and direct where they go forwards. False: an instruction is not known; from there on it is as it was. */
export function copyInstructions(code: Uint8Array, { from, end, head = end }: Part, jump: readonly number[], notices: Notices | undefined, out: CodeWriter): boolean {
  const direct = head === end ? undefined : new DirectJumps(code, head);
  let copied = from;
  let loopAt = 0;
  const put = (instructions: readonly number[], at: number, next = at): void => {
    out.copy(code, copied, at);
    out.put(instructions);
    copied = next;
  };
  let at = notices === undefined ? head : from;
  for (let next; at < end; at = next) {
    if (at === head) {
      put(jump, at);
      loopAt = out.length - jump.length - LOOP_SIZE;
    }
    next = nextInstruction(code, at);
    if (next === undefined) break;
    const forwards = at < head ? undefined : direct?.at(at);
    if (forwards !== undefined) put(forwards.code, at, (next = forwards.next));
    else {
      const notice = notices?.before(code, at);
      if (notice !== undefined) put(notice, at);
    }
  }
  out.copy(code, copied, end);
  const isKnown = at >= end;
  if (isKnown && direct?.isLoop === false) out.replace(loopAt, OP.block);
  return isKnown;
}

/**
 * Where the body of the outermost loop begins of a function whose locals are declared at `start`. A Go function that can be
 * resumed or jumps begins with one loop around its basic blocks, after a few loads of locals and a block around all
 * (cmd/internal/obj/wasm/wasmobj.go, "entry point loop"); a call, and every jump that is not made a direct one, passes its head. Others have none.
 */
export function loopHead(body: Uint8Array, start: number): number | undefined {
  let [groups, at] = decode(body, start); // local declarations: count and type each
  for (; groups > 0; groups--) at = decode(body, at)[1] + 1;
  for (;;) {
    const op = body[at]!;
    if (op === OP.loop && body[at + 1] === VOID) return at + 2;
    if (op === OP.block && body[at + 1] === VOID && body[at + 2] === OP.loop) at += 2;
    else if (op !== OP.globalGet && op !== OP.localSet && op !== OP.localGet && op !== OP.globalSet) return undefined;
    else at = decode(body, at + 1)[1];
  }
}
