// What belongs to the published package, in a folder of its own: compiled code without tests and without maps (their
// sources are not shipped, so a map would lead nowhere), the Go side, the documents, and a package.json without
// development fields, so that nobody who installs it runs a script of ours.
import { cpSync, existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join, posix } from "node:path";
import { transformSync } from "esbuild";
import { commandLine, libraryFiles } from "./command-line.mjs";
import { compressed } from "./compressed.mjs";

const TEST = /(^|\/)[^/]*\.test\.(js|d\.ts)$/;
/** src/<room>/testing/ holds test helpers; src/testing/ itself is the public unpark/testing. */
const HELPERS = /^dist\/src\/[^/]+\/(.+\/)?testing\//;
/**
 * Of the site alone: lessons, pages of words, measurements, how exploring, faults, awaits, the network, native runs and the cache work
 * inside, CI, which would be a tenth of the package; and what `unpark config --schema` prints. package.json names them once ("files": "!docs/…").
 */
const SITE_ONLY = JSON.parse(readFileSync(new URL("../../package.json", import.meta.url), "utf8")).files
  .filter((entry) => entry.startsWith("!docs/"))
  .map((entry) => new RegExp(`^${entry.slice(1).replaceAll(".", "\\.").replaceAll("*", "[^/]*")}(?:/|$)`));
const FOLDERS = ["bin", "dist/src", "go", "docs", "skills"];
const FILES = ["README.md", "LICENSE"];

/** Is this file of the repository shipped? `path` is relative to the root, with slashes. */
export function isShipped(path) {
  if (path.startsWith("dist/")) return !/\.map$|(?:require|outside-jest)\.d\.cts$/.test(path) && !TEST.test(path) && !HELPERS.test(path);
  return !path.endsWith("_test.go") && !SITE_ONLY.some((pattern) => pattern.test(path));
}

