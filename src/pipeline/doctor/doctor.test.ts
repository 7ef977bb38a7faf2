import assert from "node:assert/strict";
import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, describe, it } from "node:test";
import type { Check } from "../../model/results/checkup.js";
import { checkupExit } from "../../report/exit-code.js";
import { doctorText } from "../../report/doctor/text.js";
import { doctor, type DoctorRequest } from "./doctor.js";

const root = mkdtempSync(join(tmpdir(), "unpark-doctor-"));
after(() => rmSync(root, { recursive: true, force: true }));
const LARGE = { node: "22.1.0", cores: 4, memory: 16 * 1024 ** 3 };

/** A `go` that says what it is told to. */
function fakeGo(version: string): string {
  const bin = join(root, version || "none");
  mkdirSync(bin, { recursive: true });
  const answer = JSON.stringify({ GOVERSION: version, GOROOT: bin, GOMODCACHE: "/mod", GOFLAGS: "", GOHOSTOS: "linux", GOHOSTARCH: "amd64" });
  if (version !== "") writeFileSync(join(bin, "go"), `#!/bin/sh\necho '${answer}'\n`);
  if (version !== "") chmodSync(join(bin, "go"), 0o755);
  return bin;
}

async function checked(go: string, more: Partial<DoctorRequest> & { readonly cache?: string } = {}) {
  const checkup = await doctor({ cwd: root, env: { PATH: fakeGo(go) + ":/usr/bin:/bin", HOME: root, UNPARK_CACHE: more.cache ?? join(root, "cache") }, machine: { ...LARGE, ...more.machine } });
  const of = (subject: string): Check => checkup.checks.find((one) => one.subject === subject)!;
  return { checkup, of, text: doctorText(checkup) };
}

describe("unpark doctor", () => {
  it("is content with a Go that proves leaks; a cache without the standard library will be slow once", async () => {
    const { checkup, of, text } = await checked("go1.26.8");
    assert.deepEqual(["Go", "Node", "cache", "machine"].map((subject) => of(subject).state), ["fine", "fine", "slow", "fine"]);
    assert.equal(checkupExit(checkup), 0);
    assert.match(text, /^ok {4}Go {7}1\.26\.8 in /m);
    assert.match(text, /^note {2}cache {4}.*about 30 s/m);
    assert.match(text, /\nUnpark can work here\.\n$/);
    mkdirSync(join(root, "cache", "last"), { recursive: true });
    writeFileSync(join(root, "cache", "last", "std-x"), "");
    assert.equal((await checked("go1.26.8")).of("cache").state, "fine");
  });

  for (const [go, state, words] of [["go1.25.4", "slow", /no leak collection/], ["go1.20.1", "broken", /too old/], ["go1.99.0", "broken", /newer than this Unpark knows/], ["devel", "broken", /not a released Go version/]] as const) {
    it(`${go}: ${state}`, async () => {
      const { checkup, of } = await checked(go);
      assert.equal(of("Go").state, state);
      assert.match(of("Go").words, words);
      assert.equal(checkupExit(checkup), state === "broken" ? 2 : 0);
    });
  }

  for (const [title, machine, subject, state] of [
    ["an old Node", { node: "18.0.0" }, "Node", "broken"],
    ["one core", { cores: 1 }, "machine", "slow"],
    ["little memory", { memory: 2 * 1024 ** 3 }, "machine", "slow"],
  ] as const) {
    it(`${title}: ${state}`, async () => assert.equal((await checked("go1.26.8", { machine })).of(subject).state, state));
  }

  it("a cache that cannot be made is broken, and the text says so last", async () => {
    writeFileSync(join(root, "file"), "");
    const { checkup, text } = await checked("go1.26.8", { cache: join(root, "file", "cache") });
    assert.equal(checkupExit(checkup), 2);
    assert.match(text, /set UNPARK_CACHE[\s\S]*\nUnpark cannot work here before this is mended: cache\.\n$/);
  });
});
