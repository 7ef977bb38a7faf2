import type { Failure, ExaminationOrigin } from "./examination.js";
import type { Finding } from "../finding/finding.js";
import type { Frame } from "../goroutine/stack.js";
import type { Result } from "../../base/result.js";

/** The ways to mend a leak; each is a file below go/fix, which says what it does, and many are in src/toolchain/js/fix/ways. */
export const WAYS = [
  "buffer", "make", // the channel itself
  "close-sender", "close-handed", "close-owner", "close-first", "cancel", "select-done", "done-added", "receive", // an end for who waits
  "done-field", "quit-added", "timeout", "defer-close",
  "unlock", "unlock-last", "lock-apart", "unlock-around", // locks
  "waitgroup-count", "waitgroup-done", "signal-locked",
  "await-added", "give-back", "signal-passed", "listener-removed", // of ordinary TypeScript
] as const;
export type Way = (typeof WAYS)[number];

/** `text` in the place of `length` bytes from `offset` on. */
export interface SourceEdit {
  readonly file: string;
  readonly offset: number;
  readonly length: number;
  readonly text: string;
}

/** A proposal: nothing is known of it but that it parses. */
export interface FixCandidate {
  readonly way: Way;
  readonly edits: readonly SourceEdit[];
  /** The names that the sentence about it needs: `channel`, `room` … */
  readonly facts: Readonly<Record<string, string>>;
  /** What mends what came up under the first step; `edits` are those of all steps together. */
  readonly then?: readonly FixStep[];
}

/** A further step of a patch of several. */
export type FixStep = Pick<FixCandidate, "way" | "facts">;

/** A way that proposes nothing, with the condition that does not hold. */
export interface FixRefusal {
  readonly way: Way;
  readonly why: string;
}

/** A finding as far as what proposes needs it: where it waits, and who is beside it. */
export interface FixSite {
  readonly ways: readonly Way[];
  readonly stack: readonly Pick<Frame, "file" | "line">[];
  readonly others: readonly Pick<Frame, "file" | "line">[];
}

export interface FixProposals {
  readonly candidates: readonly FixCandidate[];
  readonly refused: readonly FixRefusal[];
}

/** Proposes for each site, in its order; `patched` files are read as they are there. Only the user's own files are edited: none of a dependency. */
export type Propose = (sites: readonly FixSite[], patched?: readonly PatchedFile[]) => Promise<Result<readonly FixProposals[], string>>;

/** What was tried of a patch, and held. */
export interface FixProof {
  /** Of the programs that showed the finding: how many schedules altogether, and whether each was explored completely. */
  readonly schedules: number;
  readonly complete: boolean;
  /** The same of these programs without the patch: what it was measured by (fix/compare.ts, P2). */
  readonly before: Pick<FixProof, "schedules" | "complete">;
  /** How many programs (tests, mains) of the packages that the patch changes were explored again. */
  readonly programs: number;
  /** How many tests passed natively, before and with the patch; undefined of a main. */
  readonly tests?: number;
  /** What else read the patch and says nothing new: `go vet`, or TypeScript's type checker. */
  readonly checked: "vet" | "types";
  /** It was repeated in real time, not explored (docs/promises.md). */
  readonly repeated?: true;
}

/** Why a patch was thrown away: the first thing that did not hold. */
export type FixMiss =
  | { readonly kind: "build"; readonly words: string }
  /** The finding itself, or another one: in which program, and with which schedule (of the program with the patch). */
  | { readonly kind: "still" | "new"; readonly program: string; readonly finding: Finding; readonly schedules: number }
  | { readonly kind: "outcome"; readonly program: string; readonly before: string; readonly after: string }
  | { readonly kind: "fewer"; readonly program: string; readonly wanted: string; readonly schedules: number }
  | { readonly kind: "limit"; readonly program: string; readonly words: string }
  | { readonly kind: "tests"; readonly failed: readonly string[] }
  | { readonly kind: "vet" | "types"; readonly words: string };

/** `of`: it is the patch of another finding, at that place, and was tried for this one. */
export type FixTrial = { readonly candidate: FixCandidate; readonly diff: string; readonly of?: Finding["blocked"] } & ({ readonly proof: FixProof } | { readonly miss: FixMiss });
export type ProvedFix = Extract<FixTrial, { readonly proof: FixProof }>;
export type MissedFix = Extract<FixTrial, { readonly miss: FixMiss }>;

/** One blocked line, in whichever programs it was found, and what came of mending it. */
export interface FixOutcome {
  readonly findings: readonly Finding[];
  /** How many schedules showed it, of how many: of the programs that did. */
  readonly seen: number;
  readonly schedules: number;
  /** Those that hold, with the least change in behaviour first. */
  readonly proved: readonly ProvedFix[];
  readonly missed: readonly MissedFix[];
  readonly refused: readonly FixRefusal[];
}

export interface FixReport {
  readonly origin: ExaminationOrigin;
  /** How many programs were explored for findings, and of how many of these all schedules. */
  readonly explored: { readonly programs: number; readonly complete: number };
  readonly outcomes: readonly FixOutcome[];
  /** How many of the outcomes' patches somebody chose; undefined: nobody was asked, and the first of each counts. */
  readonly chosen?: number;
  /** The first patch of each outcome (of each of `mends`), as far as they hold together: what is written. Undefined where there is none. */
  readonly together?: { readonly diff: string; readonly files: readonly PatchedFile[]; readonly mends: readonly FixOutcome[] };
  readonly failures: readonly Failure[];
  /** Files that were written; none without --write. */
  readonly written: readonly string[];
}

export interface PatchedFile {
  readonly file: string;
  readonly before: string;
  readonly after: string;
}
