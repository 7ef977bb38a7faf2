// Every GoKer kernel of the Go distribution as a hung process: it is run natively until the leak that Go documents is
// there, left alone until its goroutines have waited for longer than `unpark inspect` asks for (5 minutes), and ended by
// SIGQUIT with GOTRACEBACK=all. Its dump is read by `unpark inspect`, with nothing said besides. Writes docs/goker-dumps.md.
//   node scripts/goker-dumps.mjs [--rest 320] [--keep FOLDER | --from FOLDER] [--print] [words of kernels]
// --keep leaves the dumps in a folder, --from reads them there again. Needs a Go that carries the kernels (1.26 or later).
import { execFileSync, spawn } from "node:child_process";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { commandLine, openSuite, table } from "./goker-pool.mjs";

const { words, flag, option } = commandLine();
const rest = Number(option("--rest", "320"));
const from = option("--from", undefined);
const keep = option("--keep", from);
const print = flag("--print");
const { toolchain, suite } = await openSuite();
const dist = (path) => import(`../dist/${path}`);
const { copiesOf, rewrite } = await dist("test/goker/kernels.js");
const { nativeGoroutines } = await dist("test/goker/module.js");
const { judgeDump, subtypeOf, subtypesOf } = await dist("test/goker/dumps.js");
const { inspect } = await dist("src/pipeline/services/inspect.js");
const { VARIANTS } = await dist("test/goker/variants.js");

/** The ones that Go ships as one copy leak once: a service would come there again. */
const TURNS = 20;
const FEW = 10;
/** Of thousands of copies a dump says nothing that it does not say of these. */
const MOST = 1000;
/** What leaks in some schedules only is run again until it shows. */
const TRIES = 25;

const kernels = suite.kernels.filter(({ name }) => !VARIANTS.some((variant) => variant.name === name) && (words.length === 0 || words.some((word) => name.includes(word))));
const folder = keep ?? mkdtempSync(join(tmpdir(), "unpark-goker-"));
mkdirSync(folder, { recursive: true });
const turnsOf = (kernel) => (copiesOf(kernel) < FEW ? TURNS : 1);
const leaks = (kernel, text) => nativeGoroutines(text).map((one) => one.words).filter((leak) => suite.documented.get(kernel.name).some((pattern) => pattern.test(leak)));

