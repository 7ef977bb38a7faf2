// The main script inside the single executable. The program lies inside as one archive; it is unpacked once into the
// user's cache folder, under its hash, for worker threads, `go build -overlay` and the page's assets need real files.
// The vm module is the only way from a single executable to import() a file (Node's documentation, "Single executable
// applications"); its warning would be talk on stderr at each start.
/* eslint-disable @typescript-eslint/no-require-imports -- a single executable starts as CommonJS */
const fs = require("node:fs");
const os = require("node:os");
const path = require("node:path");
const sea = require("node:sea");
const vm = require("node:vm");
const zlib = require("node:zlib");
const { pathToFileURL } = require("node:url");

const hash = sea.getAsset("hash", "utf8");
const emit = process.emitWarning;
process.emitWarning = (warning, ...rest) => (/USE_MAIN_CONTEXT_DEFAULT_LOADER|SQLite/.test(String(warning)) ? undefined : emit.call(process, warning, ...rest));

function cacheFolder() {
  const { UNPARK_CACHE, XDG_CACHE_HOME, LOCALAPPDATA } = process.env;
  if (UNPARK_CACHE) return UNPARK_CACHE;
  if (process.platform === "win32" && LOCALAPPDATA) return path.join(LOCALAPPDATA, "unpark");
  if (process.platform === "darwin") return path.join(os.homedir(), "Library", "Caches", "unpark");
  return path.join(XDG_CACHE_HOME || path.join(os.homedir(), ".cache"), "unpark");
}

/** Unpacks beside and renames: two that start at once cannot see half a program. */
function unpack(folder) {
  const bytes = zlib.gunzipSync(Buffer.from(sea.getRawAsset("program")));
  const end = bytes.indexOf(10);
  const { files } = JSON.parse(bytes.subarray(0, end).toString());
  fs.mkdirSync(path.dirname(folder), { recursive: true });
  const beside = fs.mkdtempSync(`${folder}-`);
  let at = end + 1;
  for (const [name, size] of files) {
    const file = path.join(beside, name);
    fs.mkdirSync(path.dirname(file), { recursive: true });
    fs.writeFileSync(file, bytes.subarray(at, at + size));
    at += size;
  }
  try {
    fs.renameSync(beside, folder);
  } catch (error) {
    fs.rmSync(beside, { recursive: true, force: true });
    if (!fs.existsSync(path.join(folder, "package.json"))) throw error;
  }
}

const folder = path.join(cacheFolder(), "program", hash.slice(0, 16));
try {
  if (!fs.existsSync(path.join(folder, "package.json"))) unpack(folder);
} catch (error) {
  process.stderr.write(`unpark: cannot unpack itself into ${folder}: ${error.message}; set UNPARK_CACHE to a folder that can be written\n`);
  process.exit(2);
}
const load = new vm.Script("(url) => import(url)", { importModuleDynamically: vm.constants.USE_MAIN_CONTEXT_DEFAULT_LOADER }).runInThisContext();
load(pathToFileURL(path.join(folder, "bin", "unpark.js")).href).catch((error) => {
  process.stderr.write(`unpark: ${error.stack}\n`);
  process.exit(2);
});