/** The declarations that the package's public entries reach: nobody imports the others. */
function publicTypes(root, exports) {
  const found = new Set();
  const visit = (path) => {
    if (found.has(path) || !existsSync(join(root, path))) return;
    found.add(path);
    for (const [, specifier] of readFileSync(join(root, path), "utf8").matchAll(/(?:from|import)\s*\(?\s*["'](\.[^"']+)["']/g)) {
      visit(posix.join(posix.dirname(path), specifier).replace(/\.js$/, ".d.ts"));
    }
  };
  for (const entry of Object.values(exports)) if (entry.types !== undefined) visit(posix.normalize(entry.types));
  return found;
}

/** Rooms whose frames a user may see in a stack trace of his own program: their names stay. */
const SEEN_BY_USERS = /^dist\/src\/(runtime|promises|testing|control)\//;

/** Why each row of the table of dependence holds: for who reads the sources. */
const withoutReasons = (path, text) => (path === "dist/src/explore/dpor/dependence.js" ? text.replace(/, "[^"]*"\),$/gm, "),") : text);

/** Comments, indentation and the names inside of a file are for those who read the sources: a seventh of the package. What a file exports keeps its name; the declarations keep what users read. */
const minified = (path, text) => {
  const short = transformSync(withoutReasons(path, text), { loader: "js", format: path.endsWith(".cjs") ? "cjs" : "esm", target: "esnext", minifyWhitespace: true, minifySyntax: true, minifyIdentifiers: !SEEN_BY_USERS.test(path), legalComments: "none", charset: "utf8" }).code;
  return SEEN_BY_USERS.test(path) || path.endsWith(".cjs") ? short : compressed(path, short);
};

/** Go sources without comments and indentation; directives stay, and all that is inside of a raw string. Each statement keeps its line's text. */
export function withoutGoComments(text) {
  let raw = false;
  return text
    .split("\n")
    .flatMap((line) => {
      const isComment = !raw && /^\s*\/\/(?!go:|export |unpark:| \+build)/.test(line);
      if (isComment) return [];
      const wasRaw = raw;
      if (line.split("`").length % 2 === 0) raw = !raw;
      if (wasRaw || raw) return [line];
      // A comment behind code: where no string may be cut.
      const code = line.replace(/^\t+/, "").replace(/^([^"'`]*?)[ \t]+\/\/ .*$|[ \t]+\/\/ [^"'`]*$/, "$1");
      return code === "" ? [] : [code];
    })
    .join("\n");
}

/** Examples are in the reference (`npm run api`), and as many bytes as the rest of the docstrings. */
export const withoutExamples = (text) => text.replace(/(?:\n[ \t]*\*)?\n[ \t]*\*[ \t]*@example\b[\s\S]*?(?=\n[ \t]*\*\/)/g, "");

/** Declarations that public ones lead to, and nobody imports: the compiler needs them, a reader does not. */
const INNER_TYPES = /^dist\/src\/(?:explore|control|base|runtime\/core(?!\/(?:abort|goroutine|goroutine-handle|hchan|scheduler)\.)|runtime\/control(?!\/controlled-program\.)|model\/(?:(?:run|goroutine)\/|ids\.))/;
const withoutDocstrings = (text) => text.replace(/^[ \t]*\/\*\*[\s\S]*?\*\/\n?/gm, "");

/** A document's links and pictures (not its code) that lead to what is not shipped become their words; `path` is the document's. */
export const withoutDeadLinks = (path, text, has) =>
  text.replace(/(```[\s\S]*?```|`[^`\n]*`)|!?\[([^\]]+)\]\(([^)\s:#]+)(?:#[^)]*)?\)/g, (all, code, words, target) => (code !== undefined || has(posix.normalize(posix.join(posix.dirname(path), target))) ? all : words));

/** Copies the package into `folder`; answers its package.json. */
export async function stage(root, folder) {
  rmSync(folder, { recursive: true, force: true });
  const all = FOLDERS.flatMap((dir) =>
    readdirSync(join(root, dir), { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile())
      .map((entry) => join(entry.parentPath ?? entry.path, entry.name).slice(root.length + 1).replaceAll("\\", "/")),
  );
  const { devDependencies: _dev, scripts: _scripts, ...manifest } = JSON.parse(readFileSync(join(root, "package.json"), "utf8"));
  const types = publicTypes(root, manifest.exports);
  const library = libraryFiles(root, manifest.exports);
  const isWanted = (path) => (path.endsWith(".d.ts") ? types.has(path) : !/^dist\/.*\.js$/.test(path) || library.has(path));
  const write = (path, text) => {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), text);
  };
  for (const [path, text] of await commandLine(root, library)) write(path, compressed(path, text));
  const shipped = [...all.filter((one) => isShipped(one) && isWanted(one)), ...FILES.filter((file) => readdirSync(root).includes(file))];
  const has = (path) => shipped.some((one) => one === path || one.startsWith(`${path}/`));
  for (const path of shipped) {
    const target = join(folder, path);
    mkdirSync(dirname(target), { recursive: true });
    if (/\.c?js$/.test(path)) writeFileSync(target, minified(path, readFileSync(join(root, path), "utf8")));
    else if (path.endsWith(".d.ts") && INNER_TYPES.test(path)) writeFileSync(target, withoutDocstrings(readFileSync(join(root, path), "utf8")));
    else if (path.endsWith(".d.ts")) writeFileSync(target, withoutExamples(readFileSync(join(root, path), "utf8")));
    else if (path.endsWith(".json")) writeFileSync(target, JSON.stringify(JSON.parse(readFileSync(join(root, path), "utf8")))); // schemas and dashboards: machines read them
    else if (path.endsWith(".go")) writeFileSync(target, withoutGoComments(readFileSync(join(root, path), "utf8")));
    else if (path.endsWith(".md")) write(path, withoutDeadLinks(path, readFileSync(join(root, path), "utf8"), has));
    else cpSync(join(root, path), target);
  }
  // A module of its own: below a Go module that installed it by npm (node_modules), `./...` leaves it out.
  writeFileSync(join(folder, "go", "go.mod"), "module unpark.invalid/go\n\ngo 1.24\n");
  manifest.files = manifest.files.filter((entry) => !entry.startsWith("!docs/")); // none of them is there
  writeFileSync(join(folder, "package.json"), `${JSON.stringify(manifest, undefined, 2)}\n`);
  return manifest;
}

/** The folders of the run-time dependencies, as the lock file has them installed; optional ones only where `wanted`. */
export function dependencyFolders(root, wanted = () => true) {
  const lock = JSON.parse(readFileSync(join(root, "package-lock.json"), "utf8")).packages;
  const found = new Set();
  const visit = (name) => {
    const path = `node_modules/${name}`;
    if (found.has(path) || lock[path] === undefined || !wanted(name)) return;
    found.add(path);
    for (const next of Object.keys({ ...lock[path].dependencies, ...lock[path].optionalDependencies })) visit(next);
  };
  for (const name of Object.keys({ ...lock[""].dependencies, ...lock[""].optionalDependencies })) visit(name);
  return [...found].sort();
}
