import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { fileURLToPath } from "node:url";
import { BIN } from "../../src/cli/testing/bin.js";
import { unpark } from "../../src/cli/testing/command-line.js";
import { Ajv, type ValidateFunction } from "ajv";
import { CAUSES } from "../../src/model/finding/cause.js";
import { CONFIDENCES } from "../../src/model/finding/suspect.js";
import { buildServices, load, startService } from "./services.js";

/** docs/services.schema.json against what the commands print of real services and of the captured dumps. */
const ROOT = fileURLToPath(new URL("../../..", import.meta.url));
const schema = JSON.parse(readFileSync(join(ROOT, "docs/services.schema.json"), "utf8")) as { definitions: Record<string, { enum?: string[] }> };
let validate: ValidateFunction;
let built: ReturnType<typeof buildServices>;
before(() => {
  // The times' form is checked by hand below: ajv's formats are a package of their own.
  validate = new Ajv({ allErrors: true, formats: { "date-time": (text: string) => new Date(text).toISOString() === text } }).compile(schema);
  built = buildServices();
});
after(() => built.remove());

const fits = (value: unknown, what: string): void => assert.ok(validate(value), `${what}: ${JSON.stringify(validate.errors?.slice(0, 3))}`);
const env = (): Record<string, string | undefined> => ({ ...process.env, GOPS_CONFIG_DIR: built.gops });

async function printed(...argv: string[]): Promise<unknown> {
  const { stdout, stderr, status } = await unpark(argv, { env: env() });
  assert.ok(status === 0 || status === 1, stderr);
  return JSON.parse(stdout);
}

test("inspect, diff, verify and ps of a leaking service, in all forms", async () => {
  await using service = await startService(built, "sum");
  const before = join(built.bin, "before.pb.gz");
  fits(await printed("inspect", service.url, "--json", "--save", before), "quiet");
  await load(`${service.url}/sum`, 12);
  for (const debug of ["0", "1", "2"]) fits(await printed("inspect", service.url, "--json", "--debug", debug), `debug=${debug}`);
  const leaks = join(ROOT, "fixtures/dumps/go1.27.0/leaks.debug2.txt");
  for (const more of [[], ["--warn-only"]]) fits(await printed("verify", "--leaks", leaks, service.url, "--json", "--builds", join(built.bin, "builds.jsonl"), "--build", String(more.length), ...more), "gate");
  fits(await printed("diff", before, service.url, "--json"), "diff");
  fits(await printed("diff", before, service.url, "--json", "--all"), "diff --all");
  fits(await printed("verify", service.url, "--json", "--absent", "main.add", "--max", "3", "--only", "main.add", "--baseline", before, "--wait", "300ms"), "verify, violated");
  fits(await printed("verify", service.url, "--json", "--max", "3", "--baseline", before, "--by-label", "tenant"), "verify, by label");
  fits(await printed("verify", service.url, "--json", "--absent", "main.nothing"), "verify, holds");
  fits(await printed("ps", "--json"), "ps");
});

test("inspect of every captured dump: leaked, ancestors, labels, races, bubbles, elided frames", async () => {
  for (const version of ["go1.18.10", "go1.24.10", "go1.26.8", "go1.27.0"]) {
    const names = ["ancestors.txt", "labels.txt", "race.txt", "system.txt", "zoo.debug1.txt", "zoo.debug2.txt", "zoo.pb.gz"];
    if (version > "go1.26") names.push("leaks.debug2.txt", "leaks.pb.gz", "bubble.txt");
    fits(await printed("inspect", "--json", "--by-label", "tenant", join(ROOT, "fixtures/dumps", version, "zoo.debug1.txt")), `${version} by label`);
    fits(await printed("inspect", "--json", ...names.map((name) => join(ROOT, "fixtures/dumps", version, name))), version);
  }
});

test("watch: each line of a target that grows, one that is gone, and the summary", async () => {
  await using service = await startService(built, "sum");
  const argv = [BIN, "watch", service.url, "http://127.0.0.1:1", "--json", "--store", "none", "--by-label", "tenant", "--interval", "50ms", "--window", "600ms", "--until", "2s"];
  const child = spawn(process.execPath, argv, { stdio: ["ignore", "pipe", "inherit"] });
  let text = "";
  child.stdout.on("data", (chunk: Buffer) => {
    text += chunk.toString();
    void load(`${service.url}/sum`, 4);
  });
  await new Promise((done) => child.once("close", done));
  const lines = text.trimEnd().split("\n").map((line) => JSON.parse(line) as { kind: string });
  for (const line of lines) fits(line, JSON.stringify(line));
  for (const kind of ["scraped", "failed", "growing", "summary"]) assert.ok(lines.some((line) => line.kind === kind), kind);
});

test("the schema's words are the model's, and it is strict", () => {
  assert.deepEqual(schema.definitions["cause"]!.enum, CAUSES);
  assert.deepEqual(schema.definitions["confidence"]!.enum, CONFIDENCES);
  const good = { version: 1, kind: "ps", processes: [] };
  assert.ok(validate(good));
  assert.ok(!validate({ ...good, more: 1 }));
  assert.ok(!validate({ ...good, version: 2 }));
});
