// The command-line tests against what is released, not against dist/: `node scripts/release/try.mjs npm | FILE [words]`.
// `npm`: release/npm, as the npm package has it (minified); FILE: a single executable. Needs `npm run release` before.
// The tests start bin/unpark.js; they run in a copy of this folder in which that file starts the released program instead.
// Words choose test files by their paths, as in `npm test`.
import { spawnSync } from "node:child_process";
import { cpSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join, resolve } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";

const root = fileURLToPath(new URL("../..", import.meta.url));
const [what, ...words] = process.argv.slice(2);
if (what === undefined) {
  console.error("try: say what: npm, or a single executable's file");
  process.exit(2);
}

/** A process of its own between the test and the program: a test that kills it by SIGKILL does not reach the program. */
const starting = (program) => `#!/usr/bin/env node
import { spawn } from "node:child_process";
const child = spawn(${JSON.stringify(program)}, process.argv.slice(2), { stdio: "inherit" });
for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"]) process.on(signal, () => child.kill(signal));
child.on("close", (code, signal) => (signal === null ? process.exit(code) : process.kill(process.pid, signal)));
`;

const copy = mkdtempSync(join(tmpdir(), "unpark-try-"));
try {
  for (const file of spawnSync("git", ["ls-files"], { cwd: root, encoding: "utf8", maxBuffer: 1 << 26 }).stdout.trim().split("\n")) {
    mkdirSync(dirname(join(copy, file)), { recursive: true });
    cpSync(join(root, file), join(copy, file));
  }
  cpSync(join(root, "dist"), join(copy, "dist"), { recursive: true });
  symlinkSync(join(root, "node_modules"), join(copy, "node_modules"));
  writeFileSync(join(copy, "bin/unpark.js"), what === "npm" ? `#!/usr/bin/env node\nawait import(${JSON.stringify(pathToFileURL(join(root, "release/npm/bin/unpark.js")).href)});\n` : starting(resolve(what)));
  const files = readdirSync(join(copy, "dist"), { recursive: true, encoding: "utf8" })
    .filter((file) => file.endsWith(".test.js") && readFileSync(join(copy, "dist", file), "utf8").includes("bin/unpark.js"))
    .map((file) => join("dist", file))
    .filter((file) => words.length === 0 || words.some((word) => file.includes(word)))
    .sort();
  console.log(`${files.length} files of tests start the command line`);
  process.exitCode = spawnSync(process.execPath, ["--enable-source-maps", "--test", "--test-concurrency=2", ...files], { cwd: copy, stdio: "inherit" }).status ?? 1;
} finally {
  rmSync(copy, { recursive: true, force: true });
}
