import { err, ok, type Result } from "../../base/result.js";
import { SourceLines } from "../../collect/sources.js";
import type { Discovered } from "../../discover/discovered.js";
import { lockPictures } from "../../diagnose/snapshot/lock-pictures.js";
import { groupGoroutines } from "../../model/goroutine/goroutine-group.js";
import { UNKNOWN_FRAME, blamedFrame } from "../../model/source/blame.js";
import type { Inspection } from "../../model/results/inspection.js";
import type { Snapshot } from "../../model/goroutine/snapshot.js";
import type { TargetView, WatchSummary } from "../../model/results/watching.js";
import { detailData, goneGroupData, groupData, lockData, placeData, type ServiceChange, type ServiceGroup, targetsData } from "../../report/services-page/data.js";
import { servicesPage } from "../../report/services-page/html.js";
import { PageServer } from "../../server/page-server.js";
import { lastRestart } from "../../watch/growth.js";
import type { Scrape } from "../../watch/store.js";
import { lookAt } from "./inspect.js";
import { openOutlets, type OutletOptions } from "./outlets.js";
import { readTarget, type Targets } from "./targets.js";
import { watch } from "./watch.js";
import type { WatchOptions } from "./watch-options.js";

interface ServeOptions extends Omit<WatchOptions, "onView" | "onLook" | "onTargets"> {
  readonly host: string;
  readonly port: number;
  readonly token: string | undefined;
  readonly outlets: Omit<OutletOptions, "metrics">;
  /** The page's address, without the token. */
  onListening(url: string): void;
}

/** `unpark serve SOURCE…`: a watch whose state is a page, until it is interrupted. */
export async function serve(targets: Targets, options: ServeOptions): Promise<Result<{ readonly summary: WatchSummary; readonly undelivered: number }, string>> {
  const state = new Served(options);
  let news: NodeJS.Timeout | undefined;
  let publish = (): void => undefined;
  const watched: WatchOptions = {
    ...options,
    onView: (view) => {
      state.view = view;
      // A hundred services are looked at by turns: what all of them did in a while is one piece of news.
      news ??= setTimeout(() => {
        news = undefined;
        publish();
      }, NEWS_MS);
    },
    onTargets: (all) => state.places = new Map(all.map((one) => [one.name, one])),
    onLook: ({ target, snapshot }) => state.take(target, snapshot),
  };
  const outlets = await openOutlets(watched, options.outlets);
  if (!outlets.ok) return outlets;
  const server = await PageServer.start({ host: options.host, port: options.port, token: options.token, page: servicesPage(), metrics: outlets.value.metrics, answer: (path, query) => state.answer(path, query) });
  if (!server.ok) return err(`--listen: ${server.error}`);
  publish = () => {
    if (server.value.listeners > 0) server.value.publish({ targets: state.targets(), at: Date.now() });
  };
  options.onListening(server.value.url);
  try {
    const summary = await watch(targets, outlets.value.observing(watched));
    return ok({ summary, undelivered: await outlets.value.close() });
  } finally {
    clearTimeout(news);
    await server.value.close();
  }
}

const NEWS_MS = 250;

/** What a watch has seen last, and the answers made of it and of the store; made when somebody asks. */
class Served {
  view: () => readonly TargetView[] = () => [];
  places: ReadonlyMap<string, Discovered> = new Map();
  readonly #options: ServeOptions;
  readonly #latest = new Map<string, Snapshot>();
  readonly #looks = new WeakMap<Snapshot, Inspection>();
  readonly #dumps = new Map<string, { readonly at: number; readonly answer: Promise<unknown> }>();

  constructor(options: ServeOptions) {
    this.#options = options;
  }

  take(target: string, snapshot: Snapshot): void {
    this.#latest.set(target, snapshot);
  }

