/** The guest's clock (control/virtual-time.ts says what its goroutines read). */
export interface HostClock {
  /** Nanoseconds of the guest's monotonic clock. */
  base: number;
}
