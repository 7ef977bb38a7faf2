// `node scripts/site.mjs`: the documents as a site with search, in site/dist. VitePress is a tool of the site alone: it is
// installed there, by its own lock file. The pages are the same Markdown; the reference of commands is made of their tables.
import { spawnSync } from "node:child_process";
import { cpSync, existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join, posix, relative } from "node:path";
import { fileURLToPath } from "node:url";

const root = fileURLToPath(new URL("..", import.meta.url)).replace(/\/$/, "");
const site = join(root, "site");
const out = join(site, "pages");
/** Documents outside of docs/, and their pages. */
const TOP = { "README.md": "index.md", "ARCHITECTURE.md": "architecture.md", "CHANGELOG.md": "changelog.md", "SECURITY.md": "security.md", "RELEASE.md": "release.md" };

/** The page of a file of the repository; undefined where the site has none. */
const pageOf = (path) => TOP[path] ?? (/^docs\/.*\.md$/.test(path) ? path.slice("docs/".length) : undefined);

/** A link to another document leads to its page; one to a file that is no page becomes its name, for nothing is published that it could lead to. */
export function rewritten(text, path) {
  return text.replace(/(!?)\[([^\]]*)\]\((?!https?:|#)([^)#\s]+)(#[^)\s]*)?\)/g, (whole, picture, words, target, anchor = "") => {
    const file = posix.normalize(posix.join(posix.dirname(path), target));
    if (picture !== "") return `![${words}](${relativeTo(pageOf(path), `public/${posix.basename(file)}`)})`;
    const page = pageOf(file);
    return page === undefined ? (words.includes("`") ? words : `${words} (\`${file}\`)`) : `[${words}](${relativeTo(pageOf(path), page)}${anchor})`;
  });
}

function relativeTo(from, to) {
  if (to.startsWith("public/")) return `/${to.slice("public/".length)}`;
  const path = posix.relative(posix.dirname(from), to);
  return path.startsWith(".") ? path : `./${path}`;
}

function write(page, text) {
  mkdirSync(dirname(join(out, page)), { recursive: true });
  writeFileSync(join(out, page), text);
}

/** One page for each command, of its table of flags and its own help. */
async function reference() {
  const { COMMANDS } = await import(join(root, "dist/src/cli/commands.js"));
  const { flagWord } = await import(join(root, "dist/src/cli/flags/flags.js"));
  for (const [name, load] of Object.entries(COMMANDS)) {
    const { command } = await load();
    const [usage, , ...rest] = command.usage.split("\n");
    const about = rest.slice(0, rest.findIndex((line, i) => line === "" && /^(Flags|Examples):/.test(rest[i + 1] ?? "")) + 1 || rest.length).join("\n").trim();
    const examples = command.usage.includes("Examples:") ? command.usage.slice(command.usage.indexOf("Examples:") + "Examples:".length).trim() : "";
    const cell = (text) => text.replaceAll("|", "\\|").replaceAll("<", "&lt;").replaceAll("{", "&#123;");
    const flags = Object.entries(command.flags).map(([flag, spec]) => {
      const value = spec.type === "boolean" ? "" : spec.type === "optional" ? `[=${spec.value ?? "VALUE"}]` : ` ${spec.value ?? "VALUE"}`;
      return `| \`${(flagWord(flag, spec) + value).replaceAll("|", "\\|")}\` | ${cell(spec.help)} |`;
    });
    write(`reference/${name}.md`, [
      `# unpark ${name}`, "", command.summary.replaceAll("<", "&lt;"), "", "```", usage.replace(/^Usage: /, ""), "```", "", ...about.split("\n").map((line) => line.replaceAll("<", "&lt;")), "",
      ...(flags.length > 0 ? ["## Flags", "", "| flag | |", "|---|---|", ...flags, ""] : []),
      ...(examples === "" ? [] : ["## Examples", "", "```sh", ...examples.split("\n").map((line) => line.trim()), "```", ""]),
    ].join("\n"));
  }
}

async function main() {
  rmSync(out, { recursive: true, force: true });
  const docs = readdirSync(join(root, "docs"), { recursive: true, encoding: "utf8" }).filter((name) => name.endsWith(".md")).map((name) => `docs/${name}`);
  for (const path of [...Object.keys(TOP), ...docs]) write(pageOf(path), rewritten(readFileSync(join(root, path), "utf8"), path));
  await reference();
  cpSync(join(root, "docs/pictures"), join(out, "public"), { recursive: true });
  cpSync(join(root, "llms.txt"), join(out, "public/llms.txt"));
  const vitepress = join(site, "node_modules/vitepress/bin/vitepress.js");
  if (!existsSync(vitepress)) run("npm", ["ci", "--ignore-scripts", "--no-audit", "--no-fund"]);
  run(process.execPath, [vitepress, "build", "."]);
  run(process.execPath, [join(root, "scripts/api.mjs")]);
  console.log(relative(process.cwd(), join(site, "dist")) || ".");
}

function run(command, args) {
  const { status, stdout, stderr, error } = spawnSync(command, args, { cwd: site, encoding: "utf8" });
  if (status === 0) return;
  console.error(`site: ${command} ${args.join(" ")}: ${error?.message ?? `${stdout}${stderr}`}`);
  process.exit(2);
}

if (process.argv[1] === fileURLToPath(import.meta.url)) await main();
