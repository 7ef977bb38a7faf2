// Captures the dumps under fixtures/dumps from real Go of each version: `node scripts/capture.mjs [VERSION...]`.
// Needs the network the first time, for Go's own toolchain downloads. Built with -trimpath, so that no path of the
// machine gets into a fixture. The programs are under fixtures/programs; each fixture's folder names the Go version.
import { execFileSync } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

const root = fileURLToPath(new URL("..", import.meta.url));
const VERSIONS = [
  "go1.18.10", "go1.19.13", "go1.20.14", "go1.21.13", "go1.22.12", "go1.23.12", "go1.24.10", "go1.25.4", "go1.26.8", "go1.27.0",
];
const versions = process.argv.length > 2 ? process.argv.slice(2) : VERSIONS;
const scratch = mkdtempSync(join(tmpdir(), "unpark-capture-"));
// go1.26.8's module form is not needed where the installed Go is that version already.
const installed = execFileSync("go", ["env", "GOVERSION"], { encoding: "utf8" }).trim();
try {
  for (const version of versions) {
    const env = { ...process.env, GOTOOLCHAIN: version === installed ? "local" : version, GOFLAGS: "-trimpath" };
    const folder = join(root, "fixtures/dumps", version);
    mkdirSync(folder, { recursive: true });
    const build = (program, extra = {}, flags = [], how = "build") => {
      const binary = join(scratch, `${program}-${version}`);
      // A go.mod that an older Go accepts; the newer ones keep the defaults (GODEBUG) of the program's own.
      const modfile = join(scratch, `${version}.mod`);
      writeFileSync(modfile, `module example.com/${program}\n\ngo ${/\d+\.\d+/.exec(version)[0]}\n`);
      const own = Number(version.split(".")[1]) < 24 ? [`-modfile=${modfile}`] : [];
      execFileSync("go", [how, ...own, ...flags, "-o", binary, "."], { cwd: join(root, "fixtures/programs", program), env: { ...env, ...extra }, stdio: ["ignore", "inherit", "inherit"] });
      return binary;
    };
    execFileSync(build("zoo"), [folder], { stdio: "inherit" });
    const crash = build("crash");
    for (const how of ["deadlock", "panic", "nil", "system", "ancestors", "labels"]) {
      const settings = { system: { GOTRACEBACK: "system" }, ancestors: { GODEBUG: "tracebackancestors=5" }, labels: { GODEBUG: "tracebacklabels=1" } };
      const text = stderrOf(crash, how, { GOTRACEBACK: "all", ...settings[how] });
      writeFileSync(join(folder, `${how}.txt`), text);
    }
    const race = stderrOf(build("race", { CGO_ENABLED: "1" }, ["-race"]), "", { GOTRACEBACK: "all" });
    writeFileSync(join(folder, "race.txt"), race.toString().replace(/^\d{4}\/\d\d\/\d\d \d\d:\d\d:\d\d /gm, "2026/01/02 03:04:05 "));
    const minor = Number(version.split(".")[1]);
    // Go 1.27 has the profile without being asked.
    if (minor >= 26) execFileSync(build("leaks", minor === 26 ? { GOEXPERIMENT: "goroutineleakprofile" } : {}), [folder], { stdio: "inherit" });
    if (minor >= 25) writeFileSync(join(folder, "bubble.txt"), stderrOf(build("bubble", {}, ["-c"], "test"), "-test.v=false", { GOTRACEBACK: "all" }));
    console.log(`captured ${version}`);
  }
} finally {
  rmSync(scratch, { recursive: true, force: true });
}

function stderrOf(binary, how, env) {
  try {
    execFileSync(binary, [how], { env: { ...process.env, ...env }, stdio: ["ignore", "ignore", "pipe"] });
  } catch (error) {
    return error.stderr;
  }
  throw new Error(`${binary} ${how} did not crash`);
}
