// Ten bugs of published modules under `unpark fix`: the version that has the bug, a test that shows it, and the version that was
// released with the fix beside it. Writes docs/fixes-modules.md.
//   node scripts/fixes-modules.mjs [--print | --update] [words of modules]     --update: these rows again, the others as they are kept
// Needs a built dist/, and a Go module proxy (go mod download); nothing of the modules is kept in this repository.
import { spawnSync } from "node:child_process";
import { cpSync, existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { cpus, tmpdir } from "node:os";
import { join } from "node:path";
import { argv, execPath, versions } from "node:process";
import { fileURLToPath } from "node:url";

const root = fileURLToPath(new URL("..", import.meta.url));
const bin = join(root, "bin", "unpark.js");
const words = argv.slice(2).filter((word) => !word.startsWith("--"));
/** Two minutes; and the command's budget for one exploration. */
const LIMIT_MS = 120_000;
const BUDGET = "5s";

/** `place`: what the release changed, by reading both versions; `same`: the ways of ours that change the same place so. */
const BUGS = [
  {
    module: "github.com/asaskevich/EventBus", buggy: "v0.0.0-20180315140547-d46933a94f05", fixed: "v0.0.0-20200907212545-49d423059eef", folder: ".", name: "EventBus", imports: [],
    bug: "Publish waits for a transactional handler under the bus's lock; the handler, which calls the bus, waits for that lock",
    place: "the bus's lock is given back around `handler.Lock()`", same: ["unlock-around"],
    body: `	bus := New()
	bus.SubscribeAsync("topic", func() { bus.HasCallback("topic") }, true)
	bus.Publish("topic")
	bus.Publish("topic")
	bus.WaitAsync()`,
  },
  {
    module: "github.com/jellydator/ttlcache/v3", buggy: "v3.3.0", fixed: "v3.4.1", folder: ".", name: "ttlcache", imports: [],
    bug: "Stop of a cache that was not started sends on a channel from which nobody receives", place: "Stop returns where nothing was started", same: [],
    body: "	New[string, int]().Stop()",
  },
  {
    module: "github.com/jackc/puddle", buggy: "v1.1.3", fixed: "v1.2.0", folder: ".", name: "puddle", imports: ["context"],
    bug: "CreateResource keeps the pool's lock where the pool was closed meanwhile", place: "`Unlock` before that return", same: ["unlock"],
    body: `	started, goOn, made := make(chan bool), make(chan bool), make(chan error)
	pool := NewPool(func(context.Context) (interface{}, error) {
		close(started)
		<-goOn
		return 1, nil
	}, func(interface{}) {}, 1)
	go func() { made <- pool.CreateResource(context.Background()) }()
	<-started
	go pool.Close()
	close(goOn)
	<-made
	pool.Stat()`,
  },
  {
    module: "github.com/jackc/puddle", buggy: "v1.1.1", fixed: "v1.1.3", folder: ".", name: "puddle", imports: ["context", "errors", "sync"],
    bug: "who waits in Acquire is not woken where the resource that was being made is none", place: "a `Signal` on that path", same: [],
    body: `	pool := NewPool(func(context.Context) (interface{}, error) { return nil, errors.New("none") }, func(interface{}) {}, 1)
	var wg sync.WaitGroup
	wg.Add(2)
	for i := 0; i < 2; i++ {
		go func() {
			defer wg.Done()
			pool.Acquire(context.Background())
		}()
	}
	wg.Wait()`,
  },
  {
    module: "golang.org/x/sync", buggy: "v0.0.0-20190911185100-cd5d95a43a6e", fixed: "v0.0.0-20201020160332-67f06af15bc9", folder: "singleflight", name: "singleflight", imports: ["runtime"],
    bug: "a function that ends its goroutine leaves the others waiting for it", place: "what is behind the call is deferred", same: ["waitgroup-done"],
    body: `	var g Group
	go g.Do("key", func() (interface{}, error) {
		runtime.Goexit()
		return nil, nil
	})
	g.Do("key", func() (interface{}, error) { return 1, nil })`,
  },
  {
    module: "go.opentelemetry.io/otel/sdk", buggy: "v1.24.0", fixed: "v1.35.0", folder: "trace", name: "trace", imports: ["context", "time"],
    bug: "ForceFlush of the batch processor leaves its goroutine behind where its context ends first", place: "room for the one answer", same: ["buffer"],
    more: "type quiet struct{}\n\nfunc (quiet) ExportSpans(context.Context, []ReadOnlySpan) error { return nil }\n\nfunc (quiet) Shutdown(context.Context) error { return nil }\n",
    body: `	processor := NewBatchSpanProcessor(quiet{})
	ctx, cancel := context.WithTimeout(context.Background(), time.Second)
	defer cancel()
	processor.ForceFlush(ctx)
	processor.Shutdown(context.Background())`,
  },
  {
    module: "go.opentelemetry.io/otel/sdk", buggy: "v1.24.0", fixed: "v1.35.0", folder: "trace", name: "trace", imports: ["context", "time"],
    bug: "Shutdown of the simple processor leaves its goroutine behind where its context ends first", place: "room for the one answer", same: ["buffer"],
    more: "type slow struct{}\n\nfunc (slow) ExportSpans(context.Context, []ReadOnlySpan) error { return nil }\n\nfunc (slow) Shutdown(ctx context.Context) error {\n\t<-ctx.Done()\n\treturn ctx.Err()\n}\n",
    body: `	processor := NewSimpleSpanProcessor(slow{})
	ctx, cancel := context.WithTimeout(context.Background(), time.Second)
	defer cancel()
	processor.Shutdown(ctx)`,
  },
  {
    module: "github.com/benbjohnson/clock", buggy: "v1.1.0", fixed: "v1.3.0", folder: ".", name: "clock", imports: ["time"],
    bug: "a mock clock calls AfterFunc's function under its own lock", place: "the function is called when the lock is given back", same: ["unlock-around"],
    body: `	mock := NewMock()
	mock.AfterFunc(time.Second, func() { mock.Now() })
	mock.Add(time.Second)`,
  },
  {
    module: "k8s.io/apimachinery", buggy: "v0.20.1", fixed: "v0.23.3", folder: "pkg/watch", name: "watch", imports: ["k8s.io/apimachinery/pkg/runtime"],
    bug: "a StreamWatcher that is stopped still sends what it has decoded", place: "a done channel, which Stop closes, beside both sends", same: ["done-field"],
    more: "type endless struct{}\n\nfunc (endless) Decode() (EventType, runtime.Object, error) { return Added, nil, nil }\n\nfunc (endless) Close() {}\n",
    body: "	NewStreamWatcher(endless{}, nil).Stop()",
  },
  {
    module: "github.com/alitto/pond", buggy: "v1.9.1", fixed: "v1.9.2", folder: ".", name: "pond", imports: ["context"],
    bug: "a worker whose context has ended waits for tasks until the pool is stopped", place: "it takes the tasks that are there, and ends", same: [],
    body: `	ctx, cancel := context.WithCancel(context.Background())
	pool := New(1, 10, Context(ctx))
	pool.Submit(func() {})
	cancel()`,
  },
];

const run = (command, args, cwd, limit = 600_000) => spawnSync(command, args, { cwd, encoding: "utf8", timeout: limit, maxBuffer: 1 << 28, env: { ...process.env, GOFLAGS: "-mod=mod", GOWORK: "off" } });
const scratch = mkdtempSync(join(tmpdir(), "unpark-fix-modules-"));

/** The module as it was published, as a main module, with the one test; its own tests are put aside. */
function checkout({ module, folder, name, imports, more = "", body }, version, into) {
  const { stdout } = run("go", ["mod", "download", "-json", `${module}@${version}`], scratch);
  const { Dir: dir, Error: problem } = JSON.parse(stdout);
  if (dir === undefined) throw new Error(`${module}@${version}: ${problem}`);
  cpSync(dir, into, { recursive: true });
  run("chmod", ["-R", "u+w", into], scratch);
  if (!existsSync(join(into, "go.mod"))) writeFileSync(join(into, "go.mod"), `module ${module}\n\ngo 1.16\n`);
  // Whoever requires the module does not see its replacements either.
  const gomod = readFileSync(join(into, "go.mod"), "utf8");
  writeFileSync(join(into, "go.mod"), gomod.replace(/^replace \([^)]*\)\n?/gm, "").replace(/^replace .*\n?/gm, ""));
  for (const file of readdirSync(join(into, folder))) if (file.endsWith("_test.go")) rmSync(join(into, folder, file));
  writeFileSync(join(into, folder, "unpark_test.go"), `package ${name}\n\nimport (\n${[...imports, "testing"].sort().map((path) => `\t"${path}"`).join("\n")}\n)\n\n${more}${more === "" ? "" : "\n"}func TestUnpark(t *testing.T) {\n${body}\n}\n`);
  run("go", ["mod", "tidy"], into);
  return { into, own: join(dir, folder) };
}

