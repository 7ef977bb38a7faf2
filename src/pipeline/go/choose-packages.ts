import { optional } from "../../base/optional.js";
import { err, ok, type Result } from "../../base/result.js";
import { cacheFolder } from "../../base/user-folders.js";
import { changedFiles } from "../../toolchain/go/changed-files.js";
import { findToolchain } from "../../toolchain/go/go-command.js";
import { namesGoFile } from "../../toolchain/go/go-file.js";
import { affectedBy, testGraph } from "../../toolchain/go/test-inputs.js";

/** Part `index` (from 1) of `of` parts. */
interface Shard {
  readonly index: number;
  readonly of: number;
}

export function readShard(text: string): Result<Shard, string> {
  const [, index = "0", of = "0"] = /^([1-9]\d{0,4})\/([1-9]\d{0,4})$/.exec(text) ?? [];
  return Number(index) >= 1 && Number(index) <= Number(of) ? ok({ index: Number(index), of: Number(of) }) : err(`--shard takes a part and how many there are, such as 2/5, but got '${text}'`);
}

interface ChoosePackages {
  readonly cwd: string;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly patterns: readonly string[];
  readonly tags?: string;
  /** Only packages whose tests are built of something else than where this branch left that commit. */
  readonly changed?: string;
  readonly shard?: Shard;
  readonly signal?: AbortSignal;
}

interface ChosenPackages {
  readonly packages: readonly string[];
  /** How many with tests there are. */
  readonly all: number;
}

/**
 * The packages of the patterns that are to be done. Parts are dealt out in turn from the sorted list, so that each
 * machine computes the same parts; what cannot be loaded is every part's, so that none passes in silence.
 */
export async function choosePackages({ cwd, env, patterns, tags, changed, shard, signal }: ChoosePackages): Promise<Result<ChosenPackages, string>> {
  const file = patterns.find((pattern) => namesGoFile(pattern, cwd));
  if (file !== undefined) return err(`--changed and --shard choose among packages, but ${file} is a file`);
  const toolchain = await findToolchain({ cwd, env, cacheDir: cacheFolder(env), ...optional({ signal }) });
  if (!toolchain.ok) return err(toolchain.error.message);
  const graph = await testGraph(toolchain.value, { cwd, patterns, ...optional({ tags, signal }) });
  if (!graph.ok) return graph;
  const files = changed === undefined ? undefined : await changedFiles(changed, { cwd, env, ...optional({ signal }) });
  if (files !== undefined && !files.ok) return files;
  const wanted = files === undefined ? graph.value.tested : affectedBy(files.value, graph.value);
  const part = wanted.filter((_, i) => shard === undefined || i % shard.of === shard.index - 1).map(({ importPath }) => importPath);
  return ok({ packages: [...new Set([...part, ...graph.value.broken])], all: graph.value.tested.length });
}
