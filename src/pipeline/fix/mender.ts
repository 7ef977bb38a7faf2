import { waysOf } from "../../fix/ways.js";
import { lineEdits } from "../../fix/line-edits.js";
import type { Finding } from "../../model/finding/finding.js";
import type { FixCandidate, FixSite, FixTrial, MissedFix, PatchedFile, Propose, ProvedFix } from "../../model/results/fix.js";
import type { FixListener, FixRequest } from "./fix-request.js";
import { diffOf, patchedFiles } from "./patched-context.js";
import type { Defect, Prover } from "./trial.js";

interface MenderParts {
  readonly prover: Prover;
  readonly propose: Propose;
  readonly request: Pick<FixRequest, "root" | "signal" | "ways" | "language">;
  readonly listener: Pick<FixListener, "trying">;
}

/** Patches of so many steps, and so many patches of several for one finding. */
const STEPS = 3;
const COMPOSED = 12;
/** Milliseconds for all of these. */
const PATIENCE_MS = 180_000;

/** What is asked about findings of one place. */
export function siteOf(findings: readonly Finding[], { ways: only, language }: Pick<FixRequest, "ways" | "language">): FixSite {
  const ways = [...new Set(findings.flatMap((finding) => waysOf(finding, language)))].filter((way) => only?.includes(way) ?? true);
  const started = findings.flatMap(({ createdBy }) => createdBy ?? []);
  const waiting = findings.flatMap(({ consequences = [] }) => consequences.flatMap(({ stack, createdBy }) => [...stack, ...(createdBy === undefined ? [] : [createdBy])]));
  const { stack, blocked } = findings[0]!;
  return { ways, stack: stack.length > 0 ? stack : [blocked], others: [...started, ...waiting, ...findings.slice(1).flatMap(({ stack }) => stack)] };
}

/**
 * Tries patches for one finding after the other.
 *
 * M1. A patch of several steps is proved as one of a single step is: the finding is gone, and nothing new came.
 * M2. A step is asked for only by what came up under the steps before it, at the place where it came up.
 */
export class Mender {
  readonly #parts: MenderParts;
  /** What came of a patch for another finding at which it was tried, by its edits. */
  readonly #known = new Map<string, FixTrial>();

  constructor(parts: MenderParts) {
    this.#parts = parts;
  }

  /** Each proposal by itself. */
  async single(defect: Defect, candidates: readonly FixCandidate[]): Promise<readonly FixTrial[]> {
    const trials: FixTrial[] = [];
    for (const candidate of candidates) {
      const files = this.#isOver() ? undefined : patchedFiles(candidate.edits);
      if (files?.ok === true) trials.push(await this.#tried(defect, candidate, files.value));
    }
    return trials;
  }

  /** The first patch of another finding that mends this one, too. */
  async byOthers(defect: Defect, others: readonly { readonly of: Finding["blocked"]; readonly trial: ProvedFix }[]): Promise<readonly FixTrial[]> {
    for (const { of, trial } of others) {
      const [again] = await this.single(defect, [trial.candidate]);
      if (again !== undefined && "proof" in again) return [{ ...again, of }];
    }
    return [];
  }

  /** From the patches that missed: what came up under one is mended in turn, and both are proved together. */
  async composed(defect: Defect, misses: readonly FixTrial[]): Promise<readonly FixTrial[]> {
    const queue = misses.filter((trial) => "miss" in trial).sort((a, b) => share(a) - share(b));
    const seen = new Set(queue.map(({ diff }) => diff));
    const trials: FixTrial[] = [];
    const end = performance.now() + PATIENCE_MS;
    for (const miss of queue) {
      for (const { candidate, files } of await this.#further(miss)) {
        if (trials.length === COMPOSED || performance.now() > end || this.#isOver()) return trials;
        const diff = diffOf(files, this.#parts.request.root);
        if (diff === "" || seen.has(diff)) continue;
        seen.add(diff);
        const trial = await this.#tried(defect, candidate, files);
        trials.push(trial);
        if ("proof" in trial) return trials;
        queue.push(trial);
      }
    }
    return trials;
  }

  /** The patches of one step more, asked for by what came up. */
  async #further({ candidate, miss }: MissedFix): Promise<readonly { readonly candidate: FixCandidate; readonly files: readonly PatchedFile[] }[]> {
    const { then = [] } = candidate;
    const files = patchedFiles(candidate.edits);
    if (!("finding" in miss) || !files.ok || then.length + 2 > STEPS) return [];
    const site = siteOf([miss.finding], this.#parts.request);
    const proposals = site.ways.length === 0 ? undefined : await this.#parts.propose([site], files.value);
    if (proposals?.ok !== true) return [];
    return proposals.value[0]!.candidates.flatMap(({ way, facts, edits }) => {
      const both = patchedFiles(edits, files.value);
      return both.ok ? [{ files: both.value, candidate: { ...candidate, edits: both.value.flatMap(lineEdits), then: [...then, { way, facts }] } }] : [];
    });
  }

  async #tried(defect: Defect, candidate: FixCandidate, files: readonly PatchedFile[]): Promise<FixTrial> {
    const { prover, listener, request } = this.#parts;
    const key = JSON.stringify([candidate.edits, defect.map(({ program, finding }) => [program.package, program.name, finding.blocked])]);
    const known = this.#known.get(key);
    if (known !== undefined) return known;
    listener.trying?.(candidate.then?.at(-1)?.way ?? candidate.way, defect[0]!.finding);
    const trial = { candidate, diff: diffOf(files, request.root), ...(await prover.try(files, defect)) };
    this.#known.set(key, trial);
    return trial;
  }

  #isOver(): boolean {
    return this.#parts.request.signal?.aborted === true;
  }
}

/** How much is left under a patch: what is new beside a mended finding is nearest, then who is still blocked more seldom. */
function share({ miss }: MissedFix): number {
  if (!("finding" in miss)) return 2;
  return (miss.kind === "new" ? 0 : 1) + (miss.finding.seen ?? miss.schedules) / Math.max(1, miss.schedules) / 2;
}
