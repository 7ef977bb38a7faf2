import { optional } from "../../base/optional.js";
import { err, ok, type Result } from "../../base/result.js";
import type { TargetView, WatchEvent, WatchSummary } from "../../model/results/watching.js";
import { publicName } from "../../model/public-name.js";
import { DEFAULT_GROWTH, history, openStore, storedTargets, StoreError, type Store } from "../../pipeline/services/history.js";
import type { WatchOptions } from "../../pipeline/services/watch-options.js";
import { openOutlets } from "../../pipeline/services/outlets.js";
import { watch } from "../../pipeline/services/watch.js";
import { jsonLine } from "../../report/shared/json-text.js";
import { historyText } from "../../report/watch/history.js";
import { watchEventText, watchScreen, watchSummaryText } from "../../report/watch/text.js";
import { withFlags, type Command } from "../command.js";
import { ONCE } from "../flags/explore-flags.js";
import { type Flags, type FlagSpecs, usageText } from "../flags/flags.js";
import { CLEAN, neverAnswered, watchExit } from "../../report/exit-code.js";
import { complain, type Io } from "../io.js";
import { listenAddress, toldAddress, type ListenAddress } from "../listen.js";
import { undelivered } from "../flags/outlet-flags.js";
import { done, openKept, storePlace, timesOf, WATCHING_FLAGS, watchingOf, type WatchedPlaces } from "../watching.js";
import { holdsStill, StillScreen } from "../still-screen.js";

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
  ...WATCHING_FLAGS,
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
  run: withFlags(FLAGS, async ({ flags, positionals }, io) => {
    const rules = rulesOf(flags);
    if (!rules.ok) return complain(io, rules.error);
    if (flags.history) return showHistory(storePlace(flags.store, io), positionals, rules.value.since, flags.stacks, io);
    if (flags.stacks) return complain(io, "--stacks goes with --history; 'unpark inspect' shows the stacks of now");
    const watching = await watchingOf("watch", positionals, flags, io);
    if (!watching.ok) return complain(io, watching.error);
    const listen = flags.metrics === undefined ? ok(undefined) : listenAddress("--metrics", flags.metrics, io);
    if (!listen.ok) return complain(io, listen.error);
    const store = await openKept(flags.store, rules.value.interval, io);
    return store.ok ? watched(watching.value, { listen: listen.value, rules: rules.value, store: store.value, json: flags.json }, io) : complain(io, store.error);
  }),
};

interface WatchedRun {
  /** Where metrics are answered. */
  readonly listen: ListenAddress | undefined;
  readonly rules: WatchRules;
  readonly store: Store;
  readonly json: boolean;
}

async function watched({ common, targets, outlets: told }: WatchedPlaces, { listen, rules, store, json }: WatchedRun, io: Io): Promise<number> {
  const screen = !json && holdsStill(io) ? new StillScreen(io) : undefined;
  const form = json ? jsonForm(io) : screen ? liveForm(screen, io, rules.interval) : plainForm(io);
  const options: WatchOptions = {
    ...common, debug: common.debug ?? 0, store, intervalMs: rules.interval, keepMs: rules.keep,
    growth: { ...DEFAULT_GROWTH, window: rules.samples, minRise: rules.minRise },
    alarm: rules.alarm,
    ...optional({ untilMs: rules.until }),
    ...form,
  };
  const outlets = await openOutlets(options, {
    ...told,
    // On stderr: with --json, stdout holds events alone.
    ...(listen ? { metrics: { ...listen, onListening: (url) => io.stderr.write(`unpark: metrics at ${toldAddress(url, listen)}\n`) } } : {}),
  });
  if (!outlets.ok) {
    screen?.close();
    await store.close().catch(() => undefined);
    return complain(io, outlets.error);
  }
  const summary = await done(watch(targets, outlets.value.observing(options)), store);
  screen?.close();
  undelivered(await outlets.value.close(), io);
  return conclude(summary, json, io);
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
  const times = timesOf({ interval: flags.interval ?? "10s", window: flags.window, until: flags.until, keep: flags.keep ?? "720h", since: flags.since ?? "24h" });
  if (!times.ok) return times;
  const { interval = 0, window, until, keep = 0, since = 0 } = times.value;
  const samples = window === undefined ? DEFAULT_GROWTH.window : Math.floor(window / interval);
  if (samples < 12) return err(`--window: ${flags.window} holds ${samples} looks, but the growth rule needs 12 at least; shorten --interval or take a longer window`);
  const minRise = Number(flags["min-rise"] ?? "10");
  if (!Number.isSafeInteger(minRise) || minRise < 1) return err(`--min-rise: '${flags["min-rise"]}' is not a positive number`);
  const alarm = flags.alarm ?? (flags.until === undefined ? "day" : "rise");
  if (alarm !== "day" && alarm !== "rise") return err(`--alarm takes 'day' or 'rise', but got '${alarm}'`);
  return ok({ interval, samples, keep, since, minRise, alarm, ...optional({ until }) });
}
