/** The guest's clock (control/virtual-time.ts says what its goroutines read). */
export interface HostClock {
  /** Nanoseconds of the guest's monotonic clock. */
  base: number;
  /** The clock's next move goes as far as this (ClockView.skipTo). */
  skipTo: number | undefined;
  /** It has gone past timers that were due before: who was to act then is late, as on a machine that stalls. */
  skipped: boolean;
  /** So often a select took its default though somebody had come to the other side of a case before the clock last moved: who had not arrived since stood on a machine that stalls. */
  overtaken: number;
}
