import type { OperationWaitReason } from "../../model/run/operation.js";

/**
 * Why a goroutine waits, in the words of Go's dumps (runtime/runtime2.go, `waitReasonStrings`), so that whatever
 * reads a Go process reads this one. `IO wait` is Go's word for the network: here any promise declared with `outside`.
 */
export type WaitReason =
  | OperationWaitReason
  | "" | "chan receive (nil chan)" | "chan send (nil chan)" | "select (no cases)"
  | "runnable" | "running" | "foreign await" | "sync.Once.Do" | "errgroup.Wait" | "join";
