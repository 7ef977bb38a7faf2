import type { ObjectId } from "../../model/ids.js";
import type { ObjectKind } from "../../model/run/object-kind.js";
import { isOf, operation, type Access, type OpKind } from "../../model/run/operation.js";

/** Names for a run's objects in the order in which a reader meets them: `channel A`, `mutex B`. */
export class ObjectNames {
  readonly #letters = new Map<ObjectId, string>();

  /** `act`: the operation that touched it. What accepts connections reads from an address, not from a stream. */
  of({ object, op, label }: Access, act: OpKind = op): string {
    if (label?.name !== undefined) return label.name;
    let letter = this.#letters.get(object);
    if (letter === undefined) this.#letters.set(object, (letter = letters(this.#letters.size)));
    const noun = label === undefined ? operation(isOf(act, "network") ? act : op).noun : NOUNS[label.kind];
    return `${noun ?? "object"} ${letter}`;
  }
}

const NOUNS: Readonly<Record<ObjectKind, string>> = { context: "context", AbortSignal: "AbortSignal", errgroup: "errgroup", goroutine: "goroutine" };

/** 0 → A, 25 → Z, 26 → AA. */
const letters = (n: number): string => (n < 26 ? "" : letters(Math.floor(n / 26) - 1)) + String.fromCharCode(65 + (n % 26));
