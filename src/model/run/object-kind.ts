/** What a program calls an object of the runtime's that is made of others: a context's Done channel is its context. */
export type ObjectKind = "context" | "AbortSignal" | "errgroup" | "goroutine";

export interface ObjectLabel {
  readonly kind: ObjectKind;
  /** Where it has a name of its own: `goroutine 1.2`. */
  readonly name?: string;
}
