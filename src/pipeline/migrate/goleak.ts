import { existsSync, readFileSync } from "node:fs";
import { dirname, relative, sep } from "node:path";
import { optional } from "../../base/optional.js";
import { err, ok, type Result } from "../../base/result.js";
import { isTooDeep } from "../../base/yaml-depth.js";
import { unifiedDiff } from "../../fix/unified-diff.js";
import type { MigratedIgnore, MigratedUse, Migration } from "../../model/results/migration.js";
import { cacheFolder } from "../../base/user-folders.js";
import { findToolchain } from "../../toolchain/go/go-command.js";
import { goleakUses } from "../../toolchain/go/goleak-tool.js";
import { CONFIG_FILE, type Config, type Ignore } from "../config/config.js";
import { newConfigPath } from "../config/read-config.js";
import { writeWhole } from "../go/save.js";
import { conversionOf } from "./convert.js";

interface MigrateRequest {
  /** The patch is relative to it; its settings are changed. */
  readonly cwd: string;
  /** The folder to be read. */
  readonly root: string;
  readonly env: Readonly<Record<string, string | undefined>>;
  /** As it is now. */
  readonly config: Config;
  readonly write: boolean;
  /** The last day of new entries. */
  readonly expires: string;
  readonly signal?: AbortSignal;
}

/** Go's parser → uses of goleak → entries of the settings → their change. */
export async function migrateGoleak({ cwd, root, env, config, write, expires, signal }: MigrateRequest): Promise<Result<Migration, string>> {
  const toolchain = await findToolchain({ cwd: root, env, cacheDir: cacheFolder(env), ...optional({ signal }) });
  if (!toolchain.ok) return err(toolchain.error.message);
  const found = await goleakUses(toolchain.value, root, optional({ signal }));
  if (!found.ok) return found;
  const path = config.path ?? newConfigPath(cwd);
  const known = new Set(config.ignore.map(identity));
  const fresh = new Map<string, MigratedIgnore>();
  const uses = found.value.uses.map((use): MigratedUse => {
    const place = `${relative(dirname(path), use.file).split(sep).join("/")}:${use.line}`;
    const becomes = conversionOf(use, { place, expires });
    const { file, line, name, package: own, known: said, value } = use;
    const one = { file, line, name, package: own, ...(said ? { value } : {}) };
    if (becomes.kind !== "ignore") return { ...one, becomes };
    const key = identity(becomes.entry);
    if (known.has(key)) return { ...one, becomes: { kind: "there", entry: becomes.entry } };
    if (!fresh.has(key)) fresh.set(key, becomes.entry);
    return { ...one, becomes };
  });
  const change = await changeOf(path, [...fresh.values()]);
  if (!change.ok) return change;
  const { before, after } = change.value;
  if (write && before !== after) {
    const written = writeWhole(after, path);
    if (!written.ok) return err(`${path} ${written.error}`);
  }
  const name = relative(cwd, path).startsWith("..") ? CONFIG_FILE : relative(cwd, path).split(sep).join("/");
  const diff = before === undefined ? unifiedDiff(name, "", after).replace(/^--- .*\n/, "--- /dev/null\n") : unifiedDiff(name, before, after);
  return ok({ root, settings: path, files: found.value.files, uses, broken: found.value.broken, diff, written: write && before !== after });
}

/** What an entry is about; reason and day may be another's. */
const identity = ({ function: name, stack, test, package: path, verdict }: Partial<Pick<Ignore, "function" | "stack" | "test" | "package" | "verdict">>): string => JSON.stringify([name, stack, test, path, verdict]);

/** The file with the entries added at the end of its list, whatever else stands there, comments too. */
async function changeOf(path: string, entries: readonly MigratedIgnore[]): Promise<Result<{ readonly before: string | undefined; readonly after: string }, string>> {
  const { Document, isSeq, parseDocument } = await import("yaml");
  const before = existsSync(path) ? readFileSync(path, "utf8") : undefined;
  if (entries.length === 0) return ok({ before: before ?? "", after: before ?? "" });
  if (isTooDeep(before ?? "")) return err(`${path} is nested too deeply to be settings`);
  const document = before === undefined || before.trim() === "" ? new Document({}) : parseDocument(before);
  if (document.errors.length > 0) return err(`${path} is not YAML: mend it first`);
  if (document.contents === null) document.contents = document.createNode({});
  if (!isSeq(document.get("ignore"))) document.set("ignore", document.createNode([]));
  for (const entry of entries) document.addIn(["ignore"], document.createNode(entry));
  return ok({ before, after: document.toString({ lineWidth: 0 }) });
}
