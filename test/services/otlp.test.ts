import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { text } from "node:stream/consumers";
import { test } from "node:test";
import { fileURLToPath } from "node:url";
import { BIN } from "../../src/cli/testing/bin.js";

const ROOT = fileURLToPath(new URL("../../..", import.meta.url));

interface Logs {
  readonly resourceLogs: readonly { readonly scopeLogs: readonly { readonly logRecords: readonly { readonly eventName: string; readonly body: { readonly stringValue: string } }[] }[] }[];
}


test("watch --otlp: events go to a receiver as OpenTelemetry's logs, with the token, which is not told", async () => {
  const got: { readonly path: string | undefined; readonly token: string | undefined; readonly logs: Logs }[] = [];
  const server = createServer((request, response) => {
    void text(request).then((body) => {
      got.push({ path: request.url, token: request.headers.authorization, logs: JSON.parse(body) as Logs });
      response.setHeader("content-type", "application/json");
      response.end("{}");
    });
  }).listen(0, "127.0.0.1");
  await new Promise((done) => server.once("listening", done));
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/v1/logs`;
  const child = spawn(process.execPath, [BIN, "watch", "--store", "none", "--interval", "20ms", "--until", "200ms", "--otlp", url, "gone.txt"], { cwd: ROOT, env: { ...process.env, UNPARK_OTLP_TOKEN: "s3cret" } });
  const [stdout, stderr] = await Promise.all([text(child.stdout), text(child.stderr), new Promise((done) => child.once("close", done))]);
  server.close();
  assert.ok(got.every(({ path, token }) => path === "/v1/logs" && token === "Bearer s3cret"));
  const records = got.flatMap(({ logs }) => logs.resourceLogs).flatMap(({ scopeLogs }) => scopeLogs).flatMap(({ logRecords }) => logRecords);
  assert.deepEqual([...new Set(records.map(({ eventName }) => eventName))], ["unpark.watch.failed"]);
  assert.match(records[0]!.body.stringValue, /^gone\.txt: there is no such file/);
  assert.ok(!`${stdout}${stderr}`.includes("s3cret"));
});
