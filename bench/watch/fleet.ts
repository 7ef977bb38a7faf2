import { Prng } from "../../src/base/prng.js";

/**
 * A fleet by simulation: services with days and weeks of load, deploys, restarts, scaling, incidents, pools, streams, batches at night. Deterministic by
 * its seed, minute by minute, without waiting. Of each service it says what a look would see: of each group how many goroutines, and how
 * many of them have waited for an hour or longer, as dumps (debug=2) say it.
 */
export interface Group {
  readonly name: string;
  /** Only a leak is to be named. */
  readonly leaks: boolean;
  count: number;
  /** Of these, that have waited for an hour at least. */
  stayed: number;
}

interface Moment {
  /** Minutes since Monday, 0:00. */
  readonly minute: number;
  /** Requests a second. */
  readonly rps: number;
  /** 1, or how much longer a call takes now. */
  readonly slow: number;
  readonly hung: boolean;
  /** The usual course of its load, 0 to 1, without noise. */
  readonly course: number;
}

/** One stack, or several that come and go together. */
interface Part {
  readonly groups: readonly Group[];
  step(moment: Moment): void;
  /** A new process. */
  restart(minute: number): void;
}

export class Chance {
  readonly #prng: Prng;
  constructor(seed: number) {
    this.#prng = new Prng(seed);
  }
  unit = (): number => this.#prng.next() / 2 ** 32;
  between = (low: number, high: number): number => low + (high - low) * this.unit();
  /** Evenly by its logarithm. */
  scale = (low: number, high: number): number => low * (high / low) ** this.unit();
  integer = (low: number, high: number): number => Math.floor(this.between(low, high + 1));
  one = <T>(list: readonly T[]): T => list[Math.floor(this.unit() * list.length)]!;
  normal = (): number => Math.sqrt(-2 * Math.log(1 - this.unit())) * Math.cos(2 * Math.PI * this.unit());
  poisson(mean: number): number {
    if (mean <= 0) return 0;
    if (mean > 30) return Math.max(0, Math.round(mean + Math.sqrt(mean) * this.normal()));
    let n = 0;
    for (let p = this.unit(), limit = Math.exp(-mean); p > limit; p *= this.unit()) n++;
    return n;
  }
}

const group = (name: string, leaks = false): Group => ({ name, leaks, count: 0, stayed: 0 });

