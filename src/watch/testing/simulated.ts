import type { Prng } from "../../base/prng.js";
import type { Sample } from "../growth.js";

/**
 * Series like those of real services, for the table of right and wrong calls (bench/watch) and the tests. Requests in
 * flight tremble by the root of their mean (Poisson arrivals). One sample is 10 s; `waves` are a load's ups and downs.
 */
interface Scenario {
  readonly name: string;
  readonly leaks: boolean;
  readonly series: (random: Prng) => readonly Sample[];
}

const SAMPLES = 720; // two hours

/** Roughly normal, from twelve uniform ones (Irwin–Hall). */
function normal(random: Prng): number {
  let sum = -6;
  for (let i = 0; i < 12; i++) sum += random.next() / 2 ** 32;
  return sum;
}

const inFlight = (random: Prng, mean: number): number => Math.max(0, Math.round(mean + normal(random) * Math.sqrt(mean)));

function make(count: (i: number, random: Prng) => number): (random: Prng) => readonly Sample[] {
  return (random) => Array.from({ length: SAMPLES }, (_, i) => ({ at: i * 10, count: Math.max(0, Math.round(count(i, random))) }));
}

const wave = (i: number, period: number): number => (1 - Math.cos((2 * Math.PI * i) / period)) / 2;

/** A leak of `rate` a sample that is hit by chance: Bernoulli or, above 1, a Poisson-like number. */
function leaking(rate: (i: number) => number, base: (i: number, random: Prng) => number): (random: Prng) => readonly Sample[] {
  return (random) => {
    let leaked = 0;
    return make((i, r) => (leaked += inFlight(r, rate(i))) + base(i, r))(random);
  };
}

export const SCENARIOS: readonly Scenario[] = [
  { name: "leak: a goroutine every 20 s, nothing else at that place", leaks: true, series: leaking(() => 0.5, () => 3) },
  { name: "leak: one for each of 5 requests a sample", leaks: true, series: leaking(() => 5, () => 0) },
  { name: "leak: under a load of 20 in flight at the same place", leaks: true, series: leaking(() => 2, (_, r) => inFlight(r, 20)) },
  { name: "leak: under daily load (waves of 30 min, 0 to 100 in flight)", leaks: true, series: leaking((i) => 0.5 * wave(i, 180), (i, r) => inFlight(r, 100 * wave(i, 180))) },
  { name: "leak: with a restart in the middle", leaks: true, series: (random) => withRestart(leaking(() => 1, () => 2)(random)) },
  { name: "load: daily waves (30 min, 0 to 100)", leaks: false, series: make((i, r) => inFlight(r, 100 * wave(i, 180))) },
  { name: "load: waves of two hours, 10 to 400, seen once", leaks: false, series: make((i, r) => inFlight(r, 10 + 390 * wave(i, SAMPLES))) },
  { name: "load: one spike of 5 min to 300", leaks: false, series: make((i, r) => inFlight(r, i > 300 && i < 330 ? 300 : 10)) },
  { name: "load: a step from 50 to 150 that stays", leaks: false, series: make((i, r) => inFlight(r, i < 300 ? 50 : 150)) },
  { name: "slow start: a pool fills to 200 within 5 min", leaks: false, series: make((i) => 200 * (1 - Math.exp(-i / 10))) },
  { name: "restart: every 30 min from 0 to 80 within 2 min", leaks: false, series: make((i) => 80 * Math.min(1, (i % 180) / 12)) },
  { name: "flat: 50, trembling", leaks: false, series: make((_, r) => inFlight(r, 50)) },
  { name: "flat: 5,000, trembling", leaks: false, series: make((_, r) => inFlight(r, 5000)) },
  { name: "flat: 40 idle workers, now and then one more", leaks: false, series: make((_, r) => 40 + (r.next() % 10 === 0 ? 1 : 0)) },
];

function withRestart(series: readonly Sample[]): readonly Sample[] {
  const at = Math.floor(SAMPLES / 2);
  const lost = series[at]!.count - 2;
  return series.map((sample, i) => (i < at ? sample : { ...sample, count: Math.max(0, sample.count - lost) }));
}
