import { objectId, type ObjectId } from "../../model/ids.js";
import type { Access, OpKind } from "../../model/operation.js";
import type { Control, Stop } from "./pending-operation.js";

/** An object with its world and its number there. */
export interface Located {
  readonly home: Control | undefined;
  readonly object: ObjectId;
}

/** For operations that have no object: a yield, a draw. */
export const nowhere = (home: Control | undefined): Located => ({ home, object: objectId(-1) });

/** An operation on one object: everything but channels and select. Only made under control, so closures cost production nothing. */
export class ObjectStop implements Stop {
  readonly op: OpKind;
  readonly home: Control | undefined;
  readonly accesses: readonly Access[];
  /** For snapshots and traces of WaitGroups. */
  readonly counter?: () => number;
  readonly detail?: number;
  /** What it waits for: whoever can reach it can end the wait. */
  readonly subject: object;
  readonly #ready: (() => boolean) | undefined;
  readonly #perform: () => unknown;

  /** `ready` undefined: always. */
  constructor(
    on: Located,
    op: OpKind,
    perform: () => unknown,
    ready?: () => boolean,
    about: { readonly counter?: () => number; readonly detail?: number } = {},
  ) {
    this.home = on.home;
    this.subject = on;
    this.op = op;
    this.accesses = [{ object: on.object, op }];
    this.#perform = perform;
    this.#ready = ready;
    if (about.counter !== undefined) this.counter = about.counter;
    if (about.detail !== undefined) this.detail = about.detail;
  }

  ready(): boolean {
    return this.#ready === undefined || this.#ready();
  }

  perform(): unknown {
    return this.#perform();
  }
}
