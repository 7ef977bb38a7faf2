// The Go launcher as a module proxy serves it (GOPROXY=file://…): go.dev/ref/mod#goproxy-protocol. The zip is made by Go's
// own rules: every file below `module@version/`.
import { cpSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { zipSync } from "fflate";

const FILES = ["go.mod", "cmd/unpark/main.go", "cmd/unpark/signals_unix.go", "cmd/unpark/signals_other.go"];

/** Writes `out`/goproxy and answers the module's path and version. */
export function buildLauncher({ root, out, version, program, checksums, time }) {
  const folder = join(root, "launcher");
  const module = /^module (\S+)/m.exec(readFileSync(join(folder, "go.mod"), "utf8"))[1];
  const served = join(out, "goproxy", module, "@v");
  rmSync(join(out, "goproxy"), { recursive: true, force: true });
  mkdirSync(served, { recursive: true });
  const inside = `${module}@v${version}`;
  const files = [
    ...FILES.map((file) => [`${inside}/${file}`, readFileSync(join(folder, file))]),
    [`${inside}/LICENSE`, readFileSync(join(root, "LICENSE"))],
    [`${inside}/cmd/unpark/program.bin`, program],
    [`${inside}/cmd/unpark/checksums.txt`, Buffer.from(checksums)],
  ];
  writeFileSync(join(served, "list"), `v${version}\n`);
  writeFileSync(join(served, `v${version}.info`), JSON.stringify({ Version: `v${version}`, Time: time }));
  cpSync(join(folder, "go.mod"), join(served, `v${version}.mod`));
  writeFileSync(join(served, `v${version}.zip`), zipSync(Object.fromEntries(files), { level: 9, mtime: new Date(time) }));
  writeFileSync(join(out, "goproxy", module, "@latest"), JSON.stringify({ Version: `v${version}`, Time: time }));
  return { module, version: `v${version}` };
}
