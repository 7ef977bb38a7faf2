/**
 * Why a goroutine waits, in the words of Go's dumps (runtime/runtime2.go, `waitReasonStrings`), so that whatever
 * reads a Go process reads this one. `IO wait` is Go's word for the network: here any promise declared with `outside`.
 */
export const WAIT_REASONS = [
  "", "chan receive", "chan send", "chan receive (nil chan)", "chan send (nil chan)", "select", "select (no cases)",
  "sleep", "sync.Mutex.Lock", "sync.RWMutex.RLock", "sync.RWMutex.Lock", "sync.WaitGroup.Wait", "sync.Cond.Wait",
  "semacquire", "IO wait", "runnable", "running", "foreign await", "sync.Once.Do",
] as const;
export type WaitReason = (typeof WAIT_REASONS)[number];
