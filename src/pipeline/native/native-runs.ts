import { optional } from "../../base/optional.js";
import type { Examination } from "../../model/results/examination.js";
import type { ExploreRequest } from "../go/explore-request.js";
import { goTestFlags } from "../go/test-selection.js";
import { nativeTest, type NativeRequest, type NativeResult } from "./native.js";

/** The native runs of one `unpark test`: the one beside the exploration, and those of a part of it that come later. */
export class NativeRuns {
  readonly #request: ExploreRequest;
  readonly #onOutput: (bytes: Uint8Array) => void | Promise<void>;

  constructor(request: ExploreRequest, onOutput: (bytes: Uint8Array) => void | Promise<void>) {
    this.#request = request;
    this.#onOutput = onOutput;
  }

  /** Of all that is asked for; packages whose runs are kept are not run again. */
  beside(enough: NonNullable<NativeRequest["enough"]>): Promise<NativeResult> {
    const { cwd, env, unparkVersion, results, signal } = this.#request;
    return nativeTest({ cwd, env, args: goTestArgs(this.#request), unparkVersion, enough, kept: results !== undefined, ...optional({ signal }) }, (_, bytes) => this.#onOutput(bytes));
  }

  again(part: Partial<ExploreRequest>, quiet = false): Promise<NativeResult> {
    const { cwd, env, unparkVersion, signal } = this.#request;
    const args = goTestArgs({ ...this.#request, ...part });
    return nativeTest({ cwd, env, args, unparkVersion, ...optional({ signal: part.signal ?? signal }) }, (_, bytes) => (quiet ? undefined : this.#onOutput(bytes)));
  }

  /** B3: does a test fail natively, too, when it runs by itself? */
  async failsItself(one: Examination): Promise<boolean> {
    const { report, died } = await this.again({ patterns: [one.package], run: `^${one.name}$` }, true);
    return this.#request.signal?.aborted !== true && (died.includes(one.package) || report.examinations.some(({ outcome }) => outcome === "failed"));
  }
}

/** A test that hangs is the exploration's to report: it is not waited for as long as go test does (10 min). */
const NATIVE_TIMEOUT = "2m";

function goTestArgs(request: ExploreRequest): readonly string[] {
  const { tags, patterns, args, nativeFlags = [] } = request;
  return [
    `-timeout=${NATIVE_TIMEOUT}`,
    ...(tags === undefined ? [] : [`-tags=${tags}`]),
    ...goTestFlags(request),
    ...nativeFlags,
    ...patterns,
    ...(args.length === 0 ? [] : ["-args", ...args]),
  ];
}
