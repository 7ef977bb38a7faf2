// The command line of a released package, bundled: a command loads a handful of files where the sources have three hundred,
// and a fifth of the package's bytes were imports, exports and names. What the library shares with it stays as it is: a
// user's program that `unpark run` loads must meet the same modules.
import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { join, posix } from "node:path";
import { build as bundle } from "esbuild";

/** All outputs stand in one folder, this one in a package, so that a relative path means the same in each. */
const FOLDER = "dist/src/cli";
const MAIN = `${FOLDER}/main.js`;
/** Started by their address (`new Worker(new URL("./NAME", import.meta.url))`), which is then NAME beside main.js. */
const WORKERS = ["dist/src/pipeline/services/parse-worker.js", "dist/src/pipeline/pool/examine-worker.js", "dist/src/collect/unzstd-worker.js"];
/** Replaced in the single executable by bundles of what they name (bundled.mjs). */
const SDKS = ["dist/src/mcp/sdk.js", "dist/src/server/prom-client.js", "dist/src/queue/nats/nats-client.js", "dist/src/watch/postgres/postgres-client.js"];

/** Tables whose reasons nobody but a reader of the sources sees. */
const REASONED = /^dist\/src\/host\/ignored\//;

/** The files that a package's public entries load, now or later. */
export function libraryFiles(root, exports) {
  const found = new Set();
  const visit = (path) => {
    if (found.has(path)) return;
    const text = read(root, path);
    if (text === undefined) return;
    found.add(path);
    for (const [, specifier] of text.matchAll(/(?:from|import|require|resolve)\s*\(?\s*["'](\.[^"']+)["']/g)) visit(posix.join(posix.dirname(path), specifier));
  };
  for (const { default: file } of Object.values(exports)) if (file !== undefined) visit(posix.normalize(file));
  return found;
}

/** Bundles what only the command line loads; answers path → text of each output, relative to the package. `folder`: where main.js, the workers and what they share stand. */
export async function commandLine(root, library, folder = FOLDER) {
  const kept = new Set([...library, ...SDKS]);
  const { outputFiles, metafile } = await bundle({
    absWorkingDir: root,
    entryPoints: [{ in: MAIN, out: "main" }, ...WORKERS.filter((file) => !library.has(file)).map((file) => ({ in: file, out: posix.basename(file, ".js") }))],
    outdir: folder, chunkNames: "[hash]", bundle: true, splitting: true, minify: true, format: "esm", platform: "node", target: "node20", packages: "external",
    legalComments: "none", charset: "utf8", logLevel: "error", write: false, metafile: true,
    plugins: [{ name: "package", setup: (context) => setup(root, kept, folder, context) }],
  });
  return new Map([...withShortNames(outputFiles.map(({ path, text }) => [path.slice(root.length + 1).replaceAll("\\", "/"), text]), metafile.outputs), ...SDKS.map((path) => [path, read(root, path)])]);
}

/** A file that others share, or load later, as esbuild names it: by its content's hash. */
const SHARED = /^[A-Z0-9]{8}\.js$/;
/** Two digits, so that they sort by number. */
const FIRST_NUMBER = 36;

/**
 * Shared files by number, those of a room side by side: a hash for each is nothing that gzip could make shorter (1.5 % of the package). Before
 * the number is one hash of the whole build: a process that goes on while another version is installed finds no file, and not another one.
 */
function withShortNames(files, outputs) {
  const shared = files.map(([path]) => path).filter((path) => SHARED.test(posix.basename(path)));
  const byContent = shared.map((path) => [largestOf(outputs[path]), posix.basename(path)]).sort(([a, x], [b, y]) => (a < b || (a === b && x < y) ? -1 : 1));
  const build = createHash("sha256").update(byContent.join()).digest("hex").slice(0, 6);
  const names = new Map(byContent.map(([, name], index) => [name, `${build}${(FIRST_NUMBER + index).toString(36)}.js`]));
  const rename = (name) => names.get(name) ?? name;
  return files.map(([path, text]) => [posix.join(posix.dirname(path), rename(posix.basename(path))), text.replace(/(?<=["'`]\.\/)[A-Z0-9]{8}\.js(?=["'`])/g, rename)]);
}

/** The source that most of an output's bytes are of. */
const largestOf = ({ inputs }) => Object.entries(inputs).sort(([, a], [, b]) => b.bytesInOutput - a.bytesInOutput)[0]?.[0] ?? "";

function setup(root, kept, folder, { onResolve, onLoad }) {
  onResolve({ filter: /^\./ }, ({ path, resolveDir }) => {
    const file = join(resolveDir, path).slice(root.length + 1).replaceAll("\\", "/");
    return kept.has(file) ? { path: posix.relative(folder, file), external: true } : undefined;
  });
  onLoad({ filter: /\.js$/ }, ({ path }) => {
    const text = readFileSync(path, "utf8");
    const file = path.slice(root.length + 1).replaceAll("\\", "/");
    if (REASONED.test(file)) return { contents: text.replace(/, why: "[^"]*"/g, "") };
    if (!text.includes("import.meta.url")) return undefined;
    // Where the file would stand, seen from the folder; but for workers, which are moved there.
    return { contents: text.replace(/import\.meta\.url/g, (all, at) => (/new URL\("\.\/[\w-]+-worker\.js", $/.test(text.slice(0, at)) ? all : `new URL(${JSON.stringify(posix.relative(folder, file))}, ${all}).href`)) };
  });
}

function read(root, path) {
  try {
    return readFileSync(join(root, path), "utf8");
  } catch {
    return undefined; // a package's name, or a folder
  }
}
