import { request as httpRequest, type IncomingMessage, type RequestOptions } from "node:http";
import { request as httpsRequest } from "node:https";
import { optional } from "../base/optional.js";
import { CollectError, type CollectOptions } from "./collected.js";
import { inAddress, publicName, without } from "../model/public-name.js";
import { LOCALHOST, profilePath, sourceName, type Source } from "./source.js";

type Web = Extract<Source, { kind: "url" | "unix" }>;

/** What is sent along, where something is. */
export interface Sent {
  readonly type: string;
  readonly body: Uint8Array;
}

/**
 * Asks a service for a profile. Redirects are followed (5 at most) within the same origin (RFC 6454) only, so that no secret leaks.
 *
 * @param name what errors call it
 */
export async function* fetchProfile(source: Web, options: CollectOptions, name = sourceName(source), sent?: Sent): AsyncGenerator<Uint8Array> {
  const deadline = AbortSignal.timeout(options.timeoutMs);
  const signal = AbortSignal.any([deadline, options.signal]);
  const secrets = secretsOf(source, options);
  const say = (error: unknown): CollectError => {
    const { message } = webError(name, error, deadline, options);
    return new CollectError(without(secrets, message));
  };
  let response: IncomingMessage;
  try {
    response = await follow(source, options, signal, sent);
  } catch (error) {
    throw say(error);
  }
  if (response.statusCode !== 200) {
    const said = await firstLine(response);
    response.destroy();
    throw new CollectError(without(secrets, statusWords(name, response.statusCode ?? 0, source, options, publicName(said))));
  }
  try {
    for await (const chunk of response) yield chunk as Uint8Array;
  } catch (error) {
    throw say(error);
  } finally {
    response.destroy();
  }
}

/** What a server may repeat in its answer, and no report may. */
function secretsOf(source: Web, options: CollectOptions): readonly string[] {
  const own = [options.user, options.user?.slice(options.user.indexOf(":") + 1), ...options.headers.flatMap(([, value]) => [value, value.split(/\s+/).at(-1)])];
  return [...(source.kind === "url" ? inAddress(source.url) : inAddress(`http://x${source.path}`)), ...own].filter((secret) => secret !== undefined && secret.length >= 4) as string[];
}

async function follow(source: Web, options: CollectOptions, signal: AbortSignal, sent?: Sent): Promise<IncomingMessage> {
  let url = targetOf(source, options);
  for (let hop = 0; ; hop++) {
    const response = await ask(source, url, options, signal, sent);
    const location = response.headers.location;
    if (sent !== undefined || ![301, 302, 303, 307, 308].includes(response.statusCode ?? 0) || location === undefined) return response;
    response.destroy();
    const next = URL.canParse(location, url.href) ? new URL(location, url.href) : undefined;
    // Another scheme is another origin: what is meant for https must not go out in the clear.
    if (!next || next.origin !== url.origin || hop >= 5) throw new CollectError(`${sourceName(source)}: redirects to ${publicName(location)}, which is not followed; give that address`);
    next.username = url.username; // whatever the server says, ours go on
    next.password = url.password;
    url = next;
  }
}

function targetOf(source: Web, options: CollectOptions): URL {
  const url = source.kind === "url" ? new URL(source.url) : new URL(source.path, LOCALHOST);
  if (source.exact) return url;
  url.pathname = profilePath(url.pathname, options.profile);
  url.searchParams.set("debug", String(options.debug ?? 2));
  return url;
}

