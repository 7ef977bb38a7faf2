import { CodeWriter, decode, encode } from "./wasm-code.js";

const OP = { block: 0x02, loop: 0x03, if: 0x04, end: 0x0b, call: 0x10, localGet: 0x20, localSet: 0x21, globalGet: 0x23, globalSet: 0x24, i32Const: 0x41, i32Eqz: 0x45, i32Sub: 0x6b } as const;
const I32 = 0x7f;
const VOID = 0x40;

/** How many jumps are left: (global (mut i32) (i32.const -1)): unsigned, all ones. */
export const FUEL_GLOBAL = Uint8Array.of(I32, 1, OP.i32Const, I32, OP.end);

/** fuel = fuel - 1; if (fuel == 0) ask the host, which sets it anew, or does not come back. */
export const jumpCount = (fuel: number, ask: number): readonly number[] => [
  OP.globalGet, fuel, OP.i32Const, 1, OP.i32Sub, OP.globalSet, fuel,
  OP.globalGet, fuel, OP.i32Eqz, OP.if, VOID, OP.call, ...encode(ask), OP.end,
];

/** The code section with `jump` at the head of each function's loop (loopHead). */
export function countJumps(section: Uint8Array, jump: readonly number[]): Uint8Array {
  const [count, first] = decode(section, 0);
  const out = new CodeWriter(section.length + count * (jump.length + 2));
  let from = 0;
  for (let n = 0, at = first; n < count; n++) {
    const [size, start] = decode(section, at);
    const head = loopHead(section, start);
    if (head !== undefined) {
      out.copy(section, from, at);
      out.put(encode(size + jump.length));
      out.copy(section, start, head);
      out.put(jump);
      from = head;
    }
    at = start + size;
  }
  out.copy(section, from, section.length);
  return out.bytes();
}

/**
 * Where the body of the outermost loop begins of a function whose locals are declared at `start`. A Go function that can be
 * resumed or jumps backwards begins with one loop around its basic blocks, after a few loads of locals and a block around all
 * (cmd/internal/obj/wasm/wasmobj.go, "entry point loop"); every jump passes its head. Others have none.
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
