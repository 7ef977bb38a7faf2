import { rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { optional } from "../../base/optional.js";
import type { Report } from "../../model/results/examination.js";
import { readTestArgs, runGoTest, type GoTestOutcome } from "../../toolchain/go/go-test.js";
import type { PackageOverride } from "../config/package-match.js";
import { cacheFolder } from "../../base/user-folders.js";
import { KeptRuns } from "./kept-runs.js";
import { nativeBuild } from "./native-build.js";
import { TestOutput } from "./native-output.js";
import { syntaxTool } from "../../toolchain/go/syntax-tool.js";
import { diedIn, goneIn, nativeReport, readFolder } from "./native-report.js";
import { stressed, type Stress } from "./stress.js";
import type { OutputListener } from "../../toolchain/go/pass-on.js";
import { runFolder, sweepRunFolders } from "../../toolchain/go/lifeline.js";

/** `unpark test --native`: the words behind it are go test's own. */
export interface NativeRequest {
  readonly cwd: string;
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Flags and packages for `go test`, as given. */
  readonly args: readonly string[];
  /** With the runtime changed too: finds what is abandoned, and follows owners through timers. Go 1.26 and later. */
  readonly deep?: boolean;
  /** Looks at each test's end as well, not only when the process exits. Needs `deep`'s runtime. */
  readonly each?: boolean;
  /** Runs each test so many times, or until something is found or the time (ms) is over. See stress.ts. */
  readonly stress?: Stress;
  /** Asked now and then with the packages that are over: true ends the run, and the rest gets no verdict. */
  readonly enough?: (over: () => ReadonlySet<string>) => boolean;
  /** Packages that `go test` takes from its cache are judged by what their run left then (kept-runs.ts); else all are run. */
  readonly kept?: boolean;
  /** For the explorer, where --stress found something. */
  readonly overrides?: readonly PackageOverride[];
  readonly goVersion?: string;
  readonly unparkVersion: string;
  readonly signal?: AbortSignal;
}

export interface NativeResult {
  readonly report: Report;
  /** What `go test` itself ended with: it is kept. Undefined when it could not be run to its end. */
  readonly goTest: number | undefined;
  /** Packages whose test binary died by itself. */
  readonly died: readonly string[];
  /** Packages of which it is not known what they left: `go test` repeated a run that is not kept. They have to be run again. */
  readonly unknown: readonly string[];
}

/**
 * The user's Go → overlay → `go test`, as it is → what each test binary left → findings. Its output goes to `onOutput`
 * unchanged. The reports are written to a folder of their own, which is gone at the end.
 */
export async function nativeTest(request: NativeRequest, onOutput: OutputListener): Promise<NativeResult> {
  const { env, signal } = request;
  const args = readTestArgs(request.args, request.cwd);
  const cwd = args.dir;
  const deep = request.deep === true || request.each === true;
  const built = await nativeBuild({ cwd, env, deep, stress: request.stress !== undefined, ...optional({ overlay: args.overlay, ldflags: args.ldflags, goVersion: request.goVersion, signal }) });
  if (!built.ok) return impossible(request, built.error);
  const { toolchain, overlay, ldflags } = built.value;
  const tool = syntaxTool(toolchain, signal);
  const output = new TestOutput();
  const listen: OutputListener = (stream, bytes) => {
    output.push(stream, bytes);
    return onOutput(stream, bytes);
  };
  return withFolder(async (whole) => {
    const kept = request.kept ? KeptRuns.open(cacheFolder(env), [cwd, overlay.path, ldflags ?? "", toolchain.goflags.given, ...args.args]) : undefined;
    const folder = kept?.dir ?? join(whole, "reports");
    const isNew = kept?.isNew;
    // Go's own work folder, too: when it is interrupted early, it does not remove it by itself.
    const work = env["GOTMPDIR"] || args.args.includes("-work") ? {} : { GOTMPDIR: join(whole, "build") };
    const own = { UNPARK_NATIVE: folder, ...kept?.env, ...work, ...(request.each ? { UNPARK_EACH: "1" } : {}), ...(request.stress ? { UNPARK_STRESS: "1" } : {}) };
    const cut = new Cut(request, () => new Set([...readFolder(folder, isNew).censuses.map((census) => census.package), ...output.seen, ...goneIn(folder, isNew)]));
    const round = (words: readonly string[]): Promise<GoTestOutcome> =>
      runGoTest(toolchain, { cwd, overlay: overlay.path, args: [...(ldflags === undefined ? [] : [ldflags]), ...words, ...args.args], env: own, folder: whole, onOutput: listen, signal: cut.signal });
    const found = (): boolean => readFolder(folder).censuses.some(({ ownerOf }) => [...ownerOf.values()].some(({ over }) => over));
    const ended = request.stress === undefined ? await round([]) : await stressed(request.stress, round, found);
    cut.close();
    const outcome: GoTestOutcome = cut.enough ? { kind: "enough" } : ended;
    const packages = output.end();
    const done = { outcome, output, ...readFolder(folder, kept?.standsFor(packages)) };
    const untold = cut.enough ? goneIn(folder, isNew).filter((path) => !done.censuses.some((census) => census.package === path) && !packages.some((one) => one.path === path)) : []; // it died behind one that hung
    const unknown = [...(kept?.unknown(packages) ?? []), ...untold];
    kept?.close(packages);
    return { report: nativeReport(request, toolchain, done, await tool), died: diedIn(done), goTest: outcome.kind === "ended" ? outcome.status : undefined, unknown };
  }, (message) => impossible(request, message));
}

/** How often it is asked whether the rest is wanted, in milliseconds. */
const ASK_MS = 200;

/** Ends a run by the caller's signal, or where `enough` says so. */
class Cut {
  readonly signal: AbortSignal;
  enough = false;
  readonly #timer: NodeJS.Timeout | undefined;

  constructor({ enough, signal }: NativeRequest, over: () => ReadonlySet<string>) {
    const own = new AbortController();
    this.signal = signal === undefined ? own.signal : AbortSignal.any([signal, own.signal]);
    if (enough === undefined) return;
    this.#timer = setInterval(() => {
      if (this.enough || !enough(over)) return;
      this.enough = true;
      own.abort();
    }, ASK_MS);
  }

  close(): void {
    clearInterval(this.#timer);
  }
}

/** A folder that is gone afterwards, even if this process is ended at once; a sentence where there can be none. */
async function withFolder<T>(use: (folder: string) => Promise<T>, failed: (message: string) => T): Promise<T> {
  let folder: string;
  try {
    folder = runFolder();
    sweepRunFolders();
  } catch (error) {
    return failed(`cannot make a folder for the reports in ${tmpdir()}: ${(error as Error).message}; set TMPDIR to one that can be written`);
  }
  const remove = (): void => rmSync(folder, { recursive: true, force: true });
  process.once("exit", remove);
  try {
    return await use(folder);
  } finally {
    process.off("exit", remove);
    remove();
  }
}

function impossible(request: NativeRequest, message: string): NativeResult {
  return { report: { examinations: [], failures: [{ package: request.args.join(" ") || ".", message }] }, goTest: undefined, died: [], unknown: [] };
}
