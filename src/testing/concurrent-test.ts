import { readFileSync } from "node:fs";
import { basename } from "node:path";

interface SourcePlace {
  readonly file: string;
  readonly line: number;
}

/** vitest's test or suite, as far as it is needed. */
interface TaskLike {
  readonly type?: string;
  readonly name: string;
  readonly concurrent?: boolean;
  readonly suite?: TaskLike;
  readonly file?: TaskLike;
  readonly tasks?: readonly TaskLike[];
  readonly result?: { readonly state?: string };
}

/**
 * Which of the tests that vitest runs at the same time (`it.concurrent`) called from `site`? vitest knows one current test only, the
 * last that was begun. So that one is meant whose name stands last above the line, as a text, with no other test behind it; where that is
 * none, the line is the name. Undefined: no such tests run.
 */
export function concurrentTest(site: SourcePlace | undefined): string | undefined {
  const { __vitest_worker__: worker } = globalThis as { readonly __vitest_worker__?: { readonly current?: TaskLike } };
  const current = worker?.current;
  if (current?.concurrent !== true || site === undefined) return undefined;
  const running = testsOf(current.file).filter(({ concurrent, result }) => concurrent === true && (result?.state === "run" || result?.state === undefined));
  const above = textAbove(site);
  const found = running.map((task) => ({ task, at: lastNamed(above, task.name) })).reduce((x, y) => (y.at > x.at ? y : x), { task: current, at: -1 });
  return found.at < 0 || ANOTHER.test(above.slice(found.at)) ? `${basename(site.file)}:${site.line}` : fullName(found.task);
}

/** A test whose name is no plain text, or another of the same line. */
const ANOTHER = /\b(it|test)(\.\w+)*\s*\(/;

const testsOf = (task: TaskLike | undefined): readonly TaskLike[] => (task === undefined ? [] : task.type === "test" ? [task] : (task.tasks ?? []).flatMap(testsOf));

const lastNamed = (text: string, name: string): number => Math.max(...["\"", "'", "`"].map((quote) => text.lastIndexOf(`${quote}${name}${quote}`)));

/** As vitest's `expect.getState().currentTestName`. */
function fullName(task: TaskLike): string {
  const names = [task.name];
  for (let one = task.suite; one !== undefined && one !== task.file && one.name !== ""; one = one.suite) names.unshift(one.name);
  return names.join(" > ");
}

function textAbove({ file, line }: SourcePlace): string {
  try {
    return readFileSync(file, "utf8").split("\n").slice(0, line).join("\n");
  } catch {
    return ""; // no file (a bundle, a browser)
  }
}
