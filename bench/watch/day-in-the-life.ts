// A day in the life of a fleet, for thirty days (bench/watch/fleet.ts): who is named by the rule of src/watch/days.ts, when, and how many false alarms.
// Seeds 1 to 28 are those that the rule was tuned on. Takes some 15 s of processor time a seed.
// `node dist/bench/watch/day-in-the-life.js SEED... > FILE`, and of all of these `… --tell FILE... > docs/fleet/day-in-the-life.md`
import { readFileSync } from "node:fs";
import { DEFAULT_GROWTH } from "../../src/watch/growth.js";
import { Days } from "../../src/watch/days.js";
import { History } from "../../src/watch/history.js";
import { Fleet, type Service } from "./fleet.js";

const size = 200;
const days = 30;
/** The rule was tuned on seeds up to this one. */
const TUNED = 28;
const WAYS = ["ages", "counts"] as const;
type Way = (typeof WAYS)[number];

interface Leaked {
  readonly seed: number;
  readonly which: number;
  readonly how: string;
  readonly restarts: number;
  readonly mixed: boolean;
  /** Hours from the release that brought it until it was named. */
  readonly hours: Readonly<Record<Way, number | undefined>>;
}

interface Outcome {
  readonly seed: number;
  readonly leaks: Leaked[];
  readonly wrong: { readonly seed: number; readonly way: Way; readonly words: string }[];
}

function run(seed: number, service: Service, which: number, outcome: Outcome): void {
  const rules = { ages: new Days(DEFAULT_GROWTH), counts: new Days(DEFAULT_GROWTH) };
  const counts = new Map<string, number>();
  const stayed = new Map<string, number>();
  const leaking = new Set(service.groups.filter(({ leaks }) => leaks).map(({ name }) => name));
  const hours: Record<Way, number | undefined> = { ages: undefined, counts: undefined };
  const wrong = { ages: new Set<string>(), counts: new Set<string>() };
  for (let minute = 0; minute < days * 1440; minute++) {
    service.step(minute);
    for (const group of service.groups) {
      counts.set(group.name, group.count);
      stayed.set(group.name, group.stayed);
    }
    rules.ages.add(minute * 60_000, counts, stayed);
    rules.counts.add(minute * 60_000, counts);
    if (minute % 60 !== 0) continue;
    for (const way of WAYS) for (const [name, { from, to }] of rules[way].growing()) {
      // Before its release a leak is none: what is named then is a false alarm.
      if (leaking.has(name) && minute >= service.leak!.from) hours[way] ??= (minute - service.leak!.from) / 60;
      else if (!wrong[way].has(name)) {
        wrong[way].add(name);
        outcome.wrong.push({ seed, way, words: `${name} on day ${(minute / 1440).toFixed(1)}, ${from} to ${to}` });
      }
    }
  }
  if (service.leak) outcome.leaks.push({ seed, which, how: service.leak.how, mixed: service.leak.mixed, hours, restarts: service.restarts.filter((at) => at > service.leak!.from).length });
}

/** The same services by the rule that needs no day: what it would have called an alarm. */
function withoutDays(seed: number): { readonly leaks: number; readonly wrong: number; readonly services: number; readonly days: number } {
  const services = new Fleet(seed, days, size).services.slice(0, 20);
  const named = { leaks: 0, wrong: 0 };
  for (const service of services) {
    const history = new History(DEFAULT_GROWTH);
    let now = new Set<string>();
    for (let minute = 0; minute < 10 * 1440; minute++) {
      service.step(minute);
      history.add(minute * 60_000, 0, new Map(service.groups.map(({ name, count }) => [name, count])));
      if (minute % 20 !== 0) continue;
      const growing = new Set(history.growing().keys());
      for (const name of growing) if (!now.has(name)) named[service.groups.some((group) => group.name === name && group.leaks) ? "leaks" : "wrong"]++;
      now = growing;
    }
  }
  return { ...named, services: services.length, days: 10 };
}

const words = process.argv.slice(2);
for (const seed of words[0] === "--tell" ? [] : words.map(Number)) {
  const outcome: Outcome = { seed, leaks: [], wrong: [] };
  new Fleet(seed, days, size).services.forEach((service, i) => run(seed, service, i, outcome));
  process.stdout.write(`${JSON.stringify(outcome)}\n`);
}

