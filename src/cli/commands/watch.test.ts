import assert from "node:assert/strict";
import { existsSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, test } from "node:test";
import { command as serve } from "./serve.js";
import { fakeIo } from "../testing/run-cli.js";
import { command as watch } from "./watch.js";

const folder = mkdtempSync(join(tmpdir(), "unpark-watch-"));
after(() => rmSync(folder, { recursive: true, force: true }));
const store = join(folder, "seen.db");

/** What is said to a command line that cannot be meant. */
async function refusal(command: typeof watch, argv: readonly string[]): Promise<string> {
  const io = fakeIo({ cwd: folder });
  assert.equal(await command.run([...argv, "--store", store, "gone.txt"], io), 2);
  assert.equal(io.out(), "");
  return io.err();
}

test("watch, serve: what a flag cannot mean is one sentence, before there is a store", async () => {
  const both: readonly (readonly [argv: readonly string[], sentence: string])[] = [
    [["--interval=1ms"], "--interval: at least 10ms"],
    [["--targets", "dns:"], "'dns:' is no name of SRV records: expected for instance dns:_pprof._tcp.shop.example"],
    [["--metrics-groups=many"], "--metrics-groups: 'many' is not a number from 0 to 1000"],
  ];
  for (const [argv, sentence] of both) for (const command of [watch, serve]) assert.equal(await refusal(command, argv), `unpark: ${sentence}\n`);
  const own: readonly (readonly [argv: readonly string[], sentence: string])[] = [
    [["--alarm", "never"], "--alarm takes 'day' or 'rise', but got 'never'"],
    [["--alarm="], "--alarm takes 'day' or 'rise', but got ''"],
    [["--metrics", "here"], "--metrics: 'here' is not of the form HOST:PORT"],
  ];
  for (const [argv, sentence] of own) assert.equal(await refusal(watch, argv), `unpark: ${sentence}\n`);
  assert.equal(await refusal(serve, ["--listen", "here"]), "unpark: --listen: 'here' is not of the form HOST:PORT\n");
  assert.ok(!existsSync(store));
});

test("watch, serve: an address that is none is refused in a sentence, which does not repeat it", async () => {
  for (const command of [watch, serve]) {
    for (const flag of ["--otlp", "--webhook"]) {
      for (const address of ["collector:4318", "s3cret", "ftp://s3cret.example/logs"]) assert.equal(await refusal(command, [flag, address]), `unpark: ${flag}: it is no address: expected http://… or https://…\n`);
    }
  }
});
