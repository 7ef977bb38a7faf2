// `npm run release [TARGET…]`: everything that a release consists of, in release/. Nothing is published by it.
//   unpark-VERSION.tgz            the npm package
//   unpark-VERSION-SYSTEM         single executables: no Node needed (targets: linux-x64 linux-arm64 darwin-x64 darwin-arm64 win32-x64)
//   unpark_VERSION_ARCH.deb       Debian packages of the linux ones
//   unpark.1.gz                   the man page, also in the Debian packages
//   unpark-VERSION-py3-none-any.whl
//   goproxy/                      the Go launcher, as GOPROXY=file://… serves it
//   SHA256SUMS, sbom.cdx.json, LICENSES.md
// Needs: npm, dpkg-deb, python3 with pip. Takes about five minutes for all five systems, most of it compression.
import { spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import { cpSync, mkdirSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { fileURLToPath } from "node:url";
import { archive } from "./archive.mjs";
import { bundleSdks } from "./bundled.mjs";
import { buildDeb } from "./deb.mjs";
import { buildLauncher } from "./launcher.mjs";
import { manPage } from "./man.mjs";
import { reorder } from "./npm-tarball.mjs";
import { buildSingleFile, fetchNodes, TARGETS } from "./single-files.mjs";
import { dependencyFolders, stage } from "./stage.mjs";
import { buildVscode } from "./vscode.mjs";
import { buildWheel } from "./wheel.mjs";

const root = fileURLToPath(new URL("../..", import.meta.url)).replace(/\/$/, "");
const out = join(root, "release");
const words = process.argv.slice(2);
const unknown = words.filter((word) => !TARGETS.some(({ name }) => name === word));
if (unknown.length > 0) {
  console.error(`release: unknown target ${unknown.join(", ")}; there are ${TARGETS.map(({ name }) => name).join(", ")}`);
  process.exit(2);
}
const targets = words.length === 0 ? TARGETS : TARGETS.filter(({ name }) => words.includes(name));

const npm = join(out, "npm");
rmSync(out, { recursive: true, force: true });
mkdirSync(out, { recursive: true });
const manifest = await stage(root, npm);
const { version } = manifest;

// The npm package.
run("npm", ["pack", "--silent", "--pack-destination", out], npm);
await reorder(join(out, `unpark-${version}.tgz`));

// The whole program with its dependencies: what the single files, the wheel and the launcher hold.
// A native driver is of one system only; the Node inside has SQLite of its own (node:sqlite).
const whole = join(out, ".program");
cpSync(npm, whole, { recursive: true });
for (const folder of dependencyFolders(root, (name) => !/libsql/.test(name))) cpSync(join(root, folder), join(whole, folder), { recursive: true });
await bundleSdks(root, whole);
const { bytes, hash } = archive(whole);
const program = join(out, ".program.bin");
writeFileSync(program, bytes);

const nodes = join(root, ".cache", "release-nodes");
const native = TARGETS.find(({ name }) => name === `${process.platform}-${process.arch}`) ?? TARGETS[0];
fetchNodes(nodes, [...new Set([native, ...targets])]);
const builder = join(nodes, "node_modules", native.package, native.binary);
for (const target of targets) buildSingleFile({ target, nodes, builder, program, hash, version, out });

// Without a time in it, so that the same sources make the same bytes.
const man = gzipSync(await manPage(version, run("git", ["log", "-1", "--format=%cs"], root).trim()), { level: 9 });
writeFileSync(join(out, "unpark.1.gz"), man);
const deb = { "linux-x64": "amd64", "linux-arm64": "arm64" };
for (const { name } of targets) {
  if (deb[name] === undefined) continue;
  buildDeb({ root, out, version, description: manifest.description.split(":")[0], singleFile: join(out, `unpark-${version}-${name}`), man, arch: deb[name] });
}
buildWheel({ root, out, version, program: whole });
if (words.length === 0) await buildVscode(root, out);
const checksums = sums();
const time = run("git", ["log", "-1", "--format=%cI"], root).trim();
const launcher = buildLauncher({ root, out, version, program: bytes, checksums, time: new Date(time).toISOString() });
run(process.execPath, ["scripts/sbom.mjs", "--check"], root); // the two files are those of the lock file
for (const file of ["sbom.cdx.json", "LICENSES.md"]) cpSync(join(root, file), join(out, file));
for (const hidden of readdirSync(out).filter((name) => name.startsWith("."))) rmSync(join(out, hidden), { recursive: true, force: true });
writeFileSync(join(out, "SHA256SUMS"), sums());
for (const name of readdirSync(out).sort()) {
  const { size } = statSync(join(out, name));
  if (statSync(join(out, name)).isFile()) console.log(`${String(Math.ceil(size / 1024)).padStart(8)} KB  ${name}`);
}
console.log(`launcher: GOPROXY=file://…/release/goproxy GONOSUMDB=${launcher.module} go run ${launcher.module}/cmd/unpark@${launcher.version}`);

function sums() {
  return readdirSync(out)
    .filter((name) => !name.startsWith(".") && name !== "SHA256SUMS" && statSync(join(out, name)).isFile())
    .sort()
    .map((name) => `${createHash("sha256").update(readFileSync(join(out, name))).digest("hex")}  ${name}\n`)
    .join("");
}

function run(command, args, cwd) {
  const { status, stdout, stderr, error } = spawnSync(command, args, { cwd, encoding: "utf8" });
  if (status !== 0) {
    console.error(`release: ${command} ${args.join(" ")}: ${error?.message ?? `${stdout}${stderr}`}`);
    process.exit(2);
  }
  return stdout;
}
