// The import law (ARCHITECTURE.md, "The house"): which room may import which. Run in CI; an edge that is not
// listed fails, and so does a debt that is no longer owed, so that the list of debts can only shrink.
import { readdirSync, readFileSync } from "node:fs";
import { dirname, join, normalize, relative, sep } from "node:path";
import { fileURLToPath } from "node:url";

// A room that is not there yet is not listed (REVIEW 10): add it with its first file.
const STATIONS = ["toolchain", "host", "runtime", "explore", "collect", "parse", "watch", "diagnose", "report"];
const ALLOWED = {
  base: [],
  model: ["base"],
  control: ["base", "model"],
  ...Object.fromEntries(STATIONS.map((room) => [room, ["base", "model"]])),
  host: ["base", "model", "control"],
  runtime: ["base", "model", "control"],
  "explore/testing": ["base", "model", "control", "explore"], // model programs are a host, too
  pipeline: ["base", "model", ...STATIONS],
  testing: ["base", "model", "runtime", "diagnose", "pipeline", "report"],
  cli: ["base", "model", "pipeline", "report"],
};
// Debts: "from-file -> to-room", each with the reason. May only shrink.
const DEBTS = new Map([]);

const root = fileURLToPath(new URL("..", import.meta.url));
const src = join(root, "src");
const files = readdirSync(src, { recursive: true, encoding: "utf8" })
  .filter((f) => f.endsWith(".ts") && !f.endsWith(".test.ts"))
  .map((f) => f.split(sep).join("/"));
const room = (file) => {
  const folder = dirname(file);
  if (folder in ALLOWED) return folder;
  return folder === "." ? "entry" : folder.slice(0, `${folder}/`.indexOf("/"));
};
const errors = [];
const owed = new Set();
for (const file of files) {
  const from = room(file);
  if (from === "entry") continue; // src/*.ts are the package's public doors; they only re-export
  if (!(from in ALLOWED)) errors.push(`src/${file}: room '${from}' is not in the house (scripts/layers.mjs)`);
  const text = readFileSync(join(src, file), "utf8");
  for (const match of text.matchAll(/(?:from|import)\s*\(?\s*["'](\.[^"']+)["']/g)) {
    const target = relative(src, normalize(join(src, dirname(file), match[1]))).split(sep).join("/");
    const to = room(target);
    if (to === from || (ALLOWED[from] ?? []).includes(to)) continue;
    const debt = `${file} -> ${to}`;
    if (DEBTS.has(debt)) owed.add(debt);
    else errors.push(`src/${file}: '${from}' may not import '${to}' (${match[1]})`);
  }
}
for (const debt of DEBTS.keys()) if (!owed.has(debt)) errors.push(`debt no longer owed, delete it: ${debt}`);
for (const error of errors) console.error(error);
console.log(`layers: ${files.length} files, ${errors.length} errors, ${DEBTS.size} debts`);
process.exit(errors.length > 0 ? 1 : 0);