const KINDS: readonly (readonly [string, RegExp])[] = [["one at each k-th request", /^each \d+th request/], ["one at each failed request", /failed/], ["one at each tick of a timer", /timer/]];
const middle = (values: readonly number[]): string => {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted.length === 0 ? "" : `${Math.round(sorted[sorted.length >> 1]!)} h, ${Math.round(sorted.at(-1)!)} h`;
};

function table(outcomes: readonly Outcome[], title: string): string {
  const leaks = outcomes.flatMap((one) => one.leaks);
  const wrong = outcomes.flatMap((one) => one.wrong);
  const rows = WAYS.flatMap((way) =>
    [...KINDS.map(([name, words]) => [name, leaks.filter(({ how }) => words.test(how))] as const),
      ["of these, below load at the same place", leaks.filter(({ mixed }) => mixed)] as const,
      ["of these, redeployed within two days, as a rule", leaks.filter(({ restarts }) => restarts > 12)] as const,
      ["all", leaks] as const].map(([name, these]) => {
      const known = these.flatMap(({ hours }) => hours[way] ?? []);
      return `| ${way === "ages" ? "dumps" : "profiles"} | ${name} | ${known.length} of ${these.length} | ${middle(known)} |${name === "all" ? ` **${wrong.filter((one) => one.way === way).length}** |` : " |"}`;
    }));
  const missed = leaks.flatMap(({ seed, which, how, mixed, restarts, hours }) => WAYS.filter((way) => hours[way] === undefined).map((way) => `- ${way === "ages" ? "dumps" : "profiles"}, seed ${seed}, service ${which}: ${how}${mixed ? ", below load at the same place" : ""}, restarted ${restarts} times after its release`));
  return [`## ${title}`, `${outcomes.length} fleets of ${size} services, ${days} days each.`, "", "| looks are | leak | named | after: median, most | false alarms |", "|---|---|---|---|---|", ...rows,
    ...(wrong.length > 0 ? ["", "False:", ...wrong.map(({ seed, way, words }) => `- ${way === "ages" ? "dumps" : "profiles"}, seed ${seed}: ${words}`)] : []),
    ...(missed.length > 0 ? ["", "Not named:", ...missed] : []), ""].join("\n");
}

function told(all: readonly Outcome[]): string {
  const quick = withoutDays(TUNED + 1);
  const judged = all.filter(({ seed }) => seed > TUNED);
  return `# A day in the life of a fleet, for thirty days

Made by bench/watch/day-in-the-life.ts. What the fleet is: bench/watch/fleet.ts. Each service has its
own size and course of days and weeks, load that wanders, deploys (each working day, twice a week, weekly, fortnightly), crashes, scaling; among them
are sales, holidays and incidents (a slow or a hung backend, retries), worker pools that grow or not, streams, people who come in the morning and go in
the evening, devices that stay for days, caches that fill up, jobs at night. Three services get a release, on the first day or later, that leaks. A look
each minute: a dump says who has waited for an hour, a profile only how many there are.

The rule is src/watch/days.ts. "After" counts from the release. A service that is deployed each working day is new each day: there the first weekend tells.

The rule was made with seeds 1 to ${TUNED} (one service of seed 14, a cache that fills at a weekend, was named by what it was before, and is why a count has to be surer now).
${table(judged, `Seeds that it had not seen: ${judged.map(({ seed }) => seed).sort((a, b) => a - b).join(", ")}`)}
${all.length > judged.length ? table(all.filter(({ seed }) => seed <= TUNED), "Seeds that it was made with") : ""}## Without a day
The rule that needs no day (src/watch/growth.ts: what rises steadily for two hours, or in its troughs) on ${quick.services} of these services (seed ${TUNED + 1}) for ${quick.days} days, from profiles,
asked each 20 minutes: ${quick.wrong} false alarms, and a leak told ${quick.leaks} times. \`unpark watch\` tells these as \`rising\`, which is no alarm.
`;
}

if (words[0] === "--tell") process.stdout.write(told(words.slice(1).flatMap((file) => readFileSync(file, "utf8").split("\n").filter((line) => line !== "").map((line) => JSON.parse(line) as Outcome))));