function ask(source: Web, url: URL, options: CollectOptions, signal: AbortSignal, sent?: Sent): Promise<IncomingMessage> {
  const tls = options.tls ?? {};
  const auth = options.user ?? (url.username ? `${decodeURIComponent(url.username)}:${decodeURIComponent(url.password)}` : undefined);
  const settings: RequestOptions & { [key: string]: unknown } = {
    method: sent === undefined ? "GET" : "POST",
    signal,
    headers: { accept: "*/*", "accept-encoding": sent === undefined ? "gzip" : "identity", "user-agent": "unpark", ...(sent === undefined ? {} : { "content-type": sent.type }), ...Object.fromEntries(options.headers) },
    ...optional({ auth }),
    ...(source.kind === "unix" ? { socketPath: source.socket } : {}),
    ...optional({ cert: tls.cert, key: tls.key, ca: tls.ca }),
    ...(tls.insecure ? { rejectUnauthorized: false } : {}),
  };
  return new Promise((resolve, reject) => {
    const make = url.protocol === "https:" ? httpsRequest : httpRequest;
    const asked = make(url, settings, resolve).on("error", reject);
    // A server that wants another protocol (101): Node closes such a connection, and says nothing of it.
    asked.on("close", () => reject(Object.assign(new Error("closed"), { code: "ECONNRESET" })));
    asked.end(sent?.body);
  });
}

async function firstLine(response: IncomingMessage): Promise<string> {
  let text = "";
  try {
    for await (const chunk of response) {
      text += String(chunk);
      if (text.length > 500) break;
    }
  } catch {
    // The status says enough.
  }
  return /^\s*</.test(text) ? "" : (text.trim().split("\n")[0] ?? "").slice(0, 120);
}

function statusWords(name: string, status: number, source: Web, options: CollectOptions, said: string): string {
  const answered = `${name}: the server answered ${status}${said === "" ? "" : ` (${said})`}`;
  if (status === 401 || status === 403) return `${answered}; --user NAME:PASSWORD, --header or --cert give what it asks for`;
  if (status === 404 && options.profile === "goroutineleak") {
    return `${answered}: it has no goroutineleak profile (Go 1.27 and later have one, Go 1.26 built with GOEXPERIMENT=goroutineleakprofile)`;
  }
  if (status === 404 && !source.exact) {
    return `${answered} for ${targetOf(source, options).pathname}; is net/http/pprof imported there, and is this its port?`;
  }
  return answered;
}

const CODES: Readonly<Record<string, string>> = {
  ECONNREFUSED: "nothing listens there (connection refused); is the service up, and is this its port?",
  ENOTFOUND: "the host's name is not known",
  EAI_AGAIN: "the host's name could not be looked up",
  EHOSTUNREACH: "the host cannot be reached",
  ENETUNREACH: "the network cannot be reached",
  ECONNRESET: "the server closed the connection before the answer was complete",
  EPIPE: "the server closed the connection before the answer was complete",
  ENOENT: "there is no such socket",
  EACCES: "permission denied",
  EPROTO: "TLS failed: the server does not speak TLS there; is it http:// rather than https://?",
  ERR_SSL_WRONG_VERSION_NUMBER: "TLS failed: the server does not speak TLS there; is it http:// rather than https://?",
  ERR_SSL_PACKET_LENGTH_TOO_LONG: "TLS failed: the server does not speak TLS there; is it http:// rather than https://?",
};

function webError(name: string, error: unknown, deadline: AbortSignal, options: CollectOptions): CollectError {
  if (error instanceof CollectError) return error;
  if (options.signal.aborted) return new CollectError(`${name}: interrupted`);
  if (deadline.aborted) return new CollectError(`${name}: no complete answer within ${options.timeoutMs / 1000} s; --timeout allows more`);
  const { code = "", message } = error as NodeJS.ErrnoException;
  const known = CODES[code];
  if (known !== undefined) return new CollectError(`${name}: ${known}`);
  if (/CERT|SELF_SIGNED|UNABLE_TO|ALTNAME|SSL|TLS/.test(code) || /certificate|alert/.test(message)) {
    const advice = /alert|required/.test(message) ? "--cert and --key give a client certificate" : "--ca FILE gives its authority, --insecure accepts it";
    return new CollectError(`${name}: TLS failed (${message.replace(/^.*?:SSL routines:/, "").split("\n")[0]}); ${advice}`);
  }
  if (code.startsWith("HPE_")) return new CollectError(`${name}: the answer is not HTTP; is this another service's port, or https:// rather than http://?`);
  return new CollectError(`${name}: ${message === "aborted" ? "the server closed the connection before the answer was complete" : message || code}`);
}
