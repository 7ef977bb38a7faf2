// Profiles out of a Pyroscope and into one, as a user does it, against a server that speaks the documented protocol (src/collect/testing/fake-pyroscope.ts). With
// UNPARK_PYROSCOPE_SERVER=http://127.0.0.1:4040 the same is asked of a real one, a minute after its start: all of it passed with Pyroscope's main of 2026-08-21, which also
// took what grafana/pyroscope-go 1.5.0 pushes each 5 s; inspect then told the six goroutines of the last of these profiles, not the sum of all.
import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { text } from "node:stream/consumers";
import { after, before, test } from "node:test";
import { BIN } from "../../src/cli/testing/bin.js";
import { FakePyroscope } from "../../src/collect/testing/fake-pyroscope.js";

const folder = mkdtempSync(join(tmpdir(), "unpark-pyroscope-"));
const fake = new FakePyroscope();
const real = process.env["UNPARK_PYROSCOPE_SERVER"];
let server: string;
before(async () => {
  server = real ?? (await fake.start());
});
after(() => {
  fake.close();
  rmSync(folder, { recursive: true, force: true });
});

interface Ran {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

async function unpark(...argv: readonly string[]): Promise<Ran> {
  const child = spawn(process.execPath, [BIN, ...argv], { cwd: folder, env: { ...process.env, UNPARK_PYROSCOPE_TOKEN: "s3cret-token" } });
  const [stdout, stderr, code] = await Promise.all([text(child.stdout), text(child.stderr), new Promise<number | null>((done) => child.once("close", done))]);
  return { code, stdout, stderr };
}

/** So many goroutines at one place that send, and one that waits. */
const dump = (senders: number): string => {
  const sender = (n: number): string => `goroutine ${n + 2} [chan send, 5 minutes]:\nmain.leak()\n\t/src/shop/leak.go:9 +0x1d\nmain.handle(0x1)\n\t/src/shop/handle.go:4 +0x1d\n\n`;
  return `goroutine 1 [select]:\nmain.main()\n\t/src/shop/main.go:3 +0x1d\n\n${Array.from({ length: senders }, (_, n) => sender(n)).join("")}`;
};

/** A name of its own, so that a server that knows others does not matter. */
const service = `shop-${process.pid}`;

async function pushed(target: string, senders: number): Promise<Ran> {
  writeFileSync(join(folder, target), dump(senders));
  return unpark("watch", "--store", "none", "--interval", "1s", "--until", "900ms", "--json", "--pyroscope", server, target);
}

async function once(argv: readonly string[], isAnswer: (ran: Ran) => boolean): Promise<Ran> {
  for (let tries = 0; ; tries++) {
    const ran = await unpark(...argv);
    if (isAnswer(ran) || tries >= 20 || real === undefined) return ran;
    await new Promise((resolve) => setTimeout(resolve, 500));
  }
}

const groups = ({ stdout, stderr }: Ran): unknown => {
  assert.equal(stderr, "");
  const { groups: found } = (JSON.parse(stdout) as { snapshots: readonly { groups: readonly { count: number; stack: readonly { function: string; line: number }[] }[] }[] }).snapshots[0]!;
  return found.map(({ count, stack }) => [count, ...stack.map((frame) => `${frame.function}:${frame.line}`)]);
};

test("watch pushes each look as a profile, and inspect reads the last one back: counts, functions, lines", async () => {
  const name = `${service}.txt`;
  const watched = await pushed(name, 3);
  assert.equal(watched.code, 0, watched.stderr);
  assert.ok(!`${watched.stdout}${watched.stderr}`.includes("s3cret"));
  const source = `pyroscope+${server}/unpark?target=${name}`;
  const read = await once(["inspect", "--json", source], ({ code }) => code !== 2);
  assert.deepEqual(groups(read), [[3, "main.leak:9", "main.handle:4"], [1, "main.main:3"]]);
  if (real === undefined) assert.ok(fake.asked.filter(({ path }) => path === "/ingest").every(({ headers }) => headers.authorization === "Bearer s3cret-token"));
  await new Promise((resolve) => setTimeout(resolve, 1100)); // a second of the server's own
  await pushed(name, 7);
  const again = await once(["inspect", "--json", source], ({ stdout }) => stdout.includes('"count": 7') || stdout.includes('"count":7'));
  assert.deepEqual(groups(again), [[7, "main.leak:9", "main.handle:4"], [1, "main.main:3"]]);
});

test("of two moments one can ask: what changed between them; watch asks for the last one again and again", async () => {
  const name = `${service}-moments.txt`;
  await pushed(name, 2);
  await new Promise((resolve) => setTimeout(resolve, 2100));
  const between = new Date().toISOString();
  await new Promise((resolve) => setTimeout(resolve, 1100));
  await pushed(name, 6);
  const source = `pyroscope+${server}/unpark?target=${name}`;
  const now = await once(["diff", `${source}&at=${between}`, source], ({ stdout }) => /main\.leak/.test(stdout));
  assert.equal(now.stderr, "");
  assert.match(now.stdout, /2 → 6|\+4/);
  const watched = await unpark("watch", "--store", "none", "--interval", "300ms", "--until", "1s", "--json", source);
  const looks = watched.stdout.trim().split("\n").map((line) => JSON.parse(line) as { kind: string; target: string; goroutines?: number }).filter(({ kind }) => kind === "scraped");
  assert.ok(looks.length >= 2 && looks.every(({ goroutines, target }) => goroutines === 7 && target === source), watched.stdout + watched.stderr);
});

test("what several processes have is not added up: one sentence says what tells them apart", async () => {
  for (const pod of ["a", "b"]) {
    const { port, close } = await serving(dump(pod === "a" ? 4 : 5));
    writeFileSync(join(folder, "pods.json"), JSON.stringify([{ targets: [`127.0.0.1:${port}`], labels: { job: `${service}-pods`, pod } }]));
    const watched = await unpark("watch", "--store", "none", "--interval", "5s", "--until", "1500ms", "--debug", "2", "--pyroscope", server, "--targets", "pods.json");
    assert.equal(watched.code, 0, watched.stderr);
    close();
  }
  const source = `pyroscope+${server}/${service}-pods`;
  const refused = await once(["inspect", source], ({ stderr }) => /these are 2 series/.test(stderr));
  assert.equal(refused.code, 2);
  assert.match(refused.stderr, new RegExp(`^unpark: pyroscope\\+http://[\\d.:]+/${service}-pods: these are 2 series, which differ in (?:pod \\(a, b\\)|target \\(http://127.*\\)); one label more chooses one of them\n$`));
  assert.deepEqual(groups(await unpark("inspect", "--json", `${source}?pod=b`)), [[5, "main.leak:9", "main.handle:4"], [1, "main.main:3"]]);
});

test("what cannot be answered is one sentence, without what is secret", async () => {
  const { port, close } = await serving("<html>hello</html>");
  const rows: readonly (readonly [source: string, words: RegExp])[] = [
    [`pyroscope+${server}/nobody-${process.pid}`, /^unpark: pyroscope\+http:\/\/[\d.:]+\/nobody-\d+: it has no goroutine profile of \{service_name="nobody-\d+"\} in the hour before 20\d\d-/],
    [`pyroscope+${server}/unpark?at=2001-01-01T00:00:00Z`, /it has no goroutine profile of \{service_name="unpark"\} in the hour before 2001-01-01T00:00:00Z$/],
    [`pyroscope+http://alice:s3cret-word@127.0.0.1:${port}/cart?pod=x&token=s3cret-word`, /^unpark: pyroscope\+http:\/\/127\.0\.0\.1:\d+\/cart\?pod=x&token=\*\*\*: its answer is no JSON: is this a Pyroscope\?$/],
    ["pyroscope+http://127.0.0.1:1/cart", /^unpark: pyroscope\+http:\/\/127\.0\.0\.1:1\/cart: nothing listens there/],
    ["pyroscope+http://127.0.0.1:4040/", /names no service of a Pyroscope: expected for instance pyroscope\+http:/],
    ["pyroscope+ftp://127.0.0.1/cart", /names no service of a Pyroscope/],
    ["pyroscope+http://127.0.0.1:4040/cart?at=soon", /'at' is no time/],
    ["pyroscope+http://127.0.0.1:4040/cart?a-b=c", /'a-b' is no label of Pyroscope/],
    ["pyroscope+http://127.0.0.1:4040/%zz", /a % in it is not followed by two hexadecimal digits/],
  ];
  for (const [source, words] of rows) {
    const { code, stdout, stderr } = await unpark("inspect", source);
    assert.deepEqual([code, stdout], [2, ""], source);
    assert.match(stderr.trimEnd(), words, source);
    assert.ok(!stderr.includes("s3cret"), stderr);
  }
  close();
});

test("a Pyroscope that takes nothing is told of, and does not end the watch", async () => {
  writeFileSync(join(folder, "one.txt"), dump(1));
  const { port, close } = await serving("");
  close();
  const watched = await unpark("watch", "--store", "none", "--interval", "100ms", "--until", "350ms", "--json", "--pyroscope", `http://127.0.0.1:${port}`, "one.txt");
  assert.equal(watched.code, 0);
  assert.match(watched.stderr, /^unpark: pyroscope http:\/\/127\.0\.0\.1:\d+: it cannot be reached \(ECONNREFUSED\); a profile was not delivered\n/);
  assert.match(watched.stderr, /\d alerts, events and profiles were not delivered \(--webhook, --otlp, --pyroscope\)\n$/);
  const refused = await unpark("watch", "--store", "none", "--pyroscope", "nowhere", "one.txt");
  assert.deepEqual([refused.code, refused.stderr], [2, "unpark: --pyroscope: it is no address: expected http://… or https://…\n"]);
});

/** A service that answers everything with one text. */
async function serving(body: string): Promise<{ readonly port: number; readonly close: () => void }> {
  const service = createServer((_, response) => void response.end(body)).listen(0, "127.0.0.1");
  await new Promise((resolve) => service.once("listening", resolve));
  return { port: (service.address() as AddressInfo).port, close: () => (service.close(), service.closeAllConnections()) };
}
