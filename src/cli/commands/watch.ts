import { join, resolve } from "node:path";
import { optional } from "../../base/optional.js";
import { parseDuration } from "../../base/duration.js";
import { err, ok, type Result } from "../../base/result.js";
import { stateFolder } from "../../base/user-folders.js";
import type { TargetView, WatchEvent, WatchSummary } from "../../model/watching.js";
import { publicName } from "../../model/public-name.js";
import { DEFAULT_GROWTH, hasSqlite, history, isPostgres, NO_SQLITE, openStore, storedTargets, StoreError, type Store } from "../../pipeline/services/history.js";
import type { WatchOptions } from "../../pipeline/services/watch-options.js";
import { openOutlets } from "../../pipeline/services/outlets.js";
import { watch } from "../../pipeline/services/watch.js";
import { jsonLine } from "../../report/shared/json-text.js";
import { historyText } from "../../report/watch/history.js";
import { watchEventText, watchScreen, watchSummaryText } from "../../report/watch/text.js";
import type { Command } from "../command.js";
import { ONCE } from "../flags/explore-flags.js";
import { type Flags, type FlagSpecs, parseFlags, usageText } from "../flags/flags.js";
import { CLEAN, neverAnswered, watchExit } from "../../report/exit-code.js";
import { complain, type Io } from "../io.js";
import { listenAddress, toldAddress } from "../listen.js";
import { OUTLET_FLAGS, outletOptions, undelivered } from "../flags/outlet-flags.js";
import { SOURCE_FLAGS, sourceOptions } from "../flags/source-flags.js";
import { holdsStill, StillScreen } from "../still-screen.js";
import { TARGET_FLAGS, targetOptions } from "../flags/target-flags.js";

const FLAGS = {
  interval: { type: "string", kind: "time", usual: "10s", value: "TIME", help: "pause between two looks (10s)" },
  window: { type: "string", kind: "time", usual: "120 looks", value: "TIME", help: "how long a group must rise to count as growing (120 looks)" },
  "min-rise": { type: "string", kind: "positive", usual: "10", value: "N", help: "smallest rise that counts, in goroutines (10)" },
  alarm: { type: "string", kind: ["day", "rise"], usual: "day", value: "day|rise", help: "what raises an alarm: growing, known after a day and some hours (day); or rising, known after the window (rise; so with --until)" },
  until: { type: "string", kind: "time", value: "TIME", help: "end after this time: exit code 1 if anything grew (for soak tests)" },
  json: { type: "boolean", help: "a JSON object per line and event" },
  store: { type: "string", kind: "output", value: "FILE|postgres://…|none", help: "where to keep what was seen (the user's state folder); watches that share a PostgreSQL database share the targets, too" },
  keep: { type: "string", kind: "time", usual: "720h", value: "TIME", help: "how long to keep it (720h)" },
  history: { type: "boolean", never: ONCE, help: "show what the store knows instead of asking; without SOURCE: all targets" },
  stacks: { type: "boolean", never: ONCE, help: "with --history: each group with its whole stack, as it was last seen" },
  since: { type: "string", kind: "time", usual: "24h", value: "TIME", help: "with --history: how far back (24h)" },
  metrics: { type: "string", never: "who may see the metrics is not for a file that comes with a repository; give it on the command line", value: "HOST:PORT", help: "answer Prometheus at /metrics of this address; beyond this machine it asks for a token (UNPARK_TOKEN, else a random one)" },
  ...TARGET_FLAGS,
  ...OUTLET_FLAGS,
  ...SOURCE_FLAGS,
} as const satisfies FlagSpecs;

const ABOUT = `Looks at running services again and again, and says which groups of goroutines grow like a leak.
A count that load causes falls when the load falls; a leak's count does not. A group is rising if its count rises steadily over the
window and hardly falls, or if the lowest counts between waves of load rise, three in a row. A morning's load rises like that, too: a
group is growing only if it rises on the second day as on the first, and never falls. A target that does not answer is asked again.
Asks for the profile (debug=0), the cheapest form; --debug 2 shows waiting times, too.`;

