// Where and with what a figure was measured, for the results below bench/.
import { execFileSync } from "node:child_process";
import { cpus, release, totalmem, type } from "node:os";

const said = (program, argv) => {
  try { return execFileSync(program, argv, { encoding: "utf8", stdio: ["ignore", "pipe", "ignore"] }).trim(); } catch { return "none"; }
};

export const machine = () => ({
  node: process.version, go: said("go", ["env", "GOVERSION"]), commit: said("git", ["rev-parse", "--short", "HEAD"]),
  system: `${type()} ${release()}`, glibc: process.report.getReport().header.glibcVersionRuntime ?? "none", cpu: `${cpus().length} x ${cpus()[0]?.model ?? "?"}`, memoryGiB: Math.round(totalmem() / 2 ** 30),
});
