import { readFileSync } from "node:fs";
import { optional } from "../../base/optional.js";
import { err, ok, type Result } from "../../base/result.js";
import { publicName } from "../../model/public-name.js";
import type { NodeConnectionOptions } from "./nats-client.js";
import type * as clientModule from "./nats-client.js";

type Env = Readonly<Record<string, string | undefined>>;

/** How a queue is reached, and what may be said of that. */
interface NatsAddress {
  readonly name: string;
  readonly options: NodeConnectionOptions;
}

/**
 * `nats://host:4222`, `tls://host:4222`, several with commas between them; a name and password, or a token, before the host. All else as
 * the `nats` command takes it from the environment: NATS_CREDS, NATS_NKEY, NATS_CA, NATS_CERT, NATS_KEY (files), NATS_USER,
 * NATS_PASSWORD, NATS_TOKEN.
 */
export function natsAddress(text: string, env: Env, client: Pick<typeof clientModule, "credsAuthenticator" | "nkeyAuthenticator">): Result<NatsAddress, string> {
  const servers = text.split(",").map((one) => one.trim()).filter((one) => one !== "");
  const name = servers.map(publicName).join(",");
  const urls: URL[] = [];
  for (const server of servers) {
    if (!/^(?:nats|tls):\/\/./.test(server) || !URL.canParse(server)) return err(`--queue: '${publicName(server)}' is no queue: expected nats://host:4222 or tls://host:4222`);
    urls.push(new URL(server));
  }
  const [first] = urls;
  if (first === undefined) return err("--queue: expected nats://host:4222 or tls://host:4222");
  const files = readFiles(env);
  if (!files.ok) return files;
  const { creds, nkey, ca, cert, key } = files.value;
  const hasTls = first.protocol === "tls:" || ca !== undefined || cert !== undefined;
  return ok({
    name,
    options: {
      servers: urls.map((url) => `${url.hostname}:${url.port || "4222"}`),
      ...namedIn(first, env),
      ...(creds !== undefined ? { authenticator: client.credsAuthenticator(creds) } : nkey === undefined ? {} : { authenticator: client.nkeyAuthenticator(nkey) }),
      ...(hasTls ? { tls: optional({ ca: ca && text8(ca), cert: cert && text8(cert), key: key && text8(key) }) } : {}),
    },
  });
}

/** Who asks: a name and a password, or a token (which stands alone where a name does). */
function namedIn(url: URL, env: Env): Pick<NodeConnectionOptions, "user" | "pass" | "token"> {
  const user = decodeURIComponent(url.username) || env["NATS_USER"];
  const pass = decodeURIComponent(url.password) || env["NATS_PASSWORD"];
  if (user !== undefined && pass !== undefined) return { user, pass };
  return optional({ token: user ?? env["NATS_TOKEN"] });
}

const FILES = { creds: "NATS_CREDS", nkey: "NATS_NKEY", ca: "NATS_CA", cert: "NATS_CERT", key: "NATS_KEY" } as const;

function readFiles(env: Env): Result<{ readonly [K in keyof typeof FILES]?: Uint8Array }, string> {
  const found: { -readonly [K in keyof typeof FILES]?: Uint8Array } = {};
  for (const [field, name] of Object.entries(FILES) as [keyof typeof FILES, string][]) {
    const path = env[name];
    if (path === undefined || path === "") continue;
    try {
      found[field] = readFileSync(path);
    } catch (error) {
      return err(`${name} names a file that cannot be read: ${(error as Error).message}`);
    }
  }
  return ok(found);
}

const text8 = (bytes: Uint8Array): string => Buffer.from(bytes).toString("utf8");