export const command: Command = {
  name: "watch",
  summary: "Watches running services, and says which goroutines grow like a leak.",
  flags: FLAGS,
  usage: usageText("watch [flags] SOURCE... | --targets FILE", ABOUT, FLAGS, [
    "unpark watch http://127.0.0.1:6060 http://127.0.0.1:6061",
    "unpark watch --interval 1s --until 10m --json http://127.0.0.1:6060",
    "unpark watch --targets services.json --targets 'k8s://shop/cart?port=6060'",
    "unpark watch --history --since 2h",
  ]),
  run: async (argv, io) => {
    const parsed = parseFlags(FLAGS, argv);
    if (!parsed.ok) return complain(io, parsed.error);
    const { flags, positionals } = parsed.value;
    const rules = rulesOf(flags);
    if (!rules.ok) return complain(io, rules.error);
    const file = flags.store === "none" ? undefined : flags.store === undefined ? defaultStore(io) : storePlace(flags.store, io);
    if (flags.history) return showHistory(file, positionals, rules.value.since, flags.stacks, io);
    if (flags.stacks) return complain(io, "--stacks goes with --history; 'unpark inspect' shows the stacks of now");
    if (positionals.length === 0 && flags.targets.length === 0) return complain(io, "nothing to watch: give at least one source, or --targets; 'unpark watch --help' tells more");
    const common = await sourceOptions(flags, io);
    if (!common.ok) return complain(io, common.error);
    const targets = targetOptions(positionals, flags, common.value, io);
    if (!targets.ok) return complain(io, targets.error);
    const outletting = outletOptions(flags, io);
    if (!outletting.ok) return complain(io, outletting.error);
    const listen = flags.metrics === undefined ? undefined : listenAddress("--metrics", flags.metrics, io);
    if (listen && !listen.ok) return complain(io, listen.error);
    // Nobody asked for it to be kept: where it cannot be, the watch is as good for as long as it runs.
    const unkept = flags.store === undefined && !hasSqlite();
    if (unkept) io.stderr.write(`unpark: what is seen is not kept: ${NO_SQLITE}\n`);
    const store = await openStore(unkept ? undefined : file, rules.value.interval);
    if (!store.ok) return complain(io, `${store.error}; --store names another, --store none keeps nothing`);
    const screen = !flags.json && holdsStill(io) ? new StillScreen(io) : undefined;
    const form = flags.json ? jsonForm(io) : screen ? liveForm(screen, io, rules.value.interval) : plainForm(io);
    const options: WatchOptions = {
      ...common.value, debug: common.value.debug ?? 0, store: store.value, intervalMs: rules.value.interval, keepMs: rules.value.keep,
      growth: { ...DEFAULT_GROWTH, window: rules.value.samples, minRise: rules.value.minRise },
      alarm: rules.value.alarm,
      ...optional({ untilMs: rules.value.until }),
      ...form,
    };
    const outlets = await openOutlets(options, {
      ...outletting.value,
      // On stderr: with --json, stdout holds events alone.
      ...(listen ? { metrics: { ...listen.value, onListening: (url) => io.stderr.write(`unpark: metrics at ${toldAddress(url, listen.value)}\n`) } } : {}),
    });
    if (!outlets.ok) {
      screen?.close();
      await store.value.close().catch(() => undefined);
      return complain(io, outlets.error);
    }
    const summary = await done(watch(targets.value, outlets.value.observing(options)), store.value);
    screen?.close();
    undelivered(await outlets.value.close(), io);
    return conclude(summary, flags.json, io);
  },
};

/** The looks are kept by now: a store that cannot be closed properly is opened again all the same. */
export async function done<T>(work: Promise<T>, store: Store): Promise<T> {
  try {
    return await work;
  } finally {
    await store.close().catch(() => undefined);
  }
}

type Form = Pick<WatchOptions, "onEvent" | "onView">;
const look = (io: Io) => ({ colour: io.colour, cwd: io.cwd, columns: io.columns });

const jsonForm = (io: Io): Form => ({
  onEvent: (event) => io.stdout.write(jsonLine({ ...event, at: new Date(event.at).toISOString() })),
  onView: () => undefined,
});

const plainForm = (io: Io): Form => ({
  onEvent: (event) => {
    const text = watchEventText(event, look(io));
    if (text !== undefined) io.stdout.write(`${text}\n`);
  },
  onView: () => undefined,
});

