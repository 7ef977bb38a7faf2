import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { basename, join, relative } from "node:path";
import { err, ok, type Result } from "../../base/result.js";
import { applyEdits } from "../../fix/apply-edits.js";
import { unifiedDiff } from "../../fix/unified-diff.js";
import type { PatchedFile, SourceEdit } from "../../model/results/fix.js";
import { userOverlay } from "../../toolchain/go/build.js";
import { extendOverlay } from "../../toolchain/overlay/overlay.js";
import type { BuildContext } from "../go/build-context.js";

/** What the files are with a patch, which may be one on top of another one: of the files `under` it. */
export function patchedFiles(edits: readonly SourceEdit[], under: readonly PatchedFile[] = []): Result<readonly PatchedFile[], string> {
  const files = new Map(under.map((one) => [one.file, one]));
  for (const file of new Set(edits.map((edit) => edit.file))) {
    const before = files.get(file)?.before ?? readFileSync(file, "utf8");
    const after = applyEdits(Buffer.from(files.get(file)?.after ?? before), edits.filter((edit) => edit.file === file));
    if (after === undefined) return err(`two patches change the same place of ${file}`);
    files.set(file, { file, before, after: Buffer.from(after).toString("utf8") });
  }
  return ok([...files.values()]);
}

/** As `git apply` takes it, from the folder `root`. */
export const diffOf = (files: readonly PatchedFile[], root: string): string =>
  files.map(({ file, before, after }) => unifiedDiff(relative(root, file).split("\\").join("/"), before, after)).join("");

/** The same sources with a patch, for builds under control: nothing is written beside the user's files. */
export function patchedContext(context: BuildContext, files: readonly PatchedFile[]): Result<BuildContext, string> {
  const overlay = extendOverlay(context.overlay, new Map(files.map(({ file, after }) => [file, after])), new Map());
  return overlay.ok ? ok({ ...context, overlay: overlay.value, isProposal: true }) : err(overlay.error.message);
}

/** The same for Go's own commands: `use` gets the path of an overlay file, which is gone afterwards. */
export async function withNativeOverlay<T>({ toolchain }: BuildContext, cwd: string, files: readonly PatchedFile[], use: (overlay: string) => Promise<T>): Promise<T> {
  const folder = mkdtempSync(join(tmpdir(), "unpark-fix-"));
  try {
    const own = userOverlay(toolchain, cwd);
    const replace: Record<string, string> = own.ok ? { ...own.value } : {};
    for (const [i, { file, after }] of files.entries()) {
      mkdirSync(join(folder, String(i)));
      replace[file] = join(folder, String(i), basename(file));
      writeFileSync(replace[file], after);
    }
    writeFileSync(join(folder, "overlay.json"), JSON.stringify({ Replace: replace }));
    return await use(join(folder, "overlay.json"));
  } finally {
    rmSync(folder, { recursive: true, force: true, maxRetries: 3 });
  }
}
