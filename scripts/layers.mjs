// The rules of the layout (ARCHITECTURE.md), checked over src/: which room may import which; no two files that import
// each other, not even by way of others; one exported type name, one meaning; no value and no type is exported that nobody else names. Run
// in CI: an edge that is not listed fails.
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { dirname, join, normalize, relative, sep } from "node:path";
import { argv, exit } from "node:process";
import { fileURLToPath } from "node:url";

// Only rooms that are there (a test holds it to that): add one with its first file.
const STATIONS = ["toolchain", "host", "runtime", "explore", "collect", "parse", "watch", "diagnose", "fix", "report", "server", "notify", "discover", "queue"];
export const ALLOWED = {
  base: [],
  model: ["base"],
  control: ["base", "model"],
  ...Object.fromEntries(STATIONS.map((room) => [room, ["base", "model"]])),
  host: ["base", "model", "control"],
  runtime: ["base", "model", "control"],
  promises: ["base", "model", "control", "runtime"], // ordinary async code beside goroutines, in the same runs
  "explore/testing": ["base", "model", "control", "explore"], // model programs are a host, too
  pipeline: ["base", "model", ...STATIONS, "promises"],
  testing: ["base", "model", "runtime", "promises", "diagnose", "pipeline", "report"],
  mcp: ["base", "model", "report"], // runs commands by a function that cli gives it
  lsp: ["base", "model", "report"],
  cli: ["base", "model", "pipeline", "report", "mcp", "lsp"],
};

/** Every fault of the tree below `src`, in words. */
export function check(src, allowed = ALLOWED) {
  const files = readdirSync(src, { recursive: true, encoding: "utf8" })
    .filter((f) => f.endsWith(".ts") && !f.endsWith(".test.ts"))
    .map((f) => f.split(sep).join("/"))
    .sort();
  const text = new Map(files.map((file) => [file, readFileSync(join(src, file), "utf8")]));
  const imports = new Map(files.map((file) => [file, importsOf(src, file, text.get(file))]));
  return { files, errors: [...rooms(files, allowed), ...law(imports, allowed), ...circles(imports), ...doubleNames(text), ...unusedExports(src, text)] };
}

const importsOf = (src, file, text) =>
  [...text.matchAll(/(?:from|import)\s*\(?\s*["'](\.[^"']+)["']/g)].map(([, path]) =>
    relative(src, normalize(join(src, dirname(file), path))).split(sep).join("/").replace(/\.js$/, ".ts"),
  );

const roomOf = (file, allowed) => {
  const folder = dirname(file);
  if (folder in allowed) return folder;
  return folder === "." ? "entry" : folder.slice(0, `${folder}/`.indexOf("/"));
};

function rooms(files, allowed) {
  const found = new Set(files.map((file) => roomOf(file, allowed)));
  const unknown = [...found].filter((room) => room !== "entry" && !(room in allowed)).map((room) => `src/${room}: not a room that scripts/layers.mjs knows`);
  const missing = Object.keys(allowed).filter((room) => !found.has(room)).map((room) => `scripts/layers.mjs: there is no src/${room}`);
  return [...unknown, ...missing];
}

/** src/*.ts are the package's public entries: they re-export, and add matchers to a runner. */
const law = (imports, allowed) =>
  [...imports].flatMap(([file, targets]) => {
    const from = roomOf(file, allowed);
    if (from === "entry") return [];
    const forbidden = targets.filter((target) => {
      const to = roomOf(target, allowed);
      return to !== from && !(allowed[from] ?? []).includes(to);
    });
    return forbidden.map((target) => `src/${file}: '${from}' may not import '${roomOf(target, allowed)}' (${target})`);
  });

/** Files that can be reached from themselves (Tarjan's strongly connected components, 1972). */
function circles(imports) {
  const order = new Map();
  const lowest = new Map();
  const stack = [];
  const found = [];
  const visit = (file) => {
    order.set(file, order.size);
    lowest.set(file, order.get(file));
    stack.push(file);
    for (const target of imports.get(file) ?? []) {
      if (!imports.has(target)) continue;
      if (!order.has(target)) visit(target);
      if (stack.includes(target)) lowest.set(file, Math.min(lowest.get(file), lowest.get(target)));
    }
    if (lowest.get(file) !== order.get(file)) return;
    const circle = stack.splice(stack.indexOf(file));
    if (circle.length > 1) found.push(`import circle: ${circle.map((one) => `src/${one}`).sort().join(", ")}`);
  };
  for (const file of imports.keys()) if (!order.has(file)) visit(file);
  return found;
}

function doubleNames(text) {
  const where = new Map();
  for (const [file, source] of text) {
    for (const [, name] of source.matchAll(/^export (?:abstract )?(?:interface|class|type|enum) (\w+)/gm)) where.set(name, [...(where.get(name) ?? []), file]);
  }
  return [...where].filter(([, files]) => files.length > 1).map(([name, files]) => `type '${name}' has ${files.length} meanings: ${files.map((file) => `src/${file}`).join(", ")}`);
}

/**
 * Values and types that no other file names, of the tests and scripts beside `src` neither. What an `export *` passes on is the package's, as
 * are the types of a file that package.json exports itself.
 */
function unusedExports(src, text) {
  const others = [src, ...["test", "bench", "scripts", "examples/ts"].map((folder) => join(src, "..", folder))].flatMap((folder) => (existsSync(folder) ? sourcesBelow(folder) : []));
  const namedBy = new Map();
  for (const file of others) for (const word of new Set(readFileSync(file, "utf8").match(/\w+/g))) namedBy.set(word, (namedBy.get(word) ?? 0) + 1);
  const passedOn = new Set([...text].flatMap(([file, source]) => [...source.matchAll(/^export \*(?: as \w+)? from "(.+)"/gm)].map(([, path]) => importsOf(src, file, `from "${path}"`)[0])));
  const published = publishedFiles(src);
  return [...text].flatMap(([file, source]) => {
    if (passedOn.has(file)) return [];
    const names = [...source.matchAll(VALUE), ...(published.has(file) ? [] : source.matchAll(TYPE))].map(([, name]) => name);
    return names.filter((name) => namedBy.get(name) === 1).map((name) => `src/${file}: '${name}' is exported, and no other file names it`);
  });
}

const VALUE = /^export (?:async )?(?:abstract )?(?:function\*?|class|const|let) (\w+)/gm;
const TYPE = /^export (?:declare )?(?:interface|type|enum) (\w+)/gm;

/** The sources of what package.json exports. */
function publishedFiles(src) {
  const manifest = join(src, "../package.json");
  if (!existsSync(manifest)) return new Set();
  const { exports = {} } = JSON.parse(readFileSync(manifest, "utf8"));
  return new Set(Object.values(exports).flatMap((one) => /^\.\/dist\/src\/(.+)\.js$/.exec(one.default ?? "")?.[1] ?? []).map((path) => `${path}.ts`));
}

const sourcesBelow = (folder) => readdirSync(folder, { recursive: true, encoding: "utf8" }).filter((file) => /\.[cm]?[jt]s$/.test(file)).map((file) => join(folder, file));

if (argv[1] === fileURLToPath(import.meta.url)) {
  const { files, errors } = check(join(fileURLToPath(new URL("..", import.meta.url)), "src"));
  for (const error of errors) console.error(error);
  console.log(`layers: ${files.length} files, ${errors.length} errors`);
  exit(errors.length > 0 ? 1 : 0);
}