function build() {
  const source = mkdtempSync(join(tmpdir(), "unpark-goker-build-"));
  try {
    for (const kernel of kernels) {
      const whole = rewrite(kernel, { oneCopy: false, ending: "nothing" });
      writeFileSync(join(source, kernel.file), whole.replace(/^(\tfor i := 0; i <=? ?)(\d+)(; i\+\+ \{)$/gm, (_, head, count, tail) => `${head}${Math.min(MOST, Number(count))}${tail}`));
    }
    writeFileSync(join(source, "go.mod"), `module goker\n\ngo ${toolchain.version.major}.${toolchain.version.minor}\n`);
    const harness = suite.main.slice(0, suite.main.indexOf("func main()")).replace('import "os"', 'import (\n\t"os"\n\t"runtime"\n\t"strconv"\n\t"time"\n)');
    writeFileSync(join(source, "main.go"), `${harness}func main() {
	turns, _ := strconv.Atoi(os.Args[2])
	for range turns {
		cmds[os.Args[1]]()
	}
	time.Sleep(1500 * time.Millisecond)
	text := make([]byte, 64<<20)
	os.Stdout.Write(text[:runtime.Stack(text, true)])
	os.Stdout.WriteString("\\n-- at rest\\n")
	time.Sleep(time.Hour)
}
`);
    const binary = join(folder, "goker.native");
    execFileSync(toolchain.go, ["build", "-o", binary, "."], { cwd: source, env: toolchain.env, stdio: "inherit" });
    return binary;
  } finally {
    rmSync(source, { recursive: true, force: true });
  }
}

/** Starts one process; resolves when it says that it is at rest, or has ended. */
const start = (binary, kernel) => new Promise((resolve) => {
  const child = spawn(binary, [kernel.name, String(turnsOf(kernel))], { env: { ...process.env, GOTRACEBACK: "all" }, stdio: ["ignore", "pipe", "pipe"] });
  const errors = [];
  let text = "";
  const ended = new Promise((done) => child.on("close", () => done(Buffer.concat(errors).toString())));
  child.stderr.on("data", (chunk) => errors.push(chunk));
  child.stdout.setEncoding("utf8").on("data", (chunk) => {
    text += chunk;
    if (text.endsWith("-- at rest\n")) resolve({ child, text, ended, lives: true });
  });
  void ended.then(() => resolve({ child, text, ended, lives: false }));
});

async function dump(binary, kernel, alone) {
  for (let trial = 1; trial <= TRIES; trial++) {
    const one = await alone(() => start(binary, kernel));
    const shown = leaks(kernel, one.text);
    if (!one.lives || shown.length === 0) {
      if (one.lives) one.child.kill("SIGKILL");
      await one.ended;
      continue;
    }
    await new Promise((done) => setTimeout(done, rest * 1000));
    one.child.kill("SIGQUIT");
    writeFileSync(join(folder, `${kernel.name}.txt`), await one.ended);
    return trial;
  }
  return undefined;
}

/** Starts one at a time; all rest side by side. */
function oneAtATime() {
  let last = Promise.resolve();
  return (job) => (last = last.then(job, job));
}

let tries = {};
if (from === undefined) {
  const binary = build();
  const alone = oneAtATime();
  const list = await Promise.all(kernels.map(async (kernel) => [kernel.name, await dump(binary, kernel, alone)]));
  rmSync(binary);
  tries = Object.fromEntries(list);
  writeFileSync(join(folder, "tries.json"), JSON.stringify(tries));
} else tries = JSON.parse(readFileSync(join(folder, "tries.json"), "utf8"));

/** What the command does, without its printing. */
async function look(file) {
  const read = await inspect([file], { headers: [], timeoutMs: 60_000, maxBytes: 1 << 29, env: process.env, cwd: folder, signal: new AbortController().signal });
  if (!read.ok) throw new Error(read.error);
  return read.value[0];
}

const subtypes = subtypesOf(readFileSync(join(toolchain.goroot, "src/runtime/testdata/testgoroutineleakprofile/goker/README.md"), "utf8"));
const rows = [];
for (const kernel of kernels) {
  const subtype = subtypeOf(kernel.name, subtypes);
  if (tries[kernel.name] === undefined) rows.push({ kernel, subtype, verdict: "no leak seen natively" });
  else {
    const inspection = await look(join(folder, `${kernel.name}.txt`));
    rows.push({ kernel, subtype, goroutines: inspection.total, ...judgeDump(inspection, suite.documented.get(kernel.name), subtype) });
  }
}
if (keep === undefined) rmSync(folder, { recursive: true });

const right = rows.filter(({ verdict }) => verdict === "right").length;
const page = `# GoKer's dumps, read by \`unpark inspect\`

Written by \`node scripts/goker-dumps.mjs\`; do not edit. Go ${toolchain.version.text}.

Each kernel ran natively: with the copies that Go ships (at most ${MOST}), those of fewer than ${FEW} ${TURNS} times over; again and again until a
leak that Go's own test documents was there; then for ${rest} s more. It was ended by SIGQUIT with GOTRACEBACK=all, and
\`unpark inspect\` read what it wrote, without any flag. *Right*: among the first three suspects is one whose goroutines Go's test documents as
leaked and whose cause is of the kind that Go's README documents for the kernel (test/goker/dumps.ts), and above it stands
none that is not.

**${right} of ${rows.length} right.** ${rows.filter(({ rank }) => rank === 1).length} of them in the first place.

${table(["kernel", "documented as", "tries", "goroutines", "verdict", "place", "first suspects"], rows.map(({ kernel, subtype, goroutines, verdict, rank, suspects }) => [kernel.name, subtype, tries[kernel.name] ?? `none in ${TRIES}`, goroutines ?? "", verdict === "right" ? "right" : `**${verdict}**`, rank ?? "", (suspects ?? []).join("<br>")]))}
`;
if (print) console.log(page);
else writeFileSync(new URL("../docs/goker-dumps.md", import.meta.url), page);
console.error(`${right} of ${rows.length} right`);
process.exit(right >= 50 || words.length > 0 ? 0 : 1);
