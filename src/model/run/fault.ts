import type { Choice } from "./choice.js";
import type { OpKind } from "./operation.js";

/** What goes wrong in an operation where the schedule says so, in a report's words: `1.2 reads from stream A: …`. */
interface FaultRow {
  readonly fault: string;
  readonly words: Readonly<Partial<Record<OpKind, string>>>;
}

/** By their numbers in go/net/net_fake.go and go/os/unpark.go, from 1 (a test compares them): a choice `1.2=4` is fault 4 of 1.2's operation. */
const ROWS = [
  { fault: "refused", words: { netdial: "the connection is refused" } },
  { fault: "timeout", words: { netdial: "no answer comes, until the attempt times out" } },
  { fault: "silent", words: { netdial: "the connection is made, and its peer never answers" } },
  { fault: "reset", words: { netread: "the connection is reset", netwrite: "the connection is reset, and nothing is written" } },
  { fault: "cut", words: { netread: "it gets half of what is there, and the connection ends", netwrite: "half of it is written, and the connection is reset" } },
  { fault: "short", words: { netread: "it gets half of what is there, the rest later" } },
  { fault: "permission", words: { fileopen: "it is not permitted" } },
  { fault: "space", words: { filewrite: "no space is left, and nothing is written" } },
  { fault: "close", words: { fileclose: "an error is reported (input/output error)" } },
] as const satisfies readonly FaultRow[];

export type Fault = (typeof ROWS)[number]["fault"];

export const FAULTS: readonly Fault[] = ROWS.map(({ fault }) => fault);

export const faultNumber = (fault: Fault): number => FAULTS.indexOf(fault) + 1;

/** Undefined: no such fault of such an operation. */
function faultWords(op: OpKind, number: number): string | undefined {
  const row: FaultRow | undefined = ROWS[number - 1];
  return row?.words[op];
}

/** As `faultWords`, of what was done in a step (model/run/trace.ts). */
export const faultOf = ({ op, detail }: { readonly op: OpKind; readonly detail?: number }): string | undefined => (detail === undefined ? undefined : faultWords(op, detail));

/** What a choice makes go wrong: a value of an operation that is no draw. */
export const isFault = (choice: Choice, op: OpKind): boolean => choice.kind === "value" && op !== "random";
