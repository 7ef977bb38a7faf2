import { GUEST_OPERATIONS, type GuestOp, type OpKind } from "../../model/run/operation.js";

/**
 * A goroutine's operation by its number in go/runtime/unpark.go (`GuestGoroutine.code`): the host asks some twenty things of it in each step, and a
 * look into a table by a number costs a tenth of one into a set by a name.
 */
const ALL: readonly (GuestOp | "start")[] = [...GUEST_OPERATIONS, "start"];

export const codeOf = (op: GuestOp | "start"): number => ALL.indexOf(op);

/** Before its first operation. */
export const START = codeOf("start");

/** Of which operations something holds, by their numbers. */
export const codesWhere = (holds: (op: OpKind) => boolean): Uint8Array => Uint8Array.from(ALL, (op) => (holds(op) ? 1 : 0));

/** Something of each operation, by its number. */
export const byCode = <T>(of: (op: OpKind) => T): readonly T[] => ALL.map(of);
