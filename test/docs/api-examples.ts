// Examples of docstrings as programs: each in a file of its own, with what it uses imported, checked by the compiler and run.
import { spawn } from "node:child_process";
import { mkdirSync, readFileSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { execPath } from "node:process";
import ts from "typescript";

export interface Example {
  /** `unpark/time.sleep`. */
  readonly of: string;
  readonly code: string;
}

/** What an example may use without importing it: the library's names, and these of Node. */
const FROM: Readonly<Record<string, readonly string[]>> = {
  "node:assert/strict": ["default as assert"],
  "node:events": ["once"],
  "node:http": ["createServer"],
  "node:net": ["type AddressInfo"],
  "unpark/testing": ["examineTs", "explore", "Explored", "leak", "matchers"],
  "unpark/node": ["debugHandler", "gopsAgent", "sampleAwaits"],
};
const PROJECT = { target: "ES2022", lib: ["ES2023", "ESNext.Disposable", "DOM"], module: "NodeNext", moduleResolution: "NodeNext", strict: true, noUncheckedIndexedAccess: true, exactOptionalPropertyTypes: true, skipLibCheck: true, sourceMap: true, types: ["node"] };

/** The library's own names, of what it exports. */
const ofLibrary = async (): Promise<readonly string[]> => Object.keys(await import("../../src/index.js"));

function imports(code: string, library: readonly string[]): string {
  const has = (pattern: string): boolean => new RegExp(pattern).test(code);
  const uses = (name: string): boolean => has(`(?<![\\w.])${name.replace(/^.* /, "")}\\b`) && !has(`\\b(?:const|let) ${name}\\b`);
  const all = Object.entries({ ...FROM, unpark: library }).map(([from, names]) => [from, names.filter(uses)] as const);
  return all.flatMap(([from, names]) => (names.length === 0 ? [] : [`import { ${names.join(", ")} } from "${from}";`])).join(" ");
}

/** Writes them into `folder`, as a project that has `root` installed; the imports stand in the first line. */
export async function writeExamples(folder: string, root: string, examples: readonly Example[]): Promise<void> {
  mkdirSync(join(folder, "node_modules"), { recursive: true });
  symlinkSync(root, join(folder, "node_modules/unpark"));
  symlinkSync(join(root, "node_modules/@types"), join(folder, "node_modules/@types"));
  writeFileSync(join(folder, "package.json"), '{ "type": "module" }');
  writeFileSync(join(folder, "tsconfig.json"), JSON.stringify({ compilerOptions: PROJECT, include: ["*.ts"] }));
  const library = await ofLibrary();
  for (const { of, code } of examples) writeFileSync(join(folder, `${fileName(of)}.ts`), `${imports(code, library)} export {};\n${code}\n`);
}

const fileName = (of: string): string => of.replaceAll(/[^\w.]/g, "-");

/** Compiles the project: what the compiler says of each example, by name. */
export function compileExamples(folder: string, examples: readonly Example[]): ReadonlyMap<string, readonly string[]> {
  const config = ts.parseJsonConfigFileContent(JSON.parse(readFileSync(join(folder, "tsconfig.json"), "utf8")), ts.sys, folder);
  const program = ts.createProgram(config.fileNames, config.options);
  program.emit();
  const said = ts.getPreEmitDiagnostics(program);
  const of = (name: string): readonly string[] =>
    said.filter(({ file }) => file === undefined || file.fileName.endsWith(`/${fileName(name)}.ts`)).map(({ messageText }) => ts.flattenDiagnosticMessageText(messageText, "\n"));
  return new Map(examples.map((example) => [example.of, of(example.of)]));
}

/** Runs one in a process of its own: how that ends, and what it prints. A program that hangs is ended after a minute. */
export function runExample(folder: string, { of }: Example): Promise<{ readonly code: number | null; readonly said: string }> {
  const child = spawn(execPath, ["--enable-source-maps", join(folder, `${fileName(of)}.js`)], { cwd: folder, stdio: ["ignore", "pipe", "pipe"], timeout: 60_000 });
  let said = "";
  for (const stream of [child.stdout, child.stderr]) stream.on("data", (bytes: Buffer) => void (said += bytes.toString()));
  return new Promise((resolve) => child.on("close", (code) => resolve({ code, said })));
}