/** The module's own tests beside ours, natively: the names of those that pass. */
function ownTests({ into, own }, folder) {
  for (const file of readdirSync(own)) if (file.endsWith("_test.go")) cpSync(join(own, file), join(into, folder, file));
  run("chmod", ["-R", "u+w", into], scratch);
  run("go", ["mod", "tidy"], into);
  const passed = new Set();
  for (let i = 0; i < 3; i++) { // some measure real milliseconds, on a machine that does other work; what dies takes the others with it
    const { stdout } = run("go", ["test", "-json", "-vet=off", "-skip", "^TestUnpark$", "-timeout", "120s", `./${folder}`], into, 300_000);
    for (const [, name] of stdout.matchAll(/"Action":"pass".*"Test":"([^"]*)"/g)) passed.add(name);
    if (!stdout.includes('"Action":"fail"')) break;
  }
  return passed;
}

function tried(bug, i) {
  const buggy = checkout(bug, bug.buggy, join(scratch, `${i}-buggy`));
  const answer = join(scratch, `${i}.json`);
  run(execPath, [bin, "test", "--no-native", "--budget", "100ms", `./${bug.folder}`], buggy.into); // what Go builds for the first time is not the command's time
  const started = performance.now();
  const { stdout, stderr, error } = run(execPath, [bin, "fix", "--budget", BUDGET, `--json=${answer}`, `--patch=${join(scratch, `${i}.patch`)}`, `./${bug.folder}`], buggy.into, LIMIT_MS);
  const seconds = (performance.now() - started) / 1000;
  if (!existsSync(answer)) return { seconds, none: error === undefined ? `${stdout}${stderr}`.trim().split("\n").at(-1) : "two minutes were over", released: released(bug, i) };
  const { findings, failures } = JSON.parse(readFileSync(answer, "utf8"));
  const held = findings.length > 0 && findings.every(({ proved }) => proved.length > 0);
  let own = "";
  if (held) {
    const before = ownTests(buggy, bug.folder);
    const patched = run("git", ["apply", "--unsafe-paths", join(scratch, `${i}.patch`)], buggy.into);
    const after = patched.status === 0 ? ownTests({ ...buggy }, bug.folder) : new Set();
    own = `${[...before].filter((name) => after.has(name)).length} of ${before.size}`;
  }
  return { seconds, findings, none: failures[0]?.message, held, own, released: released(bug, i) };
}

