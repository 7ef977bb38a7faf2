import { existsSync, readdirSync } from "node:fs";
import { join } from "node:path";

/** Go says what is wrong, but not what to do, where no module is found. */
export function withNextStep(words: string, cwd: string): string {
  if (/does not contain modules listed in go\.work/.test(words)) return `${words}\nin a workspace name its modules by their folders (unpark test ./app/... ./lib/...), or all of them: unpark test work (Go 1.25 or later)`;
  if (!/does not contain main module|go\.mod file not found/.test(words)) return words;
  const below = /directory prefix \. |go\.mod file not found/.test(words) ? modulesBelow(cwd) : [];
  const [first] = below;
  if (first === undefined) return `${words}\nrun unpark in the folder of a go.mod or below it; where there is none, 'go mod init NAME' makes one`;
  if (below.length === 1) return `${words}\nrun unpark in ${first}: the module is there`;
  return `${words}\nrun unpark in one of the modules below (${below.slice(0, NAMED).join(", ")}${below.length > NAMED ? ", …" : ""}), or make them a workspace: go work init, then go work use ./${first} and the others`;
}

/** More say nothing more. */
const NAMED = 4;
/** Folders of folders of folders, and no more of them than a moment allows. */
const DEEPEST = 3;
const MOST_FOLDERS = 1_000;
const NOT_OURS = /^(?:[._]|node_modules$|vendor$|testdata$)/;

/** Folders with a go.mod of their own, the nearest first. */
function modulesBelow(cwd: string): readonly string[] {
  const found: string[] = [];
  let [level, looked] = [[""], 0];
  for (let depth = 0; depth < DEEPEST && level.length > 0; depth++) {
    const next: string[] = [];
    for (const folder of level) {
      if (looked++ > MOST_FOLDERS) return found;
      for (const name of foldersIn(join(cwd, folder))) {
        const path = folder === "" ? name : `${folder}/${name}`;
        if (existsSync(join(cwd, path, "go.mod"))) found.push(path);
        else next.push(path);
      }
    }
    level = next;
  }
  return found;
}

function foldersIn(folder: string): readonly string[] {
  try {
    return readdirSync(folder, { withFileTypes: true }).flatMap((one) => (one.isDirectory() && !NOT_OURS.test(one.name) ? [one.name] : [])).sort();
  } catch {
    return []; // nobody's to read
  }
}
