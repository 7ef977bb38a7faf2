import { basename } from "node:path";
import { count, number, seconds } from "../exploration/verdict-words.js";
import { shortFunction } from "../inspect/words.js";
import { withoutCommands } from "../shared/safe-text.js";
import type { Finding } from "../../model/finding/finding.js";
import type { LearnedTest } from "../../model/results/learned.js";

/** `leaked: server.(*Feed).pull.func1 feed.go:41` */
export const findingWords = ({ verdict, blocked, message }: Finding): string =>
  `${verdict}: ${shortFunction(blocked.function)} ${basename(blocked.file)}:${blocked.line}${message === undefined ? "" : ` (${message.split("\n")[0]!.slice(0, 100)})`}`;

/** What is known of all tests, those that found something first, then those that are least known. */
export function learnedText(tests: readonly LearnedTest[]): string {
  const sum = (of: (test: LearnedTest) => number): number => tests.reduce((all, test) => all + of(test), 0);
  const complete = sum((test) => Number(test.complete));
  const head = `${count(tests.length, "test")}: ${number(complete)} explored completely, ${number(tests.length - complete)} open; ${count(sum((test) => test.schedules), "schedule")} in ${seconds(sum((test) => test.milliseconds))}; ${count(sum((test) => test.findings.length), "finding")}`;
  const order = [...tests].sort((a, b) => b.findings.length - a.findings.length || Number(a.complete) - Number(b.complete) || a.schedules - b.schedules);
  return withoutCommands(`${[head, ...order.flatMap(testLines)].join("\n")}\n`);
}

function testLines(test: LearnedTest): readonly string[] {
  const { name, package: path, schedules, rounds, milliseconds, depth, complete, news, newAt, findings } = test;
  const since = schedules - newAt.schedules;
  const how = complete ? `explored completely (${count(schedules, "schedule")})` : `${count(schedules, "schedule")} in ${count(rounds, "round")} and ${seconds(milliseconds)}, longest run ${count(depth, "step")}; something new ${news === 1 ? "once" : `${number(news)} times`}${since === 0 ? "" : `, not in the last ${count(since, "schedule")}`}`;
  return [`  ${name} (${path}): ${how}${choiceWords(test)}`, ...findings.map(({ words, at, schedules: after }) => `    ${words}; ${new Date(at).toISOString().slice(0, 16)}Z, within ${count(after, "schedule")}`)];
}

/** Of which steps either could come first, and how much of that was tried. */
const choiceWords = ({ choices }: LearnedTest): string => (choices === undefined || choices.pairs === 0 ? "" : `; ${number(choices.both)} of ${count(choices.pairs, "pair")} of choices tried both ways`);

/** One line for what is new of a test. */
export const newsText = (test: LearnedTest, before: LearnedTest | undefined): readonly string[] =>
  test.findings.slice(before?.findings.length ?? 0).map(({ words }) => withoutCommands(`${test.name} (${test.package}): ${words}`));
