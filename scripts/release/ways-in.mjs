// Each way to get Unpark, from an empty home folder and with no cache, to the first finding in a module of one's own:
// commands, seconds, megabytes. `npm run release` before; writes docs/ways-in.md. The registry's speed is this machine's.
//   node scripts/release/ways-in.mjs [--print] [words of ways]
import { execFileSync, spawnSync } from "node:child_process";
import { existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { cpus, loadavg, tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const root = fileURLToPath(new URL("../..", import.meta.url));
const release = join(root, "release");
const words = process.argv.slice(2).filter((word) => !word.startsWith("--"));
const file = (suffix) => {
  const name = readdirSync(release).find((one) => suffix.test(one));
  if (name === undefined) throw new Error(`release/ has no ${suffix}: npm run release`);
  return join(release, name);
};

const MODULE = "module example.com/shop\n\ngo 1.24\n";
const SHOP = `package shop

import (
	"net/http"
	"time"
)

// First asks two addresses, and takes the first answer that comes within the limit.
func First(limit time.Duration, addresses ...string) string {
	answers := make(chan string, 1)
	for _, address := range addresses {
		go func() {
			response, err := http.Get(address)
			if err != nil {
				answers <- err.Error()
				return
			}
			response.Body.Close()
			answers <- response.Status
		}()
	}
	select {
	case answer := <-answers:
		return answer
	case <-time.After(limit):
		return "timed out"
	}
}
`;
const TEST = `package shop

import (
	"net/http"
	"net/http/httptest"
	"testing"
	"time"
)

func TestFirst(t *testing.T) {
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {}))
	defer server.Close()
	defer http.DefaultClient.CloseIdleConnections()
	if got := First(time.Minute, server.URL, server.URL); got != "200 OK" {
		t.Fatal(got)
	}
}
`;

/** What stays in the PATH: Node where the way needs one, Go always. */
const tools = (...names) => names.map((name) => dirname(execFileSync("sh", ["-c", `command -v ${name}`], { encoding: "utf8" }).trim()));
const goenv = (name) => execFileSync("go", ["env", name], { encoding: "utf8" }).trim();

/** Ways: the steps up to the command, each the words of a shell; `unpark` is what then stands before `test ./...`. */
const WAYS = [
  { name: "npm", needs: ["node", "npm"], steps: [`npm install --silent --no-audit --no-fund --save-dev ${file(/\.tgz$/)}`], unpark: "npx unpark", setUp: "npm init -y >/dev/null" },
  { name: "single executable", needs: [], steps: [`cp ${file(/linux-x64$/)} unpark && chmod +x unpark`], unpark: "./unpark" },
  { name: "Debian package", needs: [], steps: [`dpkg-deb -x ${file(/amd64\.deb$/)} deb`], unpark: "./deb/usr/bin/unpark", note: "unpacked, not installed, for that needs root" },
  { name: "Python wheel", needs: ["python3"], steps: ["python3 -m venv venv", `venv/bin/pip install --quiet ${file(/\.whl$/)}`], unpark: "venv/bin/unpark" },
  { name: "Go launcher", needs: ["node"], steps: [], unpark: "go run example.com/unpark/launcher/cmd/unpark@latest", env: { GOPROXY: `file://${join(release, "goproxy")},${goenv("GOPROXY")}`, GONOSUMDB: "example.com/unpark/launcher", GOFLAGS: "-modcacherw" } },
];

const megabytes = (folder) => (existsSync(folder) ? Math.round(Number(execFileSync("du", ["-sk", folder], { encoding: "utf8" }).split("\t")[0]) / 1024) : 0);
const public_ = (text) => text.replaceAll(release, "release").replaceAll(/\/[^ ]*\/release\//g, "release/");

function tried({ name, needs, steps, unpark, setUp, env = {}, note }) {
  const scratch = mkdtempSync(join(tmpdir(), "unpark-ways-"));
  const [home, shop] = [join(scratch, "home"), join(scratch, "shop")];
  for (const folder of [home, shop]) mkdirSync(folder);
  for (const [path, text] of [["go.mod", MODULE], ["shop.go", SHOP], ["shop_test.go", TEST]]) writeFileSync(join(shop, path), text);
  const path = [...new Set([...tools("go", ...needs), "/usr/bin", "/bin"])].join(":");
  const given = { HOME: home, PATH: path, GOPROXY: goenv("GOPROXY"), GOSUMDB: goenv("GOSUMDB"), NPM_CONFIG_REGISTRY: process.env.NPM_CONFIG_REGISTRY, npm_config_registry: execFileSync("npm", ["config", "get", "registry"], { encoding: "utf8" }).trim(), PIP_INDEX_URL: process.env.PIP_INDEX_URL, PIP_CONFIG_FILE: process.env.PIP_CONFIG_FILE, ...env };
  const shell = (command) => {
    const start = performance.now();
    const { status, stdout, stderr } = spawnSync("sh", ["-c", command], { cwd: shop, env: given, encoding: "utf8", timeout: 600_000 });
    return { seconds: (performance.now() - start) / 1000, status, text: `${stdout}${stderr}` };
  };
  if (setUp !== undefined) shell(setUp);
  const got = steps.map((step) => ({ step, ...shell(step) }));
  for (const { step, status, text } of got) if (status !== 0) throw new Error(`${step}: ${text}`);
  const installed = megabytes(shop);
  const first = shell(`${unpark} test ./...`);
  if (first.status !== 1 || !/leaked/.test(first.text)) throw new Error(`${name}: exit code ${first.status}\n${first.text}`);
  const again = shell(`${unpark} test ./...`);
  const row = { name, note, commands: [...got.map(({ step }) => step), `${unpark} test ./...`], install: got.reduce((sum, { seconds }) => sum + seconds, 0), first: first.seconds, again: again.seconds, installed, caches: megabytes(home) };
  rmSync(scratch, { recursive: true, force: true });
  return row;
}

const rows = WAYS.filter(({ name }) => words.length === 0 || words.some((word) => name.includes(word))).map((way) => {
  const row = tried(way);
  console.error(row);
  return row;
});
const page = `# The ways in, timed

Written by \`node scripts/release/ways-in.mjs\`; do not edit. ${cpus().length} × ${cpus()[0].model}, load ${loadavg()[0].toFixed(1)} at the end,
Node ${process.versions.node}, Go ${goenv("GOVERSION").slice(2)}.

An empty home folder, no cache of Go, npm or Unpark: a module with one test that asks an HTTP server twice and takes the first answer. First
the standard library is built for WebAssembly (and once more natively); then the leak is found.

| way | commands | to install, s | to the first finding, s | the same again, s | installed, MB | caches afterwards, MB |
|---|---|---|---|---|---|---|
${rows.map(({ name, note, commands, install, first, again, installed, caches }) => `| ${name}${note === undefined ? "" : ` (${note})`} | ${commands.map((one) => `\`${public_(one)}\``).join("<br>")} | ${install.toFixed(1)} | ${first.toFixed(0)} | ${again.toFixed(1)} | ${installed} | ${caches} |`).join("\n")}
`;
if (process.argv.includes("--print")) console.log(page);
else writeFileSync(join(root, "docs/ways-in.md"), page);
