// How each command of the documents is run (or why it cannot be), and what comes of it. A command that stands nowhere here, or a line
// here that no document has any more, fails the test.
import type { Folder, World } from "./block-world.js";

export interface Run {
  readonly exit: number;
  /** What it must say, on either stream. */
  readonly says?: RegExp;
  /** Another folder than the page's. */
  readonly folder?: Folder;
  /** It prints each of the lines that the document shows below it. */
  readonly shows?: true;
  /** The command with other words: what a reader would put in place of a name that stands for another. */
  readonly as?: (command: string, world: World) => string;
  /** On its stdin. */
  readonly input?: string;
  /** It goes on for ever: is interrupted, as by Ctrl-C, once it has said this, or asked the services so often. */
  readonly until?: RegExp | { readonly asked: number };
}
export interface Left {
  /** Why no test of this file runs it. */
  readonly cannot: string;
  /** The test that does what it does: a file of the repository that holds these words. */
  readonly heldBy?: readonly [file: string, words: string];
}
export interface Page {
  readonly folder: Folder;
  /** Commands that the page takes for granted. */
  readonly before?: readonly string[];
  readonly commands: Readonly<Record<string, Run | Left>>;
}

const service = (command: string, { services }: World): string => command.replaceAll("http://127.0.0.1:6060", services[0]).replace("URL URL", services.join(" ")).replace("URL", services[0]);
const awaits = (command: string, { awaits: at }: World): string => command.replace("http://127.0.0.1:6060", at);
const CLEAN: Run = { exit: 0 };
const registry = (file: string, words: string): Left => ({ cannot: "asks npm's registry; that the version is the one that is tested here is held by this test", heldBy: [file, words] });
const PYROSCOPE: Left = { cannot: "needs a Pyroscope", heldBy: ["test/services/pyroscope.test.ts", '"diff", `${source}&at='] };
const queue = (words: string): Left => ({ cannot: "needs a server of NATS, and another machine", heldBy: ["test/queue/queue.test.ts", `"${words}"`] });
const release = (words: string): Left => ({ cannot: "needs a release, which takes a minute to make", heldBy: ["test/release/release.test.ts", words] });

