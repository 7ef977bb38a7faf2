/**
 * `require("unpark/testing")` where nothing loads an ES module by `require`: jest without --experimental-vm-modules, and Node
 * before 20.19 and 22.12 (later ones have the condition `module-sync`, and do not come here).
 *
 * The package's files are turned into CommonJS as they are loaded, so that they are evaluated in the realm that asks (jest has one for
 * each file of tests): its Promise, timers and clocks are the ones that a run must control. Only what the compiler and the
 * release's minifier write is read here: imports and exports that begin a line, or stand behind `;` or `}`; no circle of
 * imports (scripts/layers.mjs), no exported variable that changes, no import(). test/runners/commonjs.test.ts holds every file to that.
 */
/* eslint-disable @typescript-eslint/no-require-imports -- a CommonJS file */
const { readFileSync } = require("node:fs") as { readonly readFileSync: (file: string, encoding: "utf8") => string };
const { dirname, join } = require("node:path") as { readonly dirname: (file: string) => string; readonly join: (...parts: string[]) => string };
const { pathToFileURL } = require("node:url") as { readonly pathToFileURL: (file: string) => URL };

type Exports = Record<string, unknown>;
type Evaluate = (exports: Exports, load: (path: string) => unknown, url: string) => void;

const loaded = new Map<string, Exports>();

/** The module at `file`, once for each registry of CommonJS modules. */
function load(file: string): Exports {
  let exports = loaded.get(file);
  if (exports !== undefined) return exports;
  loaded.set(file, (exports = {}));
  const url = pathToFileURL(file).href;
  const evaluate = (0, eval)(`(function (exports, load, url) { "use strict"; ${commonJs(readFileSync(file, "utf8"))}\n})\n//# sourceURL=${url}`) as Evaluate;
  evaluate(exports, (path) => (path.startsWith(".") ? load(join(dirname(file), path)) : require(path)), url);
  return exports;
}

/** Lines stay where they are. What is exported is a getter, so that it need not be there yet. */
function commonJs(text: string): string {
  const getters: string[] = [];
  const give = (name: string, value: string): void => void getters.push(`${JSON.stringify(name)}: { enumerable: true, get: () => ${value} }`);
  const giveAll = (names: string, from: string): void => {
    for (const [name, as] of pairs(names)) give(as, `${from}${name}`);
  };
  const code = text
    .replace(/(^|[;}])(?=(?:import|export)[{*"])/g, "$1\n") // the minifier's: it writes no lines
    .replace(/^export (?=(?:async )?(?:function|class|const)\b\*? *([\w$]+))/gm, (_, name: string) => (give(name, name), ""))
    .replace(/^export ?\* ?as ([\w$]+) ?from ?("[^"]+");?/gm, (_, name: string, path: string) => (give(name, `load(${path})`), `load(${path});`))
    .replace(/^export ?\{([^}]*)\} ?from ?("[^"]+");?/gm, (_, names: string, path: string) => (giveAll(names, `load(${path}).`), `load(${path});`))
    .replace(/^export ?\{([^}]*)\};?/gm, (_, names: string) => (giveAll(names, ""), ""))
    .replace(/^import ?\* ?as ([\w$]+) ?from ?("[^"]+");?/gm, "const $1 = load($2);")
    .replace(/^import ?\{([^}]*)\} ?from ?("[^"]+");?/gm, (_, names: string, path: string) => `const {${pairs(names).map((pair) => pair.join(": ")).join(", ")}} = load(${path});`)
    .replace(/^import ?("[^"]+");?/gm, "load($1);")
    .replaceAll("import.meta.url", "url");
  return `Object.defineProperties(exports, { ${getters.join(", ")} }); ${code}`;
}

/** `a, b as c`: each name, and what it is to be called. */
const pairs = (names: string): readonly (readonly [string, string])[] =>
  names.split(",").flatMap((one) => {
    const [name = "", as = name] = one.trim().split(/ as /);
    return name === "" ? [] : [[name, as] as const];
  });

module.exports = (entry: string): Exports => load(join(__dirname, "..", entry));
