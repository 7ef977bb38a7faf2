import type { Growth, GrowthParameters } from "./growth.js";

/**
 * Tells a leak from a day's load: what comes in the morning ends in the evening, what fills up slows down, a leak does neither. So nothing is
 * said before a day has passed and some hours of the next, of what has been seen since the group last fell to half or less (a restart), a week at
 * the most. A group leaks if in that time
 *
 *   it never fell, but for a twentieth of its newest rise;
 *   in the last hours (four, to half of the time) it rose by as much as is asked for, in four hours at least, none of which has more than half of it,
 *   and before by half of that at least;
 *   and that is hardly less than in the same hours of the day before, or in the first ones: three fifths for sure (less twice its root, which chance
 *   makes of a count), in the same time or for the same load. The load is what the service's other groups show that come and go.
 *
 * What is counted is how many wait for an hour or longer, where looks say that (dumps): requests under way are not among them, and what leaked
 * at the same place is. A profile has no ages: there all are counted, and a leak below a load at the same place is not seen.
 * What it cannot know: what fills up for days, and hardly slows down from one to the next, is a leak to it.
 * How it does on a fleet of 200 services: docs/fleet/day-in-the-life.md.
 */
export class Days {
  readonly #parameters: Pick<GrowthParameters, "minRise" | "minShare">;
  readonly #tracks = new Map<string, Track>();
  /** Hours since 1970 of the newest look. */
  #hour = -Infinity;
  #looks = 0;
  #ages = false;
  #known: ReadonlyMap<string, Growth> = new Map();

  constructor(parameters: Pick<GrowthParameters, "minRise" | "minShare">) {
    this.#parameters = parameters;
  }

