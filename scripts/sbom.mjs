// `npm run sbom`: sbom.cdx.json (CycloneDX 1.6) and LICENSES.md of what is installed with the package at run time, from the
// lock file and from what is installed. `--check` says whether they are as they must be, and writes nothing.
import { createHash } from "node:crypto";
import { existsSync, readFileSync, readdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { BUNDLED } from "./release/bundled.mjs";

const root = fileURLToPath(new URL("..", import.meta.url));
const own = JSON.parse(readFileSync(join(root, "package.json"), "utf8"));
const lock = JSON.parse(readFileSync(join(root, "package-lock.json"), "utf8")).packages;

/** Why each is there; one without a reason is refused. */
const REASONS = {
  fzstd: "unpacks zstd, which the zlib of Node 20 does not",
  "vscode-jsonrpc": "`unpark lsp`",
  yaml: "reads .unpark.yaml",
  ...BUNDLED, // only in what holds the whole program
};

const found = new Map();
function add(name, from, optional) {
  const key = [`${from}/node_modules/${name}`, `node_modules/${name}`].find((one) => lock[one] !== undefined);
  if (key === undefined || found.has(key)) return;
  const entry = lock[key];
  found.set(key, { name, ...entry, optional: optional || entry.optional === true });
  for (const next of Object.keys(entry.dependencies ?? {})) add(next, key, optional);
  for (const next of Object.keys(entry.optionalDependencies ?? {})) add(next, key, true);
}
for (const name of Object.keys(own.dependencies ?? {})) add(name, "", false);
for (const name of Object.keys(own.optionalDependencies ?? {})) add(name, "", true);
for (const name of Object.keys(BUNDLED)) found.set(`node_modules/${name}`, { name, ...lock[`node_modules/${name}`], optional: true });
for (const name of Object.keys({ ...own.dependencies, ...own.optionalDependencies })) if (REASONS[name] === undefined) throw new Error(`scripts/sbom.mjs: why is ${name} needed?`);

const components = [...found.values()].sort((a, b) => (a.name < b.name ? -1 : 1)).map(({ name, version, license, integrity, optional }) => ({
  type: "library",
  "bom-ref": `pkg:npm/${name.replace("@", "%40")}@${version}`,
  name,
  version,
  scope: optional ? "optional" : "required",
  ...(integrity === undefined ? {} : { hashes: [{ alg: "SHA-512", content: Buffer.from(integrity.replace(/^sha512-/, ""), "base64").toString("hex") }] }),
  licenses: [{ license: { id: license } }],
  purl: `pkg:npm/${name.replace("@", "%40")}@${version}`,
}));
// The same input gives the same file: the serial number is a hash, and there is no time in it.
const digest = createHash("sha256").update(JSON.stringify([own.version, components])).digest("hex");
const uuid = `${digest.slice(0, 8)}-${digest.slice(8, 12)}-5${digest.slice(13, 16)}-a${digest.slice(17, 20)}-${digest.slice(20, 32)}`;
const sbom = {
  $schema: "http://cyclonedx.org/schema/bom-1.6.schema.json", bomFormat: "CycloneDX", specVersion: "1.6", serialNumber: `urn:uuid:${uuid}`, version: 1,
  metadata: { component: { type: "application", "bom-ref": `pkg:npm/unpark@${own.version}`, name: "unpark", version: own.version, licenses: [{ license: { id: own.license } }], purl: `pkg:npm/unpark@${own.version}` } },
  components,
};

const text = (name) => {
  const folder = join(root, "node_modules", name);
  if (!existsSync(folder)) return undefined; // for another system
  const file = readdirSync(folder).find((one) => /^licen[cs]e/i.test(one));
  return file === undefined ? undefined : readFileSync(join(folder, file), "utf8").trim();
};
const licences = [
  "# Licences of what is installed with Unpark",
  "",
  `Made by \`npm run sbom\`. Unpark itself: ${own.license}.`,
  "",
  "| package | version | licence | needed for |",
  "| --- | --- | --- | --- |",
  ...components.map(({ name, version, licenses, scope }) => `| ${name} | ${version} | ${licenses[0].license.id} | ${REASONS[name] ?? "what needs it above"}${scope === "optional" ? " (not in the npm package)" : ""} |`),
  "",
  ...Object.keys(REASONS).flatMap((name) => [`## ${name}`, "", ...(text(name) ?? "Its package holds no licence text.").split("\n").map((line) => (line === "" ? "" : `    ${line}`)), ""]),
].join("\n");

const files = { "sbom.cdx.json": `${JSON.stringify(sbom, undefined, 1)}\n`, "LICENSES.md": licences };
const stale = Object.entries(files).filter(([name, content]) => !existsSync(join(root, name)) || readFileSync(join(root, name), "utf8") !== content);
if (process.argv.includes("--check")) {
  for (const [name] of stale) console.error(`${name} is not what 'npm run sbom' makes`);
  process.exit(stale.length > 0 ? 1 : 0);
}
for (const [name, content] of Object.entries(files)) writeFileSync(join(root, name), content);
console.log(`${components.length} components: ${[...new Set(components.map(({ licenses }) => licenses[0].license.id))].join(", ")}`);