/** The most of the last hour, by minutes. */
class LastHour {
  readonly #ring = new Float64Array(60);
  #at = 0;
  most(value: number): number {
    this.#ring[this.#at++ % 60] = value;
    let most = 0;
    for (const one of this.#ring) if (one > most) most = one;
    return most;
  }
  clear = (): void => void this.#ring.fill(0);
}

/** Who is there, since when, and until when. */
class There {
  #from: number[] = [];
  #until: number[] = [];
  stayed = 0;
  get size(): number {
    return this.#from.length;
  }
  add(from: number, until: number): void {
    this.#from.push(from);
    this.#until.push(until);
  }
  /** Who goes at `minute` is gone. */
  step(minute: number): void {
    let kept = 0;
    this.stayed = 0;
    for (let i = 0; i < this.#from.length; i++) {
      if (this.#until[i]! <= minute) continue;
      this.#from[kept] = this.#from[i]!;
      this.#until[kept++] = this.#until[i]!;
      if (minute - this.#from[i]! >= 60) this.stayed++;
    }
    this.#from.length = this.#until.length = kept;
  }
  clear = (): void => void (this.#from.length = this.#until.length = 0);
  /** A new process: all come again. */
  again = (minute: number): void => void this.#from.fill(minute);
}

const constant = (name: string, n: number): Part => {
  const one = group(name);
  let begun = 0;
  return { groups: [one], step: ({ minute }) => { one.count = n; one.stayed = minute - begun >= 60 ? n : 0; }, restart: (minute) => { begun = minute; } };
};

/** Connections of clients: they follow the load, some minutes late. Each is read by one goroutine and served by another. */
const connections = (chance: Chance, each: number): Part => {
  const both = [group("net/http.(*conn).serve"), group("net/http.(*connReader).backgroundRead")];
  let open = 0;
  return {
    groups: both,
    step: ({ rps, slow }) => {
      open += (rps * each * Math.sqrt(slow) - open) / 5;
      for (const one of both) one.count = chance.poisson(open);
    },
    restart: () => { open = 0; },
  };
};

/** Requests under way; where what they call hangs, they pile up. `leak`: some never end, at the same place. */
const inFlight = (chance: Chance, name: string, seconds: number, leak?: Leak): Part => {
  const one = group(name, leak !== undefined);
  let waiting = 0;
  return {
    groups: [one],
    step: (moment) => {
      waiting = moment.hung ? Math.min(400, waiting + chance.poisson(moment.rps * 2)) : 0;
      leak?.step(moment);
      one.count = chance.poisson(moment.rps * seconds * moment.slow) + waiting + (leak?.count ?? 0);
      one.stayed = leak?.stayed ?? 0;
    },
    restart: (minute) => { waiting = 0; leak?.restart(minute); },
  };
};

/** Workers that wait for work; the last that was put back is taken first, so that others wait for long. */
const pool = (chance: Chance, size: number, seconds: number, grows: boolean, shrinks: boolean): Part => {
  const idle = group("pool.(*Pool).worker");
  const busiest = new LastHour();
  let now = 0;
  const ages: number[] = [];
  return {
    groups: [idle],
    step: ({ rps, slow, minute }) => {
      const busy = chance.poisson(rps * seconds * slow);
      const most = busiest.most(busy);
      if (grows && busy > now) { for (; now < busy; now++) ages.push(minute); }
      if (!grows) { now = size; if (ages.length === 0) ages.push(...Array.from({ length: size }, () => minute)); }
      if (shrinks && now > most + 2) { now = most + 2; ages.length = now; }
      idle.count = Math.max(0, now - busy);
      idle.stayed = 0;
      for (let i = most; i < ages.length; i++) if (minute - ages[i]! >= 60) idle.stayed++;
    },
    restart: () => { now = 0; ages.length = 0; busiest.clear(); },
  };
};

/** What comes with the load and stays for a while: streams, sessions, subscriptions. `pings`: each wakes up now and then. */
const visits = (chance: Chance, name: string, each: number, stay: (minute: number) => number, pings: boolean, stacks = 1): Part => {
  const groups = Array.from({ length: stacks }, (_, i) => group(i === 0 ? name : `${name}.func${i}`));
  const there = new There();
  return {
    groups,
    step: ({ rps, minute }) => {
      for (let n = chance.poisson(rps * each); n > 0; n--) there.add(minute, minute + stay(minute));
      there.step(minute);
      for (const one of groups) { one.count = there.size; one.stayed = pings ? 0 : there.stayed; }
    },
    restart: () => there.clear(),
  };
};

/** People at their desks: they come in the morning, and go in the evening. */
const office = (chance: Chance, people: number, shift: number): Part => {
  const one = group("session.(*Session).run");
  const there = new There();
  let day = -1;
  let plan: { from: number; until: number }[] = [];
  const time = (hour: number, width: number): number => 60 * (hour + shift + width * chance.normal());
  return {
    groups: [one],
    step: ({ minute }) => {
      const today = Math.floor(minute / 1440);
      if (today !== day) {
        day = today;
        const n = today % 7 >= 5 ? people / 10 : people * chance.between(0.9, 1.02);
        plan = Array.from({ length: Math.round(n) }, () => ({ from: today * 1440 + time(8.7, 0.8), until: today * 1440 + time(17.2, 1) })).sort((a, b) => b.from - a.from);
      }
      while (plan.length > 0 && plan.at(-1)!.from <= minute) there.add(minute, plan.pop()!.until);
      there.step(minute);
      one.count = there.size;
      one.stayed = there.stayed;
    },
    restart: (minute) => there.again(minute),
  };
};

/** Devices that connect once and stay for days; after a restart they come back by and by. */
const devices = (chance: Chance, most: number, back: number, days: number): Part => {
  const one = group("push.(*Conn).waitForMessage");
  const there = new There();
  return {
    groups: [one],
    step: ({ minute }) => {
      for (let n = chance.poisson((most - there.size) / back); n > 0; n--) there.add(minute, minute - days * 1440 * Math.log(1 - chance.unit()));
      there.step(minute);
      one.count = there.size;
      one.stayed = there.stayed;
    },
    restart: () => there.clear(),
  };
};

/** One goroutine for each tenant that was seen since the start, for ever: it fills up. */
const tenants = (chance: Chance, most: number, hours: number, silent: boolean): Part => {
  const one = group("cache.(*Tenant).refresh");
  const seen: number[] = [];
  let old = 0;
  return {
    groups: [one],
    step: ({ minute, course }) => {
      for (let n = chance.poisson(((most - seen.length) * course) / (hours * 30)); n > 0; n--) seen.push(minute);
      one.count = seen.length;
      while (old < seen.length && minute - seen[old]! >= 60) old++;
      one.stayed = silent ? old : 0;
    },
    restart: () => { seen.length = old = 0; },
  };
};

/** A job each night: workers, and some that wait for the whole of it. */
const batch = (random: Chance, begin: number, minutes: number, workers: number, waiters: number): Part => {
  const groups = [group("batch.(*Job).work"), group("batch.(*Job).wait")];
  let killed = false;
  return {
    groups,
    step: ({ minute }) => {
      const into = (minute % 1440) - begin;
      if (into < 0 || into >= minutes) killed = false;
      const on = into >= 0 && into < minutes && !killed;
      groups[0]!.count = on ? random.poisson(workers * (1 - into / minutes)) : 0;
      groups[1]!.count = on ? Math.min(waiters, 1 + into) : 0;
      groups[1]!.stayed = on ? Math.max(0, Math.min(waiters, into - 60)) : 0;
    },
    restart: () => { killed = true; },
  };
};

/** What never ends. */
export interface Leak {
  readonly how: string;
  readonly mixed: boolean;
  /** The minute of the release that brought it. */
  readonly from: number;
  count: number;
  stayed: number;
  step(moment: Moment): void;
  restart(minute: number): void;
}

function leakOf(how: string, from: number, mixed: boolean, more: (moment: Moment) => number): Leak {
  const at: number[] = [];
  let old = 0;
  return {
    how, from, mixed, count: 0, stayed: 0,
    step(moment) {
      if (moment.minute < from) return;
      for (let n = more(moment); n > 0; n--) at.push(moment.minute);
      while (old < at.length && moment.minute - at[old]! >= 60) old++;
      this.count = at.length;
      this.stayed = old;
    },
    restart() { at.length = 0; old = 0; this.count = this.stayed = 0; },
  };
}

interface Incident {
  readonly from: number;
  readonly until: number;
  readonly kind: "slow" | "hung" | "retries";
  readonly factor: number;
}

/** What days look like for everybody. */
export class Fleet {
  readonly services: readonly Service[];

  constructor(seed: number, days: number, size: number) {
    const chance = new Chance(seed * 1_000_003 + 17);
    const leaking = new Set<number>();
    while (leaking.size < Math.min(3, size)) leaking.add(chance.integer(0, size - 1));
    const order = [...leaking];
    const incidents: { incident: Incident; share: number }[] = [];
    for (let day = 0; day < days; day++) {
      if (chance.unit() > 0.2) continue;
      const from = day * 1440 + chance.integer(0, 1439);
      const kind = chance.one(["slow", "hung", "retries"] as const);
      const minutes = kind === "hung" ? chance.integer(5, 80) : kind === "slow" ? chance.integer(10, 300) : chance.integer(10, 60);
      incidents.push({ incident: { from, until: from + minutes, kind, factor: kind === "slow" ? chance.scale(3, 20) : chance.between(2, 4) }, share: chance.between(0.05, 0.3) });
    }
    const sale = chance.unit() < 0.5 ? { from: chance.integer(3, days) * 1440, days: chance.integer(1, 3), factor: chance.between(1.4, 2.2) } : undefined;
    const holiday = chance.unit() < 0.5 ? chance.integer(0, days) : -1;
    this.services = Array.from({ length: size }, (_, i) => new Service(new Chance(seed * 7919 + i * 104_729 + 3), days, order.indexOf(i), incidents.filter(({ share }) => chance.unit() < share).map(({ incident }) => incident), sale, holiday));
  }
}

interface Sale {
  readonly from: number;
  readonly days: number;
  readonly factor: number;
}

export class Service {
  readonly leak: Leak | undefined;
  readonly groups: readonly Group[];
  /** Of its deploys and crashes. */
  readonly restarts: readonly number[];
  readonly #parts: readonly Part[];
  readonly #chance: Chance;
  readonly #peak: number;
  readonly #trough: number;
  readonly #weekend: number;
  readonly #phase: number;
  readonly #incidents: readonly Incident[];
  readonly #sale: Sale | undefined;
  readonly #holiday: number;
  readonly #drift: number;
  readonly #flat: boolean;
  readonly #scalings: readonly { readonly at: number; readonly factor: number }[];
  #share = 1;
  #scaled = 0;
  #restarted = 0;
  #noise = 0;
  #rps = 0;

  constructor(chance: Chance, days: number, leaking: number, incidents: readonly Incident[], sale: Sale | undefined, holiday: number) {
    this.#chance = chance;
    this.#incidents = incidents;
    this.#sale = sale;
    this.#holiday = holiday;
    this.#peak = chance.scale(3, 200);
    this.#trough = chance.between(0.08, 0.5);
    this.#weekend = chance.one([0.25, 0.5, 0.8, 1.1]);
    this.#phase = chance.between(-3, 5);
    this.#drift = chance.between(-0.002, 0.006);
    this.#flat = chance.unit() < 0.1; // a queue's consumer: its load does not show
    const every = chance.one([1, 1, 3.5, 7, 14]);
    const deploys: number[] = [];
    for (let day = chance.between(0, every); day < days; day += every * chance.between(0.7, 1.3)) {
      const d = Math.floor(day);
      if (d % 7 < 5) deploys.push(d * 1440 + chance.integer(9 * 60, 17 * 60));
    }
    for (let day = 0; day < days; day++) if (chance.unit() < 1 / 60) deploys.push(day * 1440 + chance.integer(0, 1439));
    const release = leaking < 0 ? undefined : (deploys.find((at) => at >= 1440) ?? 1440 + chance.integer(0, 1440));
    if (release !== undefined && !deploys.includes(release)) deploys.push(release);
    this.restarts = [...new Set(deploys)].sort((a, b) => a - b);
    const scalings: { at: number; factor: number }[] = [];
    for (let day = 0; day < days; day++) if (chance.unit() < 1 / 10) scalings.push({ at: day * 1440 + chance.integer(0, 1439), factor: chance.between(0.6, 1.6) });
    this.#scalings = scalings;
    this.leak = release === undefined ? undefined : this.#leaks(leaking, release);
    this.#parts = this.#make();
    this.groups = this.#parts.flatMap(({ groups }) => groups);
  }

  /** One at each k-th request, one at each that fails, one at each tick of a timer. */
  #leaks(which: number, from: number): Leak {
    const chance = this.#chance;
    const mixed = chance.unit() < 0.4;
    if (which === 0) {
      const perDay = chance.scale(30, 3000);
      const k = Math.max(1, Math.round((this.#peak * 0.5 * 86_400) / perDay));
      return leakOf(`each ${k}th request, some ${Math.round(perDay)} a day`, from, mixed, ({ rps }) => chance.poisson((rps * 60) / k));
    }
    if (which === 1) {
      const perDay = chance.scale(30, 600);
      const share = perDay / (this.#peak * 0.5 * 86_400);
      return leakOf(`each failed request, some ${Math.round(perDay)} a day`, from, mixed, ({ rps, slow, hung }) => chance.poisson(Math.min(20, rps * 60 * share * (slow > 1 || hung ? 30 : 1))));
    }
    const every = chance.one([2, 5, 15, 60]);
    return leakOf(`each ${every} min, by a timer`, from, mixed, ({ minute }) => (minute % every === 0 ? 1 : 0));
  }

  #make(): readonly Part[] {
    const chance = this.#chance;
    const { leak } = this;
    const mixed = leak?.mixed === true;
    const parts: Part[] = [constant("main.main", chance.integer(3, 25)), constant("metrics.(*Reporter).loop", chance.integer(1, 6))];
    if (!this.#flat) parts.push(connections(chance, chance.scale(0.3, 3)));
    parts.push(inFlight(chance, "db.(*Conn).query", chance.scale(0.005, 0.3), mixed ? leak : undefined));
    if (chance.unit() < 0.6) parts.push(inFlight(chance, "client.(*Client).call", chance.scale(0.01, 0.5)));
    const kind = chance.unit();
    if (kind < 0.25) parts.push(pool(chance, chance.integer(8, 100), chance.scale(0.02, 0.4), false, false));
    else if (kind < 0.45) parts.push(pool(chance, 0, chance.scale(0.05, 0.6), true, false));
    else if (kind < 0.55) parts.push(pool(chance, 0, chance.scale(0.05, 0.6), true, true));
    const other = chance.unit();
    if (other < 0.12) { const median = chance.scale(3, 90); parts.push(visits(chance, "stream.(*Stream).send", chance.scale(0.02, 0.3), () => median * Math.exp(0.8 * chance.normal()), chance.unit() < 0.5, chance.integer(1, 3))); }
    else if (other < 0.24) parts.push(office(chance, chance.integer(20, 400), chance.between(-2, 4)));
    else if (other < 0.32) parts.push(devices(chance, chance.integer(50, 600), chance.scale(5, 360), chance.between(0.5, 4)));
    else if (other < 0.42) parts.push(tenants(chance, chance.integer(20, 300), chance.scale(1, 20), chance.unit() < 0.5));
    if (chance.unit() < 0.25) parts.push(batch(chance, chance.integer(0, 300), chance.integer(20, 200), chance.integer(10, 150), chance.integer(1, 30)));
    if (leak && !mixed) {
      const one = group("leaky.(*Thing).wait", true);
      parts.push({ groups: [one], step: (moment) => { leak.step(moment); one.count = leak.count; one.stayed = leak.stayed; }, restart: (minute) => leak.restart(minute) });
    }
    return parts;
  }

  /** The next minute; tells whether a new process began. */
  step(minute: number): boolean {
    let began = false;
    while (this.restarts[this.#restarted] === minute) {
      this.#restarted++;
      began = true;
    }
    if (began || minute === 0) for (const part of this.#parts) part.restart(minute);
    for (; this.#scalings[this.#scaled] !== undefined && this.#scalings[this.#scaled]!.at <= minute; this.#scaled++) this.#share = Math.min(3, Math.max(0.4, this.#share * this.#scalings[this.#scaled]!.factor));
    const incident = this.#incidents.find(({ from, until }) => from <= minute && minute < until);
    const course = this.#course(minute);
    this.#noise = 0.97 * this.#noise + 0.03 * this.#chance.normal() * 1.5;
    const target = this.#peak * this.#share * course * Math.exp(this.#noise) * (incident?.kind === "retries" ? incident.factor : 1);
    this.#rps += (target - this.#rps) / 3;
    const moment: Moment = { minute, rps: this.#rps, course, slow: incident?.kind === "slow" ? incident.factor : 1, hung: incident?.kind === "hung" };
    for (const part of this.#parts) part.step(moment);
    return began;
  }

  #course(minute: number): number {
    if (this.#flat) return 0.7;
    const day = Math.floor(minute / 1440);
    const hour = (minute / 60 - this.#phase) % 24;
    // Two bumps, before and after noon, of the day's length.
    const bump = (middle: number, width: number): number => Math.exp(-(((((hour - middle + 36) % 24) - 12) / width) ** 2) / 2);
    const shape = Math.min(1, 0.95 * bump(10.5, 2.2) + 0.9 * bump(15.5, 2.8) + 0.25 * bump(20, 2));
    const off = day % 7 >= 5 ? this.#weekend : day === this.#holiday ? 0.4 : 1;
    const sale = this.#sale !== undefined && minute >= this.#sale.from && minute < this.#sale.from + this.#sale.days * 1440 ? this.#sale.factor : 1;
    return (this.#trough + (1 - this.#trough) * shape) * off * sale * (1 + this.#drift * day);
  }
}
