// Prints the path of an OpenTelemetry collector with an OTLP receiver and the debug exporter, built by its own builder from the Go module proxy, once, into the
// user's cache folder (some minutes). `node scripts/otelcol.mjs`. Exit code 2: it could not be built.
import { spawnSync } from "node:child_process";
import { existsSync, mkdirSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { homedir } from "node:os";
import { join } from "node:path";

const VERSION = "0.165.0";

/** What is in it, in the words of go.opentelemetry.io/collector/cmd/builder. */
const manifest = (folder) => `dist: { name: otelcol, module: unpark.invalid/otelcol, output_path: ${JSON.stringify(folder)}, version: ${VERSION} }
receivers: [{ gomod: go.opentelemetry.io/collector/receiver/otlpreceiver v${VERSION} }]
exporters: [{ gomod: go.opentelemetry.io/collector/exporter/debugexporter v${VERSION} }]
`;

function built() {
  const cache = join(process.env.XDG_CACHE_HOME || join(homedir(), ".cache"), "unpark-tests");
  const file = join(cache, `otelcol-${VERSION}`);
  if (existsSync(file)) return file;
  const own = join(cache, `otelcol-${process.pid}`);
  mkdirSync(own, { recursive: true });
  writeFileSync(join(own, "builder.yaml"), manifest(join(own, "out")));
  console.error(`no collector ${VERSION}: building it (once, some minutes)`);
  const { status } = spawnSync("go", ["run", `go.opentelemetry.io/collector/cmd/builder@v${VERSION}`, "--config", join(own, "builder.yaml")], { cwd: own, env: { ...process.env, GOFLAGS: "-mod=mod" }, stdio: ["ignore", 2, 2] });
  if (status === 0) renameSync(join(own, "out", "otelcol"), file);
  rmSync(own, { recursive: true, force: true });
  return status === 0 ? file : undefined;
}

const path = built();
if (path !== undefined) console.log(path);
else {
  console.error(`there is no collector ${VERSION}, and it could not be built: install Go, and try again`);
  process.exit(2);
}