  /**
   * @param at milliseconds since 1970; a clock that is set back is not followed
   * @param counts how many there are, by fingerprint
   * @param stayed how many of them have waited for an hour at least; undefined where the look has no ages
   */
  add(at: number, counts: ReadonlyMap<string, number>, stayed?: ReadonlyMap<string, number>): void {
    const hour = Math.floor(at / HOUR);
    if (hour > this.#hour) this.#begin(hour);
    this.#looks++;
    // A new process: what one of its groups did not have before is new, too. And looks of another form tell of something else.
    const isNew = stayed !== undefined && sum([...stayed.values()]) === 0;
    if (isNew || this.#ages !== (stayed !== undefined)) for (const track of this.#tracks.values()) track.restart();
    this.#ages = stayed !== undefined;
    for (const [fingerprint, count] of counts) {
      let track = this.#tracks.get(fingerprint);
      if (track === undefined) {
        if (count === 0 || this.#tracks.size >= MOST_TRACKS) continue;
        this.#tracks.set(fingerprint, (track = new Track()));
      }
      track.add(stayed === undefined ? count : (stayed.get(fingerprint) ?? 0), count);
    }
    for (const track of this.#tracks.values()) track.endLook();
  }

  /** By fingerprint; as of the last full hour. */
  growing(): ReadonlyMap<string, Growth> {
    return this.#known;
  }

  #begin(hour: number): void {
    // Hours without a look say nothing new.
    for (let missing = Math.min(hour - this.#hour, MOST_HOURS); missing > 0 && this.#looks > 0; missing--) for (const track of this.#tracks.values()) track.close(this.#looks);
    this.#hour = hour;
    this.#looks = 0;
    const known = new Map<string, Growth>();
    for (const [fingerprint, track] of this.#tracks) {
      if (track.isEmpty) this.#tracks.delete(fingerprint);
      const growth = track.growth(this.#parameters, () => this.#load(track));
      if (growth) known.set(fingerprint, growth);
    }
    this.#known = known;
  }

  /** Of each hour, the newest last, how much the other groups had to do: of each that comes and goes, the part of its most. */
  #load(judged: Track): readonly number[] {
    const load = new Array<number>(MOST_HOURS).fill(0);
    for (const track of this.#tracks.values()) {
      if (track === judged || !track.comesAndGoes) continue;
      const most = Math.max(...track.means);
      for (let i = 1; i <= track.means.length; i++) load[MOST_HOURS - i]! += track.means.at(-i)! / most;
    }
    return load;
  }
}

const HOUR = 3_600_000;
/** Milliseconds that it looks back. */
export const DAYS_REACH = 7 * 24 * HOUR;
const DAY = 24;
const MOST_HOURS = 7 * DAY;
const MOST_TRACKS = 2000;
/** Fewer hours of the second day say nothing. */
const LEAST_HOURS = 4;
/** What fills up within a day has less than half of its pace on the second. */
const SAME = 0.6;

const sum = (values: readonly number[]): number => values.reduce((all, one) => all + one, 0);

/** One group, hour by hour. */
class Track {
  /** Since it last began anew: of each hour the least and the most. */
  readonly #least: number[] = [];
  readonly #most: number[] = [];
  /** Of each hour how many there were, ages or not; through restarts. */
  readonly means: number[] = [];
  #low = Infinity;
  #high = 0;
  #last = 0;
  #sum = 0;
  #seen = false;

  add(value: number, count: number): void {
    this.#seen = true;
    if (this.#last >= 4 && value * 2 <= this.#last) this.restart();
    this.#last = value;
    this.#sum += count;
    if (value < this.#low) this.#low = value;
    if (value > this.#high) this.#high = value;
  }

  /** What was before is of another process. */
  restart(): void {
    this.#least.length = this.#most.length = 0;
    this.#low = Infinity;
    this.#high = 0;
  }

  /** A group that a look does not name has nobody. */
  endLook(): void {
    if (!this.#seen) this.add(0, 0);
    this.#seen = false;
  }

  close(looks: number): void {
    const none = this.#low === Infinity;
    this.#least.push(none ? this.#last : this.#low);
    this.#most.push(none ? this.#last : this.#high);
    this.means.push(none ? (this.means.at(-1) ?? 0) : this.#sum / looks);
    this.#low = Infinity;
    this.#high = this.#sum = 0;
    for (const list of [this.#least, this.#most, this.means]) if (list.length > MOST_HOURS) list.shift();
  }

  get isEmpty(): boolean {
    return this.means.every((count) => count === 0);
  }

  /** By and by, to seven tenths or less: what ends at once is a restart, and what ends altogether a job. */
  get comesAndGoes(): boolean {
    let top = 0;
    let falls = false;
    for (let i = Math.max(0, this.means.length - 2 * DAY); i < this.means.length; i++) {
      const mean = this.means[i]!;
      if (mean === 0) return false;
      if (2 * mean < (this.means[i - 1] ?? 0)) top = 0;
      top = Math.max(top, mean);
      if (top >= 5 && mean <= 0.7 * top) falls = true;
    }
    return falls;
  }

  growth({ minRise, minShare }: Pick<GrowthParameters, "minRise" | "minShare">, loadOf: () => readonly number[]): Growth | undefined {
    const least = this.#least;
    const end = least.length - 1;
    const hours = Math.min(end - DAY, Math.max(DAY, end >> 1));
    if (hours < LEAST_HOURS) return undefined;
    const begin = end - hours;
    const [from, to] = [least[begin]!, least[end]!];
    const rise = to - from;
    if (rise < Math.max(minRise, minShare * from) || rise > 2 * (from - least[0]!)) return undefined;
    if (this.#fell(rise / 20) || !isSteady(least.slice(begin))) return undefined;
    const sure = rise - 2 * Math.sqrt(rise);
    let load: readonly number[] | undefined;
    for (let earlier = begin - hours; earlier >= 0; earlier--) {
      const before = SAME * (least[earlier + hours]! - least[earlier]!);
      if (sure >= before) continue;
      load ??= loadOf().slice(-least.length);
      const since = (hour: number): number => sum(load!.slice(hour + 1, hour + hours + 1));
      if (since(begin) === 0 || sure * since(earlier) < before * since(begin)) return undefined;
    }
    return { how: "stays", perMinute: rise / hours / 60, from, to, minutes: hours * 60 };
  }

  /** By more than `little`, from what it ever was. */
  #fell(little: number): boolean {
    let top = 0;
    return this.#least.some((low, i) => {
      const fell = low < top - Math.max(1, little);
      top = Math.max(top, this.#most[i]!);
      return fell;
    });
  }
}

/** Rises in four steps at least, none of which is more than half of the rise. */
function isSteady(series: readonly number[]): boolean {
  const steps = series.slice(1).map((value, i) => value - series[i]!).filter((step) => step > 0);
  return steps.length >= LEAST_HOURS && 2 * Math.max(...steps) <= series.at(-1)! - series[0]!;
}
