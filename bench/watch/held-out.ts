import type { Prng } from "../../src/base/prng.js";
import type { Sample } from "../../src/watch/growth.js";

/**
 * Series that the growth rule was not tuned on: other shapes, other sizes, other seeds than src/watch/testing/simulated.ts. They
 * were written after the rule, and the rule was not changed for them: bench/watch/growth.txt says how it does.
 */
export interface HeldOut {
  readonly name: string;
  readonly leaks: boolean;
  readonly series: (random: Prng) => readonly Sample[];
}

const SAMPLES = 720;
const uniform = (random: Prng): number => random.next() / 2 ** 32;
const gauss = (random: Prng): number => Math.sqrt(-2 * Math.log(1 - uniform(random))) * Math.cos(2 * Math.PI * uniform(random));
const poisson = (random: Prng, mean: number): number => Math.max(0, Math.round(mean + gauss(random) * Math.sqrt(mean)));

/** `step` gives the count of sample `i`; `every` seconds apart. */
const of = (step: (i: number, random: Prng) => number, every = 10) => (random: Prng): readonly Sample[] =>
  Array.from({ length: SAMPLES }, (_, i) => ({ at: i * every, count: Math.max(0, Math.round(step(i, random))) }));

/** What has been left over by sample `i`, given how many more each sample leaves. */
function pile(more: (i: number, random: Prng) => number): (i: number, random: Prng) => number {
  let sum = 0;
  return (i, random) => (sum = (i === 0 ? 0 : sum) + more(i, random));
}

/** Each value is drawn towards the mean, but remembers the last one: load that wanders. */
function wandering(mean: number, memory: number, width: number): (i: number, random: Prng) => number {
  let value = mean;
  return (i, random) => (value = i === 0 ? mean : mean + memory * (value - mean) + width * gauss(random));
}

export const HELD_OUT: readonly HeldOut[] = [
  { name: "leak: one every 5 min beside 8 workers", leaks: true, series: (r) => of(((p) => (i: number, q: Prng) => 8 + p(i, q))(pile((i) => (i % 30 === 29 ? 1 : 0))))(r) },
  { name: "leak: a job every 15 min leaves 20", leaks: true, series: (r) => of(pile((i) => (i % 90 === 45 ? 20 : 0)))(r) },
  { name: "leak: faster and faster", leaks: true, series: of((i) => 5 + (i / 60) ** 2) },
  { name: "leak: begins after an hour of quiet", leaks: true, series: (r) => of(((p) => (i: number, q: Prng) => poisson(q, 12) + p(i, q))(pile((i, q) => (i > 360 ? poisson(q, 1) : 0))))(r) },
  { name: "leak: half a goroutine a sample below wandering load of 60", leaks: true, series: (r) => { const load = wandering(60, 0.95, 5); const left = pile((_, q) => (uniform(q) < 0.5 ? 1 : 0)); return of((i, q) => load(i, q) + left(i, q))(r); } },
  { name: "leak: 1 a sample below 200 ± 14 in flight", leaks: true, series: (r) => { const left = pile((_, q) => poisson(q, 1)); return of((i, q) => poisson(q, 200) + left(i, q))(r); } },
  { name: "leak: restarted every 40 min", leaks: true, series: of((i, r) => (i % 240) * 0.8 + poisson(r, 4)) },
  { name: "leak: looked at every 30 s, 2 a look", leaks: true, series: of((i) => 20 + 2 * i, 30) },
  { name: "load: a morning's ramp, 20 to 200 in flight over two hours", leaks: false, series: of((i, r) => poisson(r, 20 + (180 * i) / SAMPLES)) },
  { name: "load: a ramp of 30 min, then flat", leaks: false, series: of((i, r) => poisson(r, 30 + 120 * Math.min(1, i / 180))) },
  { name: "load: wandering about 100", leaks: false, series: (r) => of(wandering(100, 0.97, 6))(r) },
  { name: "load: wandering slowly about 60", leaks: false, series: (r) => of(wandering(60, 0.995, 3))(r) },
  { name: "load: bursts of any size", leaks: false, series: of((_, r) => 5 + (uniform(r) < 0.05 ? 10 / (uniform(r) + 0.02) : 0)) },
  { name: "load: a job every 10 min for 2 min, 60 workers", leaks: false, series: of((i, r) => poisson(r, 6) + (i % 60 < 12 ? 60 : 0)) },
  { name: "load: a saw: fills to 90 over 12 min, flushed", leaks: false, series: of((i) => (i % 72) * 1.25) },
  { name: "pool: one more connection at each new peak, never fewer", leaks: false, series: (r) => { let most = 0; return of((i, q) => (most = Math.max(i === 0 ? 0 : most, poisson(q, 40))))(r); } },
  { name: "slow start: a cache's workers, 25 min to 300", leaks: false, series: of((i) => 300 * (1 - Math.exp(-i / 50))) },
  { name: "restart: deployed every 20 min, warm in 4", leaks: false, series: of((i, r) => poisson(r, 50 * Math.min(1, (i % 120) / 24))) },
  { name: "flat: 12, trembling, some looks missing", leaks: false, series: (r) => of((_, q) => poisson(q, 12))(r).filter((_, i) => i % 7 !== 3) },
];