  targets = (): ReturnType<typeof targetsData> => targetsData(this.view(), this.#options.cwd);

  async answer(path: string, query: URLSearchParams): Promise<unknown> {
    if (path === "targets") return this.targets();
    const name = query.get("target") ?? "";
    if (!this.places.has(name)) return undefined;
    switch (path) {
      case "target": {
        const view = this.view().find(({ target }) => target === name);
        return view && detailData(view, this.#inspected(name), this.#options.cwd);
      }
      case "group":
        return this.#group(name, query.get("group") ?? "");
      case "diff":
        return this.#changes(name, query.get("from") === "restart" ? "restart" : Number(query.get("from") ?? NaN), Number(query.get("to") ?? NaN));
      case "locks":
        return this.#locks(name);
      default:
        return undefined;
    }
  }

  #inspected(name: string): Inspection | undefined {
    const snapshot = this.#latest.get(name);
    if (!snapshot) return undefined;
    let look = this.#looks.get(snapshot);
    if (!look) this.#looks.set(snapshot, (look = lookAt(snapshot, new SourceLines(this.#options.cwd), this.#options)));
    return look;
  }

  async #group(name: string, id: string): Promise<ServiceGroup | undefined> {
    const look = this.#inspected(name);
    const group = look?.groups.find(({ fingerprint }) => fingerprint === id);
    const scrapes = await this.#options.store.scrapes(name, Date.now() - HISTORY_MS);
    const series = thinned(scrapes.map(({ at, counts }) => [at, counts.get(id) ?? 0] as const));
    if (!look || !group) {
      const known = scrapes.some(({ counts }) => counts.has(id)) ? (await this.#options.store.groups([id])).get(id) : undefined;
      if (!known) throw new Error("no goroutine of this group was there within a day");
      return goneGroupData(known, id, series, this.#options.cwd);
    }
    return groupData(group, blamedFrame(group.stack, this.#options.module) ?? UNKNOWN_FRAME, look, series, this.#options.cwd);
  }

  /** The last looks at or before the two moments; the first of all where none was before. `restart`: the last look before the last restart. */
  async #changes(name: string, from: number | "restart", to: number): Promise<unknown> {
    if ((from !== "restart" && !Number.isFinite(from)) || !Number.isFinite(to)) throw new Error("a moment is missing: from (or restart) and to, in milliseconds since 1970");
    const scrapes = await this.#options.store.scrapes(name, (from === "restart" ? to : Math.min(from, to)) - HISTORY_MS);
    const before = from === "restart" ? beforeRestart(scrapes.filter(({ at }) => at <= to)) : lookBefore(scrapes, from);
    const after = lookBefore(scrapes, to);
    if (!before || !after) throw new Error("nothing is known of this service at that time");
    const known = await this.#options.store.groups(new Set([...before.counts.keys(), ...after.counts.keys()]));
    const changes = [...known.values()].flatMap((group): ServiceChange[] => {
      const [was, is] = [before.counts.get(group.fingerprint) ?? 0, after.counts.get(group.fingerprint) ?? 0];
      if (was === is) return [];
      const kind = was === 0 ? "new" : is === 0 ? "gone" : is > was ? "grown" : "shrunk";
      return [{ ...placeData(group.frame, this.#options.cwd), id: group.fingerprint, kind, before: was, after: is, state: group.waitReason || "?" }];
    });
    changes.sort((a, b) => b.after - b.before - (a.after - a.before));
    return { before: before.at, after: after.at, changes: changes.slice(0, MOST_CHANGES) };
  }

  /** A profile does not say who holds a lock: the service is asked for a whole dump, and not again for some seconds. */
  #locks(name: string): Promise<unknown> {
    const known = this.#dumps.get(name);
    if (known && performance.now() - known.at < DUMP_MS) return known.answer;
    const answer = readTarget(this.places.get(name)!, { ...this.#options, debug: 2 }).then((read) => {
      if (!read.ok) throw new Error(read.error);
      const snapshot = read.value.snapshots.at(-1)!;
      return { at: Date.now(), locks: lockPictures(groupGoroutines(snapshot)).slice(0, MOST_LOCKS).map((one) => lockData(one, this.#options.cwd)) };
    });
    this.#dumps.set(name, { at: performance.now(), answer });
    return answer;
  }
}

const HISTORY_MS = 24 * 3_600_000;
const DUMP_MS = 5000;
const MOST_CHANGES = 500;
const MOST_LOCKS = 100;
const MOST_POINTS = 600;

function lookBefore(scrapes: readonly Scrape[], at: number): Scrape | undefined {
  return scrapes.findLast((scrape) => scrape.at <= at) ?? scrapes[0];
}

/** What ran before the last deployment, as it was last seen: a new build's functions have the names of the old one's, so the two can be compared. */
function beforeRestart(scrapes: readonly Scrape[]): Scrape {
  const first = lastRestart(scrapes.map(({ at, total }) => ({ at: at / 1000, count: total })));
  if (first === 0) throw new Error("no restart was seen within a day: it shows as a fall of all goroutines to half or less between two looks");
  return scrapes[first - 1]!;
}

/** At most so many points as a screen is wide; of each piece the largest, so that no peak is lost. */
function thinned(series: ServiceGroup["series"]): ServiceGroup["series"] {
  if (series.length <= MOST_POINTS) return series;
  return Array.from({ length: MOST_POINTS }, (_, i) => series.slice(Math.floor((i * series.length) / MOST_POINTS), Math.floor(((i + 1) * series.length) / MOST_POINTS)).reduce((most, one) => (one[1] > most[1] ? one : most)));
}
