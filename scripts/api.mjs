// `npm run api`: the reference of the TypeScript library, made of its docstrings by typedoc, in site/dist/api. `node scripts/site.mjs` makes it, too.
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { Application, Logger, LogLevel } from "typedoc";

const root = fileURLToPath(new URL("..", import.meta.url)).replace(/\/$/, "");

/** Types that public ones lead to, and that nobody has to name. */
const NOT_NAMED = [
  "GoroutineEnd", "RecvCase", "SendCase", "DefaultCase", "SelectOutcome", "NumberOf", "TimerEntry", "ChannelTimer", "Unit", "GoroutineName", "RuntimeGoroutine",
  "Snapshot", "Examination", "ClockWord", "AwaitProver", "DurationArgument", "Goroutine", "Hchan", "WaitLimit", "ObjectLabel", "CallSite",
];

/** Each public entry: its name, and its source. */
function entries() {
  const { exports } = JSON.parse(readFileSync(join(root, "package.json"), "utf8"));
  return Object.entries(exports)
    .filter(([, entry]) => entry.types !== undefined)
    .map(([name, { types }]) => ({ name: `unpark${name.slice(1)}`, source: types.replace("./dist/", "").replace(/\.d\.(c?ts)$/, ".$1") }));
}

class Heard extends Logger {
  warnings = [];

  log(message, level) {
    const ofAnonymous = /\.__type\./.test(message); // has no docstring of its own
    if (level >= LogLevel.Warn && !ofAnonymous) this.warnings.push(message);
  }
}

/** The library as typedoc sees it: `model`, what it warns of, and what writes the pages. */
export async function reference() {
  const all = entries();
  const app = await Application.bootstrap({
    name: "unpark",
    entryPoints: all.map(({ source }) => join(root, source)),
    tsconfig: join(root, "tsconfig.json"),
    basePath: root,
    readme: "none",
    disableGit: true,
    sourceLinkTemplate: "{path}",
    skipErrorChecking: true,
    excludePrivate: true,
    excludeProtected: true,
    excludeInternal: true,
    excludeExternals: true,
    validation: { notExported: true, invalidLink: true, notDocumented: true },
    intentionallyNotExported: NOT_NAMED,
    requiredToBeDocumented: ["Function", "Class", "Interface", "TypeAlias", "Variable", "Accessor", "Method", "Property"],
  });
  const heard = (app.logger = new Heard());
  const model = await app.convert();
  if (model === undefined) throw new Error(`typedoc could not read the library: ${heard.warnings.join("\n")}`);
  for (const child of model.children) child.name = all.find(({ source }) => child.sources[0].fullFileName.endsWith(`/${source}`)).name;
  app.validate(model);
  return { model, warnings: heard.warnings, write: (folder) => app.generateDocs(model, folder) };
}

async function main() {
  const { warnings, write } = await reference();
  for (const warning of warnings) console.error(`api: ${warning}`);
  await write(join(root, "site/dist/api"));
  console.log("site/dist/api/index.html");
  if (warnings.length > 0) process.exitCode = 1;
}

if (process.argv[1] === fileURLToPath(import.meta.url)) await main();
