// Six of GoKer's kernels block on a mutex of 8 bytes, which Go's tiny allocator puts into a block of 16 with others
// (runtime/malloc.go, mallocgcTiny). While a neighbour lives the whole block is marked, the leak collection takes the mutex
// for reachable, and Go's own leak profile misses the leak. With --deep each such object has a
// block of its own (src/toolchain/patches/deep-patches.ts), and the leak is proved whenever the kernel blocks at all.
import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, describe, it } from "node:test";
import { nativeTest } from "../../src/pipeline/native/native.js";
import { cacheFolder } from "../../src/base/user-folders.js";
import { findToolchain } from "../../src/toolchain/go/go-command.js";
import { buildNative, nativeGoroutines, readSuite, writeModule } from "./module.js";

const SIX = ["Cockroach9935", "Etcd7902", "Hugo3251", "Istio16224", "Moby36114", "Moby7559"];
/** Not every run of a kernel blocks; of Cockroach9935 about two of three do. */
const TRIES = 12;

const folder = mkdtempSync(join(tmpdir(), "unpark-tiny-"));
after(() => rmSync(folder, { recursive: true, force: true }));
const found = await findToolchain({ cwd: folder, env: process.env, cacheDir: cacheFolder(process.env) });
assert.ok(found.ok);
const suite = readSuite(found.value.goroot);

describe("six kernels whose mutex lies in a tiny block", { skip: suite === undefined && "this Go carries no GoKer kernels (1.26 does)" }, async () => {
  if (suite === undefined) return;
  const binary = await buildNative(found.value, suite);
  writeModule(suite, { oneCopy: true, ending: "wait" }, folder, "1.26");

  for (const name of SIX) {
    const documented = suite.documented.get(name)!.filter((pattern) => /Mutex/.test(pattern.source));
    const fits = (words: string): boolean => documented.some((pattern) => pattern.test(words));

    it(`${name}: Go's own leak profile misses it`, () => {
      for (let i = 0; i < TRIES; i++) {
        const blocked = nativeGoroutines(execFileSync(binary, [name], { encoding: "utf8", maxBuffer: 1 << 26 })).filter(({ words }) => fits(words));
        if (blocked.some(({ leaked }) => !leaked)) return;
      }
      assert.fail(`it never blocked unproved in ${TRIES} runs: does this Go mend it? Then --deep need not`);
    });

    it(`${name}: --deep proves it`, async () => {
      for (let i = 0; i < TRIES; i++) {
        const { report } = await nativeTest({ cwd: folder, env: process.env, args: ["-vet=off", "-count=1", `-run=^Test${name}$`, "."], deep: true, unparkVersion: "test" }, () => undefined);
        assert.deepEqual(report.failures, []);
        const findings = report.examinations.flatMap((one) => one.findings).filter(({ stack, blocked }) => fits(`${stack.at(-1)?.function ?? ""}(...) [${blocked.reason}]`));
        if (findings.length === 0) continue;
        assert.deepEqual([...new Set(findings.map(({ verdict }) => verdict))], ["leaked"]);
        return;
      }
      assert.fail(`it never blocked in ${TRIES} runs`);
    });
  }
});
