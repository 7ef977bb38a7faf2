import { optional } from "../../base/optional.js";
import { hash64, SequenceHash, type Hash64 } from "../../base/short-hash.js";
import { marksOf } from "./frame-marks.js";
import type { Frame, Stack } from "./stack.js";

/** What is to be seen of a frame (undefined: it is hidden), and the hash of its function, file and line. */
interface SeenFrame {
  readonly visible: Frame | undefined;
  readonly high: number;
  readonly low: number;
  readonly marks: number;
}

/** The hash of all that is visible of a stack, with files and lines; and the first of it. */
export interface StackLook extends Hash64 {
  readonly innermost: Frame | undefined;
  readonly marks: number;
}

/** Goroutines of a dump's text mostly share their stack arrays, then each is looked at once; those of a profile never do. */
export class StackLooks {
  readonly #viewer: StackViewer;
  readonly #known = new Map<Stack, StackLook>();
  #shared = 0;

  constructor(viewer: StackViewer) {
    this.#viewer = viewer;
  }

  of(stack: Stack): StackLook {
    const known = this.#known.get(stack);
    if (known) {
      this.#shared++;
      return known;
    }
    const look = this.#viewer.look(stack);
    // What hardly anybody shares is not kept: to remember 50,000 stacks takes longer than to look at them.
    if (this.#known.size < ENOUGH || this.#shared * 4 > this.#known.size) this.#known.set(stack, look);
    return look;
  }
}
const ENOUGH = 1000;

/** Looks at stacks that share their frames: each frame once. */
export class StackViewer {
  readonly #annotate: ((frame: Frame) => Frame) | undefined;
  readonly #frames = new Map<Frame, SeenFrame>();
  readonly #hash = new SequenceHash();

  constructor(annotate?: (frame: Frame) => Frame) {
    this.#annotate = annotate;
  }

  look(stack: Stack): StackLook {
    const hash = this.#hash;
    let innermost: Frame | undefined;
    let marks = 0;
    let high = 0;
    let low = 0;
    for (let i = 0; i < stack.length; i++) {
      const seen = this.#frame(stack[i]!);
      marks |= seen.marks;
      if (!seen.visible || (seen.low === low && seen.high === high)) continue; // equal neighbours are one
      ({ high, low } = seen);
      innermost ??= seen.visible;
      hash.add(high, low);
    }
    if (!innermost && stack.length > 0) this.#addText(textOf((innermost = stack[0]!)));
    return hash.finish({ high: 0, low: 0, innermost, marks });
  }

  /** Of what `visible` gave: the functions alone. */
  functions(visible: Stack): Hash64 {
    for (const frame of visible) this.#addText(frame.function);
    return this.#hash.finish({ high: 0, low: 0 });
  }

  /**
   * Leaves out what only some forms show: the runtime's unexported functions (dumps hide them: showframe in
   * runtime/traceback.go) and the wrapper of a `go f(x)`, the type arguments of generics (profiles name shapes, dumps print `[...]`), and the depth of
   * a recursion (dumps print 100 frames; equal neighbours become one).
   */
  visible(stack: Stack): Stack {
    const visible: Frame[] = [];
    let last: SeenFrame | undefined;
    for (const frame of stack) {
      const seen = this.#frame(frame);
      if (!seen.visible || (last && seen.low === last.low && seen.high === last.high)) continue;
      visible.push(seen.visible);
      last = seen;
    }
    return visible.length > 0 ? visible : stack.slice(0, 1);
  }

  #addText(text: string): void {
    const { high, low } = hash64(text);
    this.#hash.add(high, low);
  }

  #frame(frame: Frame): SeenFrame {
    let seen = this.#frames.get(frame);
    if (!seen) {
      const visible = visibleFrame(frame);
      const marks = marksOf(frame.function);
      seen = visible ? { visible: this.#annotate?.(visible) ?? visible, ...hash64(textOf(visible)), marks } : { ...HIDDEN_FRAME, marks };
      this.#frames.set(frame, seen);
    }
    return seen;
  }
}

const textOf = ({ function: name, file, line }: Frame): string => `${name}@${file}:${line}`;

const HIDDEN_FRAME: SeenFrame = { visible: undefined, high: 0, low: 0, marks: 0 };

function visibleFrame(frame: Frame): Frame | undefined {
  if (HIDDEN.test(frame.function)) return undefined;
  const { file, line, source } = frame;
  const name = plainFunction(frame.function);
  if (name === frame.function && frame.offset === undefined) return frame;
  return { function: name, file, line, ...optional({ source }) };
}

const HIDDEN = /^(?:runtime\.(?!gopanic$)[a-z_]|internal\/runtime\/)|\.gowrap\d+$/;

/** `main.f[go.shape.int]` → `main.f[...]`; the panic that a dump shows as `panic` is gopanic in a profile. */
function plainFunction(name: string): string {
  if (name === "runtime.gopanic") return "panic";
  const open = name.indexOf("[");
  if (open < 0) return name;
  const close = name.lastIndexOf("]");
  return close < open ? name : `${name.slice(0, open)}[...]${name.slice(close + 1)}`;
}
