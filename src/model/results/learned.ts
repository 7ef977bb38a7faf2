/** What is known of a test, from all rounds of `unpark soak` over the same build. */
export interface LearnedTest {
  readonly package: string;
  readonly name: string;
  /** When it was explored last, milliseconds since 1970. */
  readonly at: number;
  readonly rounds: number;
  readonly schedules: number;
  /** That its exploration took, in all. */
  readonly milliseconds: number;
  /** Of the longest run, in steps. */
  readonly depth: number;
  readonly complete: boolean;
  /** Pairs of steps of which either could come first (explore/choice-pairs.ts), and how many of them were tried both ways. Undefined: it was not counted. */
  readonly choices?: { readonly pairs: number; readonly both: number };
  readonly findings: readonly LearnedFinding[];
  /** How often something new was seen (a finding, a longer run, a round with other choices), and how much had been tried by the last time. */
  readonly news: number;
  readonly newAt: { readonly schedules: number; readonly milliseconds: number };
}

interface LearnedFinding {
  /** The same defect has the same (finding-identity.ts). */
  readonly id: string;
  /** `leaked: main.f.func1 f.go:12` */
  readonly words: string;
  readonly at: number;
  /** So many schedules had been tried by the end of its round. */
  readonly schedules: number;
}
