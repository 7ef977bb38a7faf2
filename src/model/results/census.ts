import type { Goroutine, Snapshot } from "../goroutine/snapshot.js";

/** What one test binary of the native mode left behind when it exited (go/native writes it). */
export interface Census {
  /** Import path of the package under test. */
  readonly package: string;
  /** As runtime.Version says: `go1.26.8`. */
  readonly goVersion: string;
  readonly pid: number;
  /** The runtime's leak collection was run: a goroutine that it did not mark is reachable. */
  readonly proof: boolean;
  readonly owners: readonly CensusOwner[];
  /** Every goroutine of the process; Unpark's own label is taken out. */
  readonly snapshot: Snapshot;
  /** The deep collection's: nothing can end these but a packet, or nothing at all but that a ticker ticks. By id. */
  readonly abandoned: ReadonlySet<number>;
  /** Looked at when their test ended (`--each`), and gone when the process exited. Their owners are in `ownerOf`. */
  readonly outlived: readonly Goroutine[];
  /** How many tests' ends were not looked at any more, because too many before had left something. */
  readonly unseen: number;
  /** Which test owns a goroutine, by the goroutine's id. Without an owner: started by init, TestMain, or a timer. */
  readonly ownerOf: ReadonlyMap<number, CensusOwner>;
}

/** One run of a test, subtest, benchmark, example or fuzz target. */
export interface CensusOwner {
  readonly id: number;
  /** `TestX/sub`. */
  readonly test: string;
  /** False: the process exited while it was still running. */
  readonly over: boolean;
}