/** Repaints the screen after each look; alarms stay above it as lines. */
function liveForm(screen: StillScreen, io: Io, intervalMs: number): Form {
  const news: string[] = [];
  return {
    onEvent: (event: WatchEvent) => {
      // That a target is still down stands in its own row.
      const text = event.kind === "failed" && event.inARow > 1 ? undefined : watchEventText(event, look(io));
      if (text !== undefined) news.push(...text.split("\n"));
      news.splice(0, news.length - Math.floor(io.rows / 3));
    },
    onView: (view: () => readonly TargetView[]) => {
      const head = `unpark watch, every ${intervalMs / 1000} s, ${new Date().toISOString().slice(11, 19)}Z (Ctrl-C ends)`;
      screen.show(() => [...watchScreen(view(), head, Math.max(6, io.rows - news.length - 3), look(io)).split("\n"), "", ...news]);
    },
  };
}

function conclude(summary: WatchSummary, json: boolean, io: Io): number {
  if (!json) io.stdout.write(watchSummaryText(summary, look(io)));
  else io.stdout.write(jsonLine({ kind: "summary", ...summary }));
  const silent = summary.targets.filter(neverAnswered);
  if (silent.length > 0) complain(io, `${silent.map(({ target }) => target).join(", ")} never answered`);
  if (summary.unsaved > 0) complain(io, `${summary.unsaved} ${summary.unsaved === 1 ? "look" : "looks"} could not be kept in the store`);
  return watchExit(summary);
}

async function showHistory(file: string | undefined, targets: readonly string[], sinceMs: number, stacks: boolean, io: Io): Promise<number> {
  if (file === undefined) return complain(io, "--history needs a store, but --store none was given");
  const store = await openStore(file);
  if (!store.ok) return complain(io, store.error);
  try {
    const wanted = targets.length > 0 ? targets.map(publicName) : await storedTargets(store.value);
    io.stdout.write(historyText(await done(history(store.value, wanted, Date.now() - sinceMs), store.value), { ...look(io), stacks }));
    return CLEAN;
  } catch (error) {
    if (error instanceof StoreError) return complain(io, error.message);
    throw error;
  }
}

/** A PostgreSQL server's address as it is, a file by its whole name. */
export const storePlace = (store: string, io: Io): string => (isPostgres(store) ? store : resolve(io.cwd, store));

/** What is watched outlives a run. */
export const defaultStore = (io: Io): string => join(stateFolder(io.env), "watch.db");

interface WatchRules {
  readonly interval: number;
  readonly samples: number;
  readonly until?: number;
  readonly keep: number;
  readonly since: number;
  readonly minRise: number;
  readonly alarm: WatchOptions["alarm"];
}

function rulesOf(flags: Flags<typeof FLAGS>["flags"]): Result<WatchRules, string> {
  const times: Record<string, number> = {};
  for (const [name, text] of [["interval", flags.interval ?? "10s"], ["window", flags.window], ["until", flags.until], ["keep", flags.keep ?? "720h"], ["since", flags.since ?? "24h"]] as const) {
    if (text === undefined) continue;
    const time = parseDuration(text);
    if (!time.ok) return err(`--${name}: ${time.error}`);
    times[name] = Number(time.value / 1_000_000n);
  }
  const interval = times["interval"]!;
  if (interval < 10) return err("--interval: at least 10ms");
  const samples = times["window"] === undefined ? DEFAULT_GROWTH.window : Math.floor(times["window"] / interval);
  if (samples < 12) return err(`--window: ${flags.window} holds ${samples} looks, but the growth rule needs 12 at least; shorten --interval or take a longer window`);
  const minRise = Number(flags["min-rise"] ?? "10");
  if (!Number.isSafeInteger(minRise) || minRise < 1) return err(`--min-rise: '${flags["min-rise"]}' is not a positive number`);
  const alarm = flags.alarm ?? (flags.until === undefined ? "day" : "rise");
  if (alarm !== "day" && alarm !== "rise") return err(`--alarm takes 'day' or 'rise', but got '${alarm}'`);
  return ok({ interval, samples, keep: times["keep"]!, since: times["since"]!, minRise, alarm, ...optional({ until: times["until"] }) });
}
