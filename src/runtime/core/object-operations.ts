import { objectId, type ObjectId } from "../../model/ids.js";
import type { ObjectLabel } from "../../model/run/object-kind.js";
import type { Access, OpKind } from "../../model/run/operation.js";
import type { OperationControl, PendingOperation } from "./pending-operation.js";
import type { WaitReason } from "./wait-reason.js";

/** An object with its world and its number there. */
export interface OwnedObject {
  readonly owningRun: OperationControl | undefined;
  readonly object: ObjectId;
  readonly label?: ObjectLabel | undefined;
}

/** For operations that have no object: a yield, a draw. */
export const noObject = (home: OperationControl | undefined): OwnedObject => ({ owningRun: home, object: objectId(-1) });

/** An operation on one object: everything but channels and select. Only made under control, so closures cost production nothing. */
export class ObjectOperation implements PendingOperation {
  readonly op: OpKind;
  readonly owningRun: OperationControl | undefined;
  readonly accesses: readonly Access[];
  /** For snapshots and traces of WaitGroups. */
  readonly counter?: () => number;
  readonly detail?: number;
  readonly waitReason?: WaitReason;
  /** What it waits for: a goroutine that can reach it can end the wait. */
  readonly subject: object;
  readonly #ready: (() => boolean) | undefined;
  readonly #perform: () => unknown;

  /** `ready` undefined: always. */
  constructor(
    on: OwnedObject,
    op: OpKind,
    perform: () => unknown,
    ready?: () => boolean,
    about: { readonly counter?: () => number; readonly detail?: number; readonly waitReason?: WaitReason } = {},
  ) {
    this.owningRun = on.owningRun;
    this.subject = on;
    this.op = op;
    this.accesses = [on.label === undefined ? { object: on.object, op } : { object: on.object, op, label: on.label }];
    this.#perform = perform;
    this.#ready = ready;
    if (about.counter !== undefined) this.counter = about.counter;
    if (about.detail !== undefined) this.detail = about.detail;
    if (about.waitReason !== undefined) this.waitReason = about.waitReason;
  }

  ready(): boolean {
    return this.#ready === undefined || this.#ready();
  }

  perform(): unknown {
    return this.#perform();
  }
}