export const PAGES: Readonly<Record<string, Page>> = {
  "README.md": {
    folder: "shop",
    before: ["unpark test --json=report.json ./server"],
    commands: {
      "npm ci && npm run demo": { exit: 0, folder: "checkout", as: () => "npm run demo", says: /leaked/ }, // npm ci would take the tools of this very run away
      "npm ci && npm test": { cannot: "it is the run that this test is a part of; CI does it in a clean clone" },
      "release/unpark-0.1.0-linux-x64 test ./...": release("README's three lines"),
      "GOPROXY=file://$PWD/release/goproxy,direct GONOSUMDB=example.com/unpark go run example.com/unpark/launcher/cmd/unpark@latest test ./...": release("README's three lines"),
      "npm install --save-dev ./release/unpark-0.1.0.tgz && npx unpark test ./...": release("README's three lines"),
      "unpark test ./...": { exit: 1, says: /leaked: .*\[abandoned-sender\]/ },
      "unpark test --html ./...": { exit: 1, as: (command) => `${command}; code=$?; grep -q "<html" unpark-report.html && exit $code` },
      "unpark run ./cmd/thing -- -c 2": { exit: 1, says: /main\.go:10 +chan send/ },
      "unpark replay --web report.json": { exit: 1, says: /\.html/ },
      "unpark fix ./...": { cannot: "takes half a minute, and is run once: docs/fix.md has the same line", heldBy: ["docs/fix.md", "unpark fix ./..."] },
      "unpark test --native ./...": { exit: 1, says: /unpark:leaked|leaked/ },
      'eval "$(unpark env)"; go test ./...': { exit: 1, says: /--- FAIL: TestServer\/unpark:leaked/ },
      "unpark inspect http://127.0.0.1:6060": { exit: 1, as: service, says: /it has waited for 40 minutes/ },
      "unpark inspect -": { exit: 1, input: Array.from({ length: 30 }, (_, i) => `goroutine ${i + 2} [chan send, 40 minutes]:\nmain.ask(...)\n\t/m.go:9 +0x1\n\n`).join(""), says: /main\.ask/ },
      "unpark diff before.txt after.txt": { exit: 1, says: /main\.ask/ },
      "unpark verify URL --absent 'pkg.(*Server).handle' --wait 10s": { exit: 0, as: service },
      "unpark watch URL": { exit: 0, as: service, until: { asked: 1 }, says: /asked 1 times?, 0 without an answer/ },
      "unpark serve URL URL": { exit: 0, as: (command, world) => `${service(command, world)} --listen 127.0.0.1:0`, until: /http:\/\/127\.0\.0\.1:\d+/ },
      "unpark config": CLEAN,
      "unpark doctor": { exit: 0, says: /Go +1\.\d+/ },
      "unpark ps": CLEAN,
    },
  },
  "docs/agents.md": {
    folder: "shop",
    commands: {
      "claude mcp add unpark -- unpark mcp": { cannot: "needs Claude Code, which is not installed here; the server is driven by the SDK's own client", heldBy: ["test/mcp/mcp.test.ts", "StdioClientTransport"] },
      "npm install --save-dev @modelcontextprotocol/sdk@1.32.2": registry("package.json", '"@modelcontextprotocol/sdk": "1.32.2"'),
    },
  },
  "docs/ci.md": {
    folder: "shop",
    before: ["unpark test --shard 1/4 --json=1.json ./...", "unpark test --shard 3/4 --json=3.json ./...", "unpark test --shard 4/4 --json=4.json ./..."],
    commands: {
      "unpark test --junit=unpark.xml --sarif=unpark.sarif --markdown=unpark.md ./...": { exit: 1 },
      "unpark test --gitlab=gl-code-quality-report.json --junit=unpark.xml ./...": { exit: 1 },
      "unpark test --strict --baseline ./...": CLEAN,
      "unpark test --shard 2/4 --json=2.json ./...": { exit: 0, says: /1 of 3 packages with tests \(--shard 2\/4\)/ },
      "unpark merge 1.json 2.json 3.json 4.json --junit=unpark.xml": { exit: 1, says: /TestServer/ },
    },
  },
  "docs/editors.md": {
    folder: "checkout",
    commands: {
      "node scripts/release/vscode.mjs": { cannot: "takes half a minute", heldBy: ["test/editors/vscode.test.ts", "scripts/release/vscode.mjs"] },
      "code --install-extension release/unpark-0.1.0.vsix": { cannot: "needs VS Code, which is not installed here; the page says so" },
    },
  },
  "docs/faults.md": { folder: "shop", commands: { "unpark test --faults 1 ./client": { exit: 1, shows: true } } },
  "docs/fix.md": {
    folder: "mended",
    commands: {
      "unpark fix ./...": { exit: 1, says: /^\+.*make\(chan int, len\(asked\)\)/m },
      "unpark fix report.json": { cannot: "proves the same patch as the line above, for ten seconds; the tests of fix give it a report", heldBy: ["test/fix/fix.test.ts", '"fix", "--write", "report.json"'] },
      "unpark fix --main ./cmd/thing -- -c 2": { exit: 1, says: /main\.go/ },
      "unpark fix src/pool.test.ts": { cannot: "takes half a minute; the tests of fix do the same", heldBy: ["test/fix/fix-ts.test.ts", '"fix", `--runner='] },
      "unpark fix --patch=leaks.patch ./...": { cannot: "takes half a minute; the tests of fix take such a patch, and git applies it", heldBy: ["test/fix/fix.test.ts", "--patch=leak.patch"] },
      "unpark fix --write ./...": { cannot: "proves the same patch as the first line, for ten seconds; the tests of fix write it", heldBy: ["test/fix/fix.test.ts", '"fix", "--write"'] },
    },
  },
  "docs/fleet.md": {
    folder: "shop",
    commands: {
      "unpark watch --targets services.yml --targets 'k8s://shop/cart?port=6060'": { exit: 0, until: { asked: 2 }, says: /cart-a/ },
      "unpark inspect 'k8s://shop/cart'": { exit: 1, says: /main\.ask/ },
      "unpark worker --queue nats://queue.example:4222": queue("worker"),
      "unpark test --queue nats://queue.example:4222 --budget 1h ./...": queue("--queue"),
      "unpark soak --queue nats://queue.example:4222 ./...": { cannot: "needs a NATS server, and goes on for nights", heldBy: ["test/queue/soak.test.ts", "--queue"] },
      "unpark soak --status": { exit: 0, says: /^0 tests: / },
      "unpark soak --status --json": CLEAN,
      "npm install @nats-io/transport-node@3.4.0 @nats-io/jetstream@3.4.0 @nats-io/obj@3.4.0": registry("package.json", '"@nats-io/transport-node": "3.4.0"'),
      "unpark watch --store postgres://unpark@db.example/unpark --targets 'k8s://shop?selector=app%3Dcart'": { cannot: "needs a PostgreSQL server", heldBy: ["test/postgres/fleet.test.ts", "--store"] },
      "unpark inspect 'pyroscope+http://127.0.0.1:4040/cart?pod=cart-1'": PYROSCOPE,
      "unpark diff 'pyroscope+http://127.0.0.1:4040/cart?pod=cart-1&at=2026-01-05T12:00:00Z' 'pyroscope+http://127.0.0.1:4040/cart?pod=cart-1'": PYROSCOPE,
      "npm install pg@8.23.1": registry("package.json", '"pg": "8.23.1"'),
      "npm install prom-client@15.1.3": registry("package.json", '"prom-client": "15.1.3"'),
      "unpark verify --leaks --targets components.yml --ignore accepted.txt --junit report.xml": CLEAN,
      // The cluster of the tests has one namespace, and pods without TLS.
      "unpark verify --leaks --targets 'k8s://kube-system?selector=tier%3Dcontrol-plane&scheme=https&port=10257' --warn-only": { exit: 0, as: (command) => command.replace("kube-system", "shop").replace("&scheme=https", ""), says: /^clean +k8s:\/\/shop\/pod\/etcd:10257/m },
    },
  },
  "docs/goleak.md": {
    folder: "goleak",
    commands: {
      "unpark migrate goleak": { exit: 0, says: /^\+.*example\.com\/shop\/pkg\.poll/m },
      "unpark migrate goleak | git apply": CLEAN,
      "unpark test --native --strict ./...": CLEAN,
      "unpark test ./...": CLEAN,
    },
  },
  "docs/native.md": {
    folder: "shop",
    commands: {
      "unpark test --native ./...": { exit: 1 },
      "unpark test --native --deep ./...": { exit: 1 },
      "unpark test --native --each ./...": { exit: 1 },
      "unpark test --native --stress=200 ./pkg": CLEAN,
      "unpark test --native --baseline ./...": CLEAN,
      'eval "$(unpark env)" && go test ./...': { exit: 1, says: /--- FAIL: TestServer\/unpark:leaked/ },
      'unpark env --env-file >> "$GITHUB_ENV"': CLEAN,
      "unpark env --json": { exit: 0, says: /"GOFLAGS": ?"/ },
    },
  },
  "docs/promises.md": {
    folder: "typescript",
    commands: {
      "node --import unpark/node/timeouts --test": { exit: 1, says: /unpark: the await at .*query\.mjs:5 can never go on: proved/ },
      "unpark inspect http://127.0.0.1:6060": { exit: 0, as: awaits, says: /^ +7 .*await +main\.query +\S*awaits-service\.ts:\d+/m },
    },
  },
  "docs/typescript.md": {
    folder: "typescript",
    before: ["unpark test --json=report.json ./..."],
    commands: {
      "unpark test ./...": { exit: 1, says: /--- FAIL: gives back/ },
      "unpark test src/pool.test.ts -run 'gives back' --budget 30s": { exit: 1, says: /^1 finding in 1 test/m },
      "unpark test --junit=unpark.xml --sarif=unpark.sarif ./... -- --reporter=dot": { exit: 1 },
      "unpark replay report.json": { exit: 1, says: /gives back/ },
      "unpark run program.ts -- arguments": { exit: 0, says: /arguments|explored completely/ },
    },
  },
  "skills/unpark/SKILL.md": {
    folder: "shop",
    before: ["unpark test --json=report.json ./server"],
    commands: {
      "unpark test --json -run TestServer --budget 10s ./server": { exit: 1, says: /"verdict": "leaked"/ },
      "unpark replay report.json": { exit: 1 },
      "unpark replay --finding 2 report.json": { exit: 1 },
      "unpark test --native ./...": { exit: 1 },
      "unpark inspect --json http://127.0.0.1:6060": { exit: 1, as: service },
      "unpark inspect dump.txt": { exit: 1 },
      "unpark diff before.txt after.txt": { exit: 1 },
      "unpark test --faults 1 ./client": { exit: 1 },
      "unpark doctor": CLEAN,
    },
  },
};
