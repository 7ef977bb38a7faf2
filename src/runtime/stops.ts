import type { ObjectId } from "../model/ids.js";
import type { Access, OpKind } from "../model/operation.js";
import type { Control, Stop } from "./control.js";

/** An operation on one object: everything but channels and select. Only made under control, so closures cost production nothing. */
export class ObjectStop implements Stop {
  readonly op: OpKind;
  readonly home: Control | undefined;
  readonly accesses: readonly Access[];
  /** For snapshots and traces of WaitGroups. */
  readonly counter?: () => number;
  readonly detail?: number;
  readonly #ready: (() => boolean) | undefined;
  readonly #perform: () => unknown;

  /** `ready` undefined: always. */
  constructor(
    home: Control | undefined,
    object: ObjectId,
    op: OpKind,
    perform: () => unknown,
    ready?: () => boolean,
    about: { readonly counter?: () => number; readonly detail?: number } = {},
  ) {
    this.home = home;
    this.op = op;
    this.accesses = [{ object, op }];
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
