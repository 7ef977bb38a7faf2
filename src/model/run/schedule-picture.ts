/**
 * One run as a page draws it: plain data, small (each frame, text and file once), so that it goes through JSON from a
 * worker or a test runner. Steps count from 0 here; people see them from 1, as in every other form of a report.
 */
export interface SchedulePicture {
  /** `TestTimeout`, or the main package. */
  readonly program: string;
  /** The printable schedule. */
  readonly schedule: string;
  readonly lanes: readonly PictureLane[];
  readonly steps: readonly PictureStep[];
  readonly arrows: readonly PictureArrow[];
  /** `channel A`, `mutex B`: steps and lanes point at them. */
  readonly objects: readonly string[];
  /** Who has which lock, in the order of taking. */
  readonly holds: readonly PictureHold[];
  /** function, file, line, owner (0 the user's, 1 a library's, 2 Go itself). */
  readonly frames: readonly (readonly [string, string, number, number])[];
  /** `source = "fast", takes = 100ms`: what functions were called with; each text once. */
  readonly values?: readonly string[];
  /** The lines of each file that a frame names, where they were at hand. */
  readonly sources: Readonly<Record<string, readonly string[]>>;
}

/** A run, and where there is one a run of the same program beside it in which the goroutine in question ends. */
export interface DrawnRun {
  readonly picture: SchedulePicture;
  readonly beside?: {
    readonly title: string;
    readonly picture: SchedulePicture;
    /** The first step at which the two differ, counted from 1. */
    readonly partsAt: number;
  };
}

/** One goroutine. */
export interface PictureLane {
  readonly name: string;
  /** The function it was started with. */
  readonly entry: string;
  /** Where the `go` statement stands; a frame's index. */
  readonly createdBy?: number;
  /** Step during which it was started; -1: before the first. */
  readonly from: number;
  /** Step in which it ended; undefined: it was there at the end of the run. */
  readonly to?: number;
  /** At the end of the run. */
  readonly end: "ended" | "blocked" | "subject";
  /** Of those that did not end: `chan send on channel A`; of a subject its end in words (`is blocked for ever (…)`). `frame`: where, an index. */
  readonly reason?: string;
  readonly frame?: number;
  /** What it waits at; indices. */
  readonly waitsAt?: readonly number[];
  /** Of those that did not end: the stack, where values were recorded, and beside it as PictureStep.calledWith. */
  readonly stack?: readonly number[];
  readonly calledWith?: readonly number[];
}

export interface PictureStep {
  /** A lane's index; -1: the clock. */
  readonly lane: number;
  /** Of a send and a receive that met: the receiver's lane. */
  readonly other?: number;
  readonly text: string;
  /** Virtual time after the step, nanoseconds since the run began. */
  readonly time: number;
  /** Innermost frame first. */
  readonly stack: readonly number[];
  /** Of each frame of the stack the index of what it was called with; -1: that is not known. */
  readonly calledWith?: readonly number[];
  readonly objects: readonly number[];
  /** The user's code asked for it; without it, the library did so on its own. */
  readonly user: boolean;
  /** In the causal past of what was found. */
  readonly past: boolean;
}

/** A lock is held after the steps `from` to `to` - 1; without `to`: until the end of the run. `object`, `lane`: indices. */
export interface PictureHold {
  readonly object: number;
  readonly lane: number;
  readonly from: number;
  readonly to?: number;
}

export interface PictureArrow {
  readonly kind: "start" | "value" | "close" | "unlock" | "wake" | "memory" | "timer";
  readonly fromStep: number;
  readonly fromLane: number;
  readonly toStep: number;
  readonly toLane: number;
}
