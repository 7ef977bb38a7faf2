import { join, resolve } from "node:path";
import { optional } from "../../base/optional.js";
import { parseDuration } from "../../base/duration.js";
import { hash64, shortName } from "../../base/short-hash.js";
import { stateFolder } from "../../base/user-folders.js";
import { byLanguage } from "../../pipeline/config/language.js";
import { resultCache } from "../../pipeline/results/open-results.js";
import { LearnedFile } from "../../pipeline/soak/learned-file.js";
import { CLEAN, FINDINGS } from "../../report/exit-code.js";
import { seconds } from "../../report/exploration/verdict-words.js";
import { jsonLine } from "../../report/shared/json-text.js";
import { learnedText, newsText } from "../../report/soak/text.js";
import { withFlags, type Command } from "../command.js";
import { BUILD_FLAGS, EXPLORE_FLAGS, ONCE, readSettings, settingsHere, SHORT } from "../flags/explore-flags.js";
import { type FlagSpecs, usageText } from "../flags/flags.js";
import { complain, type Io } from "../io.js";
import { ProgressLine } from "../progress-line.js";
import { queueOf, QUEUE_FLAG, tell } from "../flags/queue-flag.js";
import { version } from "../version.js";

const { strict: _strict, ...EXPLORE } = EXPLORE_FLAGS;

const FLAGS = {
  status: { type: "boolean", never: ONCE, help: "say what is known by now, and explore nothing" },
  json: { type: "boolean", help: "what is known as JSON, a test a line" },
  store: { type: "string", kind: "output", value: "FILE", help: "where to keep what is learned (a file for each folder, in the user's state folder)" },
  until: { type: "string", kind: "time", value: "TIME", help: "end after this time" },
  short: SHORT,
  ...EXPLORE,
  ...BUILD_FLAGS,
  queue: QUEUE_FLAG,
} as const satisfies FlagSpecs;

const BUDGET = 3_000;

const ABOUT = `Explores Go tests in rounds until Ctrl-C, or until every one is explored completely: each round goes on where the ones before ended,
deepest where least is known. The budget is a test's share of a first round; later ones double it where nothing new is seen. What is learned is
kept as it comes, and --status tells it. What is found is shown in full by 'unpark test', which takes it from the cache.`;

export const command: Command = {
  name: "soak",
  summary: "Explores Go tests for nights, and keeps what it learns.",
  flags: FLAGS,
  usage: usageText("soak [flags] [packages]", ABOUT, FLAGS, ["unpark soak ./...", "unpark soak --queue nats://queue.example:4222 ./...", "unpark soak --status"]),
  run: withFlags(FLAGS, async ({ flags, positionals, rest = [] }, io) => {
    const words = byLanguage(positionals.length > 0 ? positionals : ["./..."], io.cwd);
    if (words.ts.length > 0) return complain(io, `${words.ts[0]} is TypeScript: soak explores Go tests`);
    const learned = LearnedFile.open(flags.store === undefined ? join(stateFolder(io.env), "soak", `${shortName(hash64(io.cwd))}.jsonl`) : resolve(io.cwd, flags.store));
    if (!learned.ok) return complain(io, learned.error);
    if (flags.status) return tellAll(learned.value, flags.json, io);
    const said = readSettings(flags);
    if (!said.ok) return complain(io, said.error);
    const until = flags.until === undefined ? undefined : parseDuration(flags.until);
    if (until?.ok === false) return complain(io, `--until: ${until.error}`);
    const over = new AbortController(); // a signal of AbortSignal.timeout may be collected before its time, where only AbortSignal.any knows it
    const limit = until === undefined ? undefined : setTimeout(() => over.abort(), Number(until.value / 1_000_000n));
    const signal = AbortSignal.any([io.signal, over.signal]);
    const line = new ProgressLine(io);
    const { soak } = await import("../../pipeline/soak/soak.js");
    const failures = await soak({
      explore: {
        command: "test", cwd: io.cwd, env: io.env, patterns: words.go, args: rest, settings: settingsHere(said.value, BUDGET), unparkVersion: version(), short: flags.short, signal,
        overrides: io.project.overrides, skips: io.project.config.skip,
        ...optional({ tags: flags.tags, horizonText: flags.horizon, queue: queueOf(flags.queue, io) }),
      },
      cache: resultCache(io.env), learned: learned.value, now: Date.now,
      onRound: ({ number, budget, failures: failed }) => {
        line.clear();
        for (const { package: path, message } of failed) tell(`${path}: ${message}`, io);
        tell(`round ${number + 1}, ${seconds(budget)} a test: ${learnedText(learned.value.tests()).split("\n")[0]!}`, io);
      },
      onLearned: (test, before) => {
        if (!flags.json) for (const text of newsText(test, before)) io.stdout.write(`${text}\n`);
      },
    }, line.listener(undefined));
    clearTimeout(limit);
    line.clear();
    if (failures.length > 0) return complain(io, failures.map(({ package: path, message }) => `${path}: ${message}`).join("\n"));
    return tellAll(learned.value, flags.json, io);
  }),
};

function tellAll(learned: LearnedFile, json: boolean, io: Io): number {
  const tests = learned.tests();
  io.stdout.write(json ? tests.map((one) => jsonLine(one)).join("") : learnedText(tests));
  return tests.some(({ findings }) => findings.length > 0) ? FINDINGS : CLEAN;
}
