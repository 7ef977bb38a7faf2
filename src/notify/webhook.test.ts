import assert from "node:assert/strict";
import { createServer, type IncomingHttpHeaders } from "node:http";
import type { AddressInfo } from "node:net";
import { test } from "node:test";
import { Webhook } from "./webhook.js";

interface Receiver extends AsyncDisposable {
  readonly address: string;
  readonly got: readonly { readonly body: string; readonly headers: IncomingHttpHeaders; readonly url: string }[];
  /** Resolves when so many messages have come. */
  came(count: number): Promise<void>;
}

/** Answers with the statuses, one after the other; then always with the last. */
async function receiver(...statuses: readonly number[]): Promise<Receiver> {
  const got: { body: string; headers: IncomingHttpHeaders; url: string }[] = [];
  const waiting: { readonly count: number; readonly done: () => void }[] = [];
  const server = createServer((request, response) => {
    let body = "";
    request.on("data", (piece: Buffer) => (body += piece.toString())).on("end", () => {
      got.push({ body, headers: request.headers, url: request.url! });
      const status = statuses[Math.min(got.length, statuses.length) - 1]!;
      response.writeHead(status, status === 302 ? { location: "/elsewhere" } : {}).end("secret words of the server");
      for (const one of waiting) if (got.length >= one.count) one.done();
    });
  }).listen(0, "127.0.0.1");
  await new Promise((done) => server.once("listening", done));
  return {
    address: `127.0.0.1:${(server.address() as AddressInfo).port}/services/T0/hunter2secret?key=hunter3secret`, got,
    came: (count) => new Promise((done) => (got.length >= count ? done() : void waiting.push({ count, done }))),
    [Symbol.asyncDispose]: async () => {
      server.closeAllConnections();
      await new Promise((done) => server.close(done));
    },
  };
}

function hookTo(url: string, token?: string): { readonly hook: Webhook; readonly troubles: string[] } {
  const troubles: string[] = [];
  const hook = Webhook.to({ url, token, message: (values) => JSON.stringify(values), onTrouble: (sentence) => void troubles.push(sentence) });
  assert.ok(hook.ok);
  return { hook: hook.value, troubles };
}

test("what comes while a message is under way goes together in the next, in order", async () => {
  await using one = await receiver(200);
  const { hook, troubles } = hookTo(`http://${one.address}`);
  for (const value of [1, 2, 3]) hook.send(value);
  await one.came(2);
  assert.equal(await hook.close(), 0);
  assert.deepEqual(one.got.flatMap(({ body }) => JSON.parse(body) as number[]), [1, 2, 3]);
  assert.deepEqual(troubles, []);
});

test("a receiver that fails is asked again; no word of the address's secrets, nor of its answer, is told", async () => {
  await using one = await receiver(500, 200);
  const { hook, troubles } = hookTo(`http://user:hunter4secret@${one.address}`);
  hook.send("a");
  await one.came(2);
  assert.equal(await hook.close(), 0);
  assert.deepEqual(one.got.map(({ body }) => body), ['["a"]', '["a"]']);
  assert.equal(one.got[0]!.headers.authorization, `Basic ${Buffer.from("user:hunter4secret").toString("base64")}`);
  assert.deepEqual(troubles, [`http://${one.address.split("/")[0]!}: it answered 500; an alert waits`]);
});

for (const [status, sent] of [[404, 1], [302, 1], [429, 2]] as const) {
  test(`an answer of ${status}: ${sent === 1 ? "not sent again, and counted as lost" : "sent again"}`, async () => {
    await using one = await receiver(status, 200);
    const { hook, troubles } = hookTo(`http://${one.address}`, "t0ken");
    hook.send("a");
    await one.came(sent);
    const lost = await hook.close();
    assert.equal(one.got.length, sent);
    assert.ok(one.got.every(({ headers, url }) => headers.authorization === "Bearer t0ken" && url.startsWith("/services/")), "no redirect is followed");
    assert.equal(lost, sent === 1 ? 1 : 0);
    assert.match(troubles[0]!, new RegExp(`it answered ${status}; an alert ${sent === 1 ? "was not delivered" : "waits"}$`));
  });
}

test("at the end one more attempt is made, and what was not delivered is counted", async () => {
  const gone = await receiver(200);
  await gone[Symbol.asyncDispose]();
  const { hook, troubles } = hookTo(`http://${gone.address}`);
  hook.send("a");
  hook.send("b");
  assert.equal(await hook.close(), 2);
  assert.ok(troubles.every((text) => !/hunter/.test(text)), troubles.join("\n"));
});

test("what is no address is refused, and not repeated", () => {
  for (const url of ["hunter2secret", "ftp://x/hunter2secret", ""]) {
    const hook = Webhook.to({ url, token: undefined, message: String, onTrouble: () => undefined });
    assert.ok(!hook.ok && !hook.error.includes("hunter2"), url);
  }
  const hook = Webhook.to({ url: "http://x/", token: "a\r\nb", message: String, onTrouble: () => undefined });
  assert.ok(!hook.ok);
});
