// How a queue is reached, on a real nats-server (scripts/nats.mjs): TLS with certificates that openssl makes, client certificates, passwords,
// tokens, nkeys, credentials of an operator's accounts; and what is said of rights that are missing.
import assert from "node:assert/strict";
import { execFileSync, spawn } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, describe, it } from "node:test";
import { BIN } from "../../src/cli/testing/bin.js";
import { nkeys } from "@nats-io/transport-node";
import { openNats } from "../../src/queue/nats/open-nats.js";
import { fixtureFolder } from "../guest-fixture.js";
import { NatsServer, noServer } from "./nats-server.js";

const PASSWORD = "s3cret-word";
const folder = mkdtempSync(join(tmpdir(), "unpark-access-"));
const path = (name: string): string => join(folder, name);
const write = (name: string, text: string | Uint8Array): string => {
  writeFileSync(path(name), text);
  return path(name);
};

/** A certificate authority, and what it signs. */
function certificates(): void {
  const openssl = (...args: readonly string[]): void => void execFileSync("openssl", [...args], { cwd: folder, stdio: "ignore" });
  openssl("req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-keyout", "ca-key.pem", "-out", "ca.pem", "-days", "2", "-subj", "/CN=a test's authority");
  write("names.txt", "subjectAltName=IP:127.0.0.1,DNS:localhost\n");
  for (const name of ["server", "client"]) {
    openssl("req", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-keyout", `${name}-key.pem`, "-out", `${name}.csr`, "-subj", `/CN=${name}`);
    openssl("x509", "-req", "-in", `${name}.csr`, "-CA", "ca.pem", "-CAkey", "ca-key.pem", "-CAcreateserial", "-out", `${name}.pem`, "-days", "2", "-extfile", "names.txt");
  }
}

/** All that a command and a worker do with a queue. */
async function used(url: string, env: Readonly<Record<string, string>> = {}): Promise<string> {
  const said: string[] = [];
  const opened = await openNats(url, env, "test", (words) => void said.push(words));
  if (!opened.ok) return opened.error;
  const queue = opened.value;
  const body = new Uint8Array([1, 2, 3]);
  await queue.put("hash", () => body);
  assert.deepEqual([...(await queue.get("hash"))!], [...body]);
  await queue.publish({ session: "s", program: "p", id: "t", body });
  const lease = await queue.lease();
  assert.equal(lease?.task.id, "t");
  const heard = new Promise((resolve) => void queue.answers("s", ({ id }) => resolve(id)));
  await queue.answer({ session: "s", id: "t", body });
  await lease.ack();
  assert.equal(await heard, "t");
  await queue.forget("s");
  await queue.close();
  assert.deepEqual(said, []);
  return "used";
}

async function serving<T>(config: string, work: (port: number) => Promise<T>): Promise<T> {
  const server = await NatsServer.start(["-c", write(`server-${Math.random()}.conf`, config)]);
  try {
    return await work(server.port);
  } finally {
    await server.close();
  }
}

const tls = (more = ""): string => `tls { cert_file: "${path("server.pem")}", key_file: "${path("server-key.pem")}", ca_file: "${path("ca.pem")}"${more} }`;

/** A token as nsc makes them: claims, signed by the issuer's nkey (docs.nats.io, "JWTs"). */
function token(issuer: nkeys.KeyPair, subject: string, name: string, nats: object): string {
  const part = (value: object): string => Buffer.from(JSON.stringify(value)).toString("base64url");
  const text = `${part({ typ: "JWT", alg: "ed25519-nkey" })}.${part({ jti: name, iat: 1_700_000_000, iss: issuer.getPublicKey(), name, sub: subject, nats: { ...nats, version: 2 } })}`;
  return `${text}.${Buffer.from(issuer.sign(Buffer.from(text))).toString("base64url")}`;
}

describe("ways to a queue", { skip: noServer }, () => {
  before(certificates);
  after(() => rmSync(folder, { recursive: true, force: true }));

  it("TLS and a password: used with the authority's certificate, refused without, and with a wrong password", async () => {
    await serving(`${tls()}\nauthorization { user: unpark, password: "${PASSWORD}" }`, async (port) => {
      const env = { NATS_CA: path("ca.pem") };
      assert.equal(await used(`tls://unpark:${PASSWORD}@127.0.0.1:${port}`, env), "used");
      assert.equal(await used(`tls://127.0.0.1:${port}`, { ...env, NATS_USER: "unpark", NATS_PASSWORD: PASSWORD }), "used");
      assert.equal(await used(`nats://unpark:${PASSWORD}@127.0.0.1:${port}`, env), "used"); // the server asks for TLS
      const strange = await used(`tls://unpark:${PASSWORD}@127.0.0.1:${port}`);
      assert.match(strange, /^cannot reach the queue tls:\/\/127\.0\.0\.1:\d+: .*(certificate|self.signed)/i);
      const wrong = await used(`tls://unpark:wr0ng-word@127.0.0.1:${port}`, env);
      assert.match(wrong, /^cannot reach the queue tls:.*uthorization/);
      assert.ok(![strange, wrong].some((text) => text.includes(PASSWORD) || text.includes("wr0ng-word")));
    });
  });

  it("a client's certificate: used with it, refused without", async () => {
    await serving(tls(", verify: true"), async (port) => {
      const env = { NATS_CA: path("ca.pem") };
      assert.equal(await used(`tls://127.0.0.1:${port}`, { ...env, NATS_CERT: path("client.pem"), NATS_KEY: path("client-key.pem") }), "used");
      assert.match(await used(`tls://127.0.0.1:${port}`, env), /^cannot reach the queue tls:/);
    });
  });

  it("a token, in the address and in the environment", async () => {
    await serving(`authorization { token: "${PASSWORD}" }`, async (port) => {
      assert.equal(await used(`nats://${PASSWORD}@127.0.0.1:${port}`), "used");
      assert.equal(await used(`nats://127.0.0.1:${port}`, { NATS_TOKEN: PASSWORD }), "used");
      const none = await used(`nats://127.0.0.1:${port}`);
      assert.match(none, /uthorization/);
    });
  });

  it("an nkey: used with the seed's file, refused with another", async () => {
    const [mine, other] = [nkeys.createUser(), nkeys.createUser()];
    const seeds = [mine, other].map((key, i) => write(`seed${i}`, key.getSeed()));
    await serving(`authorization { users: [ { nkey: ${mine.getPublicKey()} } ] }`, async (port) => {
      assert.equal(await used(`nats://127.0.0.1:${port}`, { NATS_NKEY: seeds[0]! }), "used");
      assert.match(await used(`nats://127.0.0.1:${port}`, { NATS_NKEY: seeds[1]! }), /uthorization/);
      assert.match(await used(`nats://127.0.0.1:${port}`, { NATS_NKEY: path("nothing") }), /^NATS_NKEY names a file that cannot be read/);
    });
  });

  it("credentials of an operator's account: used with the file, refused with one of another account", async () => {
    const [operator, account, stranger, system, user] = [nkeys.createOperator(), nkeys.createAccount(), nkeys.createAccount(), nkeys.createAccount(), nkeys.createUser()];
    const unlimited = { subs: -1, data: -1, payload: -1, imports: -1, exports: -1, wildcards: true, conn: -1, leaf: -1 };
    const jetstream = { mem_storage: -1, disk_storage: -1, streams: -1, consumer: -1 };
    const accountToken = (key: nkeys.KeyPair, name: string, limits: object): string => token(operator, key.getPublicKey(), name, { limits, type: "account" });
    const creds = (issuer: nkeys.KeyPair): string => `-----BEGIN NATS USER JWT-----\n${token(issuer, user.getPublicKey(), "ci", { pub: {}, sub: {}, subs: -1, data: -1, payload: -1, type: "user" })}\n------END NATS USER JWT------\n\n-----BEGIN USER NKEY SEED-----\n${Buffer.from(user.getSeed()).toString()}\n------END USER NKEY SEED------\n`;
    const config = `operator: "${token(operator, operator.getPublicKey(), "operator", { type: "operator" })}"\nsystem_account: ${system.getPublicKey()}\nresolver: MEMORY\nresolver_preload: { ${account.getPublicKey()}: "${accountToken(account, "unpark", { ...unlimited, ...jetstream })}", ${system.getPublicKey()}: "${accountToken(system, "system", unlimited)}" }`;
    await serving(config, async (port) => {
      assert.equal(await used(`nats://127.0.0.1:${port}`, { NATS_CREDS: write("mine.creds", creds(account)) }), "used");
      assert.match(await used(`nats://127.0.0.1:${port}`, { NATS_CREDS: write("stranger.creds", creds(stranger)) }), /uthorization/);
    });
  });

  it("a right that is missing is said once, and not waited for in silence", async () => {
    // All but to publish work.
    const config = `authorization { users: [ { user: all, password: "${PASSWORD}" }, { user: half, password: "${PASSWORD}", permissions: { publish: { deny: ["unpark.work.>", "unpark.news"] } } } ] }`;
    await serving(config, async (port) => {
      assert.equal(await used(`nats://all:${PASSWORD}@127.0.0.1:${port}`), "used"); // makes the streams
      const said: string[] = [];
      const opened = await openNats(`nats://half:${PASSWORD}@127.0.0.1:${port}`, {}, "test", (words) => void said.push(words));
      assert.ok(opened.ok);
      const publishing = opened.value.publish({ session: "s", program: "p", id: "t", body: new Uint8Array(1) }).catch(() => "closed");
      while (said.length === 0) await new Promise((resolve) => setTimeout(resolve, 20));
      await opened.value.close();
      await publishing;
      assert.deepEqual(said, [`the queue nats://127.0.0.1:${port} does not let this user publish to unpark.work…: what needs it waits until it may`]);
      const child = spawn(process.execPath, [BIN, "test", "--no-native", "--no-cache", "--workers", "1", "-run", "^TestTimeout$", "--queue", `nats://half:${PASSWORD}@127.0.0.1:${port}`, "."], { cwd: fixtureFolder("many-schedules") });
      let stderr = "";
      child.stderr.on("data", (bytes: Buffer) => void (stderr += String(bytes)));
      await new Promise((resolve) => child.once("close", resolve));
      assert.match(stderr, /does not let this user publish to unpark\.news…/);
      assert.ok(!stderr.includes(PASSWORD));
    });
  });
});
