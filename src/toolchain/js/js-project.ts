import { existsSync, readdirSync, readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { err, ok, type Result } from "../../base/result.js";

/** The user's TypeScript: where the project is, which test runner it has, and the command that starts it. */
export const RUNNERS = ["vitest", "jest", "node"] as const;
export type Runner = (typeof RUNNERS)[number];
export const isRunner = (word: string): word is Runner => (RUNNERS as readonly string[]).includes(word);

interface Manifest {
  readonly name?: string;
  readonly bin?: string | Readonly<Record<string, string>>;
  readonly dependencies?: Readonly<Record<string, string>>;
  readonly devDependencies?: Readonly<Record<string, string>>;
}

/** The nearest folder at or above with a package.json that depends on unpark. */
export function findJsProject(from: string): string | undefined {
  for (let folder = from; ; folder = dirname(folder)) {
    if ("unpark" in dependenciesOf(folder)) return folder;
    if (dirname(folder) === folder) return undefined;
  }
}

function dependenciesOf(folder: string): Readonly<Record<string, string>> {
  const { dependencies, devDependencies } = readManifest(join(folder, "package.json")) ?? {};
  return { ...dependencies, ...devDependencies };
}

function readManifest(file: string): Manifest | undefined {
  try {
    return JSON.parse(readFileSync(file, "utf8")) as Manifest;
  } catch {
    return undefined;
  }
}

/** What its package.json (or one above it, in a workspace) names; node:test where it names none. */
export function runnerOf(project: string): Runner {
  for (let folder = project; ; folder = dirname(folder)) {
    const names = dependenciesOf(folder);
    for (const runner of ["vitest", "jest"] as const) if (runner in names) return runner;
    if (dirname(folder) === folder) return "node";
  }
}

interface RunnerWords {
  /** Absolute paths of files and folders; none: all tests of the project. */
  readonly files: readonly string[];
  /** Only tests whose name matches. */
  readonly run?: string;
  /** Test files at work at the same time. */
  readonly workers?: number;
  /** The runner's own. */
  readonly rest: readonly string[];
}

/** The words for `node` that run the project's tests. */
export function runnerCommand(runner: Runner, project: string, { files, run, workers, rest }: RunnerWords): Result<readonly string[], string> {
  const many = workers === undefined ? undefined : String(workers);
  switch (runner) {
    case "vitest": {
      const bin = binOf("vitest", project);
      return bin.ok ? ok([bin.value, "run", ...pair("-t", run), ...pair("--maxWorkers", many), ...rest, ...files]) : bin;
    }
    case "jest": {
      const bin = binOf("jest", project);
      const paths = files.length === 0 ? [] : ["--runTestsByPath", ...files.flatMap((file) => testFiles(file))];
      return bin.ok ? ok(["--experimental-vm-modules", bin.value, ...pair("-t", run), ...pair("--maxWorkers", many), ...rest, ...paths]) : bin;
    }
    case "node": {
      const tests = (files.length === 0 ? [project] : files).flatMap((file) => testFiles(file));
      if (tests.length === 0) return err(`there is no test file in ${project} (*.test.ts, *.spec.ts, or the same with .js, .mts, .mjs)`);
      const loader = loaderFor(tests, project);
      if (!loader.ok) return loader;
      return ok(["--enable-source-maps", ...loader.value, "--test", ...pair("--test-name-pattern", run), ...pair("--test-concurrency", many), ...rest, ...tests]);
    }
  }
}

const pair = (flag: string, value: string | undefined): readonly string[] => (value === undefined ? [] : [`${flag}=${value}`]);

/** Where an installed package's program is. */
function binOf(name: string, project: string): Result<string, string> {
  try {
    const file = createRequire(join(project, "package.json")).resolve(`${name}/package.json`);
    const { bin } = readManifest(file) ?? {};
    return ok(join(dirname(file), typeof bin === "string" ? bin : (bin?.[name] ?? "")));
  } catch {
    return err(`${name} is not installed in ${project}: run npm install there, or say another runner (--runner=node)`);
  }
}

/** Is there a test file below the folder? */
export const hasTestFile = (folder: string): boolean => testFiles(folder).length > 0;

const LEFT_OUT = new Set(["node_modules", "dist", "build", "out", "coverage"]);

/** A file is itself; a folder, the test files below it, without what is built or hidden. */
function testFiles(path: string): readonly string[] {
  if (!existsSync(path)) return [path];
  try {
    return readdirSync(path, { withFileTypes: true }).flatMap((entry) => {
      if (entry.isDirectory()) return LEFT_OUT.has(entry.name) || entry.name.startsWith(".") ? [] : testFiles(join(path, entry.name));
      return /\.(test|spec)\.[cm]?[jt]sx?$/.test(entry.name) ? [join(path, entry.name)] : [];
    });
  } catch {
    return [path];
  }
}

export const isScript = (word: string): boolean => /\.[cm]?[jt]sx?$/.test(word);

/** What Node needs to run such files: nothing for JavaScript, and where it takes the types out by itself; else tsx. */
export function loaderFor(files: readonly string[], project: string): Result<readonly string[], string> {
  if (!files.some((file) => /\.[cm]?tsx?$/.test(file))) return ok([]);
  try {
    return ok(["--import", createRequire(join(project, "package.json")).resolve("tsx/esm")]);
  } catch {
    const { typescript } = process.features as { readonly typescript?: string | false };
    if (typescript) return ok([]);
    return err(
      `Node ${process.version} does not run TypeScript by itself: install tsx in the project (npm install --save-dev tsx), ` +
        "use Node 22.18 or later, or give compiled JavaScript",
    );
  }
}
