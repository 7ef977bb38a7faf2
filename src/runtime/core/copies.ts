/**
 * The copies of this runtime that are loaded into one realm (two versions below node_modules, or the sources beside what was
 * built of them). Each has goroutines of its own, and sees none of another's: whoever meets that is to be told both.
 */
const COPIES = Symbol.for("unpark.copies");
const realm = globalThis as { [COPIES]?: string[] };

/** For the module that holds a copy's state, once. */
export function registerCopy(url: string): void {
  (realm[COPIES] ??= []).push(folderOf(url));
}

/** A sentence that names the copies, where there are several. `here`: this one's. */
export function otherCopies(url: string): string | undefined {
  const here = folderOf(url);
  const others = (realm[COPIES] ?? []).filter((one) => one !== here);
  if (others.length === 0) return undefined;
  return `a second copy of Unpark is loaded, ${others.join(" and ")} beside ${here}, and neither sees the other's goroutines and channels: import one of them everywhere (npm ls unpark says where they come from, npm dedupe may do it)`;
}

/** From `…/dist/src/runtime/core/current-runtime.js` to what one imports. */
function folderOf(url: string): string {
  const at = url.lastIndexOf("/runtime/core/");
  const folder = at < 0 ? url : url.slice(0, at);
  return folder.startsWith("file://") ? decodeURIComponent(new URL(folder).pathname) : folder;
}