/** The released fix under the same test. */
function released(bug, i) {
  const { into } = checkout(bug, bug.fixed, join(scratch, `${i}-fixed`));
  const { stdout } = run(execPath, [bin, "test", "--no-native", "--budget", BUDGET, "--json", `./${bug.folder}`], into, LIMIT_MS);
  try {
    const { programs } = JSON.parse(stdout.slice(stdout.indexOf("{")));
    const found = programs.flatMap(({ findings }) => findings);
    return found.length > 0 ? found.map(({ verdict }) => verdict).join(", ") : `clean in ${programs[0].complete ? "all " : ""}${programs[0].schedules}`;
  } catch {
    return "could not be explored";
  }
}

const cell = (text) => String(text ?? "").replaceAll("|", "\\|").replaceAll("\n", " ");
const short = (text) => (text.length > 200 ? `${text.slice(0, 200)} …` : text);
const proofOf = ({ schedules, complete, before }) => `${complete ? `all ${schedules}` : schedules} (before: ${before.complete ? "all " : ""}${before.schedules})`;
const reasonOf = ({ missed, refused }) => (missed.length > 0 ? `${missed.at(-1).way}: ${missed.at(-1).miss.words}` : refused.map(({ way, why }) => `${way}: ${why}`).join("; "));

const target = join(root, "docs", "fixes-modules.md");
const keyOf = (line) => line.split(" | ").slice(0, 2).join(" | ");
const kept = argv.includes("--update") ? readFileSync(target, "utf8").split("\n").filter((line) => /^\| \S+ v\d/.test(line)) : [];
const fresh = [];
try {
  for (const [i, bug] of BUGS.entries()) {
    if (words.length > 0 && !words.some((word) => `${bug.module} ${bug.buggy} ${bug.bug}`.includes(word))) continue;
    const { seconds, findings = [], none, held, own, released: after } = tried(bug, i);
    const by = findings.map(({ verdict, cause, proved: ways, ...rest }) => `${verdict} ${cause}: ${ways.length > 0 ? `${ways.map(({ way }) => (bug.same.includes(way) ? `**\`${way}\`**` : `\`${way}\``)).join(", ")}; ${proofOf(ways[0].proof)}` : `none: ${cell(short(reasonOf(rest)))}`}`);
    fresh.push(`| ${bug.module} ${bug.buggy.replace(/^(v0\.0\.0-\d{8}).*/, "$1")} | ${bug.bug} | ${held ? "yes" : "no"} | ${by.length > 0 ? by.join("<br>") : cell(short(none ?? "nothing found"))} | ${own ?? ""} | ${seconds.toFixed(0)} | ${bug.fixed.replace(/^(v0\.0\.0-\d{8}).*/, "$1")}: ${bug.place} | ${after} |`);
    console.error(fresh.at(-1));
  }
} finally {
  rmSync(scratch, { recursive: true, force: true });
}

