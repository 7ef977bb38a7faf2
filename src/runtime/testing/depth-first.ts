import { formatChoice, type Choice } from "../../model/run/choice.js";
import type { Outcome } from "../../model/run/outcome.js";
import type { Program, Run } from "../../model/run/program.js";

/** What one schedule came to. */
export interface ScheduleEnding {
  readonly schedule: string;
  readonly outcome: Outcome;
  readonly printed: string;
  /** Names of the goroutines that are blocked at the end, with why. */
  readonly blocked: readonly string[];
}

/** Every schedule, by plain depth-first search: the runtime's own tests must not depend on the explorer. */
export async function everySchedule(
  program: Program,
  limit = 20_000,
  options: { readonly blocked: boolean } = { blocked: true },
): Promise<readonly ScheduleEnding[]> {
  const endings: ScheduleEnding[] = [];
  const path: { readonly choices: readonly Choice[]; at: number }[] = [];
  do {
    endings.push(await oneSchedule(program, path, options.blocked));
    while (path.length > 0 && ++path.at(-1)!.at >= path.at(-1)!.choices.length) path.pop();
  } while (path.length > 0 && endings.length < limit);
  return endings;
}

async function oneSchedule(
  program: Program,
  path: { readonly choices: readonly Choice[]; at: number }[],
  asksBlocked: boolean,
): Promise<ScheduleEnding> {
  let printed = "";
  const decoder = new TextDecoder();
  const run = await program.start({ output: (_stream, bytes) => (printed += decoder.decode(bytes)) });
  const taken: string[] = [];
  for (let depth = 0; run.outcome() === undefined; depth++) {
    if (depth === path.length) path.push({ choices: choicesOf(run), at: 0 });
    const choice = path[depth]!.choices[path[depth]!.at]!;
    taken.push(formatChoice(choice));
    await run.take(choice);
  }
  const outcome = run.outcome()!;
  const blocked = asksBlocked ? await blockedIn(run) : [];
  return { schedule: taken.join(" "), outcome, printed, blocked };
}

async function blockedIn(run: Run): Promise<readonly string[]> {
  const snapshot = await run.goroutines();
  return snapshot.goroutines
    .filter((g) => g.state === "waiting")
    .map((g) => `${g.name} ${g.waitReason}`)
    .sort();
}

function choicesOf(run: Run): readonly Choice[] {
  const seen = new Map<string, Choice>();
  for (const { alternatives } of run.pending()) for (const one of alternatives) seen.set(formatChoice(one), one);
  return [...seen.values()];
}