const again = new Map(fresh.map((line) => [keyOf(line), line]));
const lines = kept.length > 0 ? kept.map((line) => again.get(keyOf(line)) ?? line) : fresh;
const columns = lines.map((line) => line.split(" | "));
const proved = columns.filter(([, , held]) => held === "yes").length;
const slow = columns.filter(([, , held, , , seconds]) => held === "yes" && Number(seconds) > LIMIT_MS / 1000).length;

const page = `# Bugs of published modules, mended

Written by \`node scripts/fixes-modules.mjs\`; do not edit. Node ${versions.node}, ${cpus().length} × ${cpus()[0]?.model.trim().replace(/\s+/g, " ")}, shared with other work; \`--budget ${BUDGET}\`.

Ten bugs of modules that nobody here wrote, each fixed by its authors in a later version: the version before it with one test
that shows the bug (the script has it), under \`unpark fix\`. They were chosen by reading what changed between released versions, not
at random, and before \`unpark fix\` had been tried on them; for the first one \`unlock-around\` was widened afterwards (another lock is given back while
one is waited for), and for the watcher \`done-field\` was written. *Proved*: every finding of the test has a patch that is proved; in bold the ways that change the
place that the release changed, and so; in brackets the schedules without the patch. *Own tests*: of the module's own tests in that package that pass
natively (ours left out), how many pass with the patch. *Released*: what the later version changed, and what it shows under the same test.

**${proved} of ${lines.length} proved, ${slow === 0 ? "each" : `all but ${slow}`} within two minutes.**

| module | bug | proved | by | own tests | seconds | released | under the same test |
|---|---|---|---|---|---|---|---|
${lines.join("\n")}
`;
if (argv.includes("--print") || (words.length > 0 && kept.length === 0)) console.log(page);
else writeFileSync(target, page);
