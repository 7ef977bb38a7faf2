import { createHash, timingSafeEqual } from "node:crypto";
import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { err, ok, type Result } from "../base/result.js";
import type { MetricsText } from "./metrics.js";

interface PageServerOptions {
  readonly host: string;
  /** 0: any that is free. */
  readonly port: number;
  /** Everybody who asks must have it; undefined on loopback alone. */
  readonly token: string | undefined;
  /** Undefined: there is none, only the metrics. */
  readonly page: string | undefined;
  /** What `/metrics` answers; undefined: there is no such thing. */
  readonly metrics?: () => Promise<Result<MetricsText, string>>;
  /** Whoever reads an answer: its path without `/api/`, and the query. Undefined: there is no such thing. */
  answer(path: string, query: URLSearchParams): Promise<unknown>;
}

/**
 * Serves one page, the JSON that it asks for, the news that it listens to (server-sent events, HTML Living Standard 9.2),
 * and metrics for Prometheus. Only reads. Who may ask: on loopback whoever names this host in `Host` (another name is a page of a stranger whose
 * DNS was turned to us, "DNS rebinding"), and no page of another origin; elsewhere whoever has the token, as a cookie that
 * the address with `?token=` sets, or as `Authorization: Bearer`.
 */
export class PageServer {
  readonly #options: PageServerOptions;
  readonly #listeners = new Set<ServerResponse>();
  readonly #server: Server;

  private constructor(options: PageServerOptions) {
    this.#options = options;
    this.#server = createServer((request, response) => void this.#serve(request, response));
    this.#server.maxConnections = MOST_CONNECTIONS;
  }

  static start(options: PageServerOptions): Promise<Result<PageServer, string>> {
    const one = new PageServer(options);
    return new Promise((resolve) => {
      one.#server.once("error", (error: NodeJS.ErrnoException) => resolve(err(error.code === "EADDRINUSE" ? `port ${options.port} is in use; --listen names another` : error.message)));
      one.#server.listen(options.port, options.host, () => resolve(ok(one)));
    });
  }

  /** Without the token. */
  get url(): string {
    const { address, port } = this.#server.address() as AddressInfo;
    return `http://${address.includes(":") ? `[${address}]` : address}:${port}/`;
  }

  /** To every page that is open. One that reads too slowly misses news: the next tells all again. */
  publish(value: unknown): void {
    const text = `data: ${JSON.stringify(value)}\n\n`;
    for (const listener of this.#listeners) if (!listener.writableNeedDrain) listener.write(text);
  }

  get listeners(): number {
    return this.#listeners.size;
  }

  async close(): Promise<void> {
    for (const listener of this.#listeners) listener.end();
    const closed = new Promise((done) => this.#server.close(done));
    this.#server.closeAllConnections();
    await closed;
  }

  async #serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    response.setHeader("x-content-type-options", "nosniff");
    response.setHeader("cache-control", "no-store");
    response.setHeader("referrer-policy", "no-referrer");
    response.setHeader("x-frame-options", "DENY");
    const refused = this.#refuses(request);
    if (refused) return say(response, refused.status, refused.why);
    const url = urlOf(request);
    if (!url) return say(response, 400, "this is no address");
    if (this.#options.token !== undefined && url.searchParams.get("token") !== null) {
      // Out of the address, where histories and proxies' logs would keep it.
      response.setHeader("set-cookie", `${COOKIE}=${this.#options.token}; HttpOnly; SameSite=Strict; Path=/`);
      response.writeHead(303, { location: "/" }).end();
      return;
    }
    if (url.pathname === "/metrics" && this.#options.metrics) return this.#sayMetrics(this.#options.metrics, response);
    if (url.pathname === "/" && this.#options.page === undefined) return say(response, 404, "the metrics are at /metrics");
    if (url.pathname === "/") {
      response.setHeader("content-type", "text/html; charset=utf-8");
      response.end(request.method === "HEAD" ? "" : this.#options.page);
      return;
    }
    if (url.pathname === "/events") return this.#listen(request, response);
    if (!url.pathname.startsWith("/api/")) return say(response, 404, "there is no such page");
    try {
      const value = await this.#options.answer(url.pathname.slice("/api/".length), url.searchParams);
      if (value === undefined) return say(response, 404, "there is no such thing");
      response.setHeader("content-type", "application/json; charset=utf-8");
      response.end(JSON.stringify(value));
    } catch (error) {
      say(response, 500, error instanceof Error ? error.message : String(error));
    }
  }

  async #sayMetrics(metrics: () => Promise<Result<MetricsText, string>>, response: ServerResponse): Promise<void> {
    const made = await metrics().catch((error: unknown) => err(error instanceof Error ? error.message : String(error)));
    if (!made.ok) return say(response, 501, made.error);
    response.setHeader("content-type", made.value.contentType);
    response.end(made.value.text);
  }

  #refuses(request: IncomingMessage): { readonly status: number; readonly why: string } | undefined {
    if (request.method !== "GET" && request.method !== "HEAD") return { status: 405, why: "this only reads" };
    const { host = "", origin, "sec-fetch-site": site } = request.headers;
    const { token } = this.#options;
    if (token === undefined && !this.#ownNames().has(host.toLowerCase())) return { status: 421, why: "the Host header names another host: open the address that Unpark printed" };
    const foreign = (origin !== undefined && origin.toLowerCase() !== `http://${host.toLowerCase()}`) || (site === "cross-site" && request.headers["sec-fetch-mode"] !== "navigate");
    if (foreign) return { status: 403, why: "a page of another origin asks" };
    if (token !== undefined && !given(request).some((one) => equal(one, token))) return { status: 401, why: "the token is missing: open the address with ?token= that Unpark printed, or send it as 'Authorization: Bearer'" };
    return undefined;
  }

  #ownNames(): ReadonlySet<string> {
    const { port } = this.#server.address() as AddressInfo;
    const names = ["localhost", "127.0.0.1", "[::1]", this.#options.host.includes(":") ? `[${this.#options.host}]` : this.#options.host];
    return new Set(names.flatMap((name) => (port === 80 ? [name, `${name}:80`] : [`${name}:${port}`])));
  }

  #listen(request: IncomingMessage, response: ServerResponse): void {
    if (this.#listeners.size >= MOST_LISTENERS) return say(response, 503, `${MOST_LISTENERS} pages are open already`);
    response.writeHead(200, { "content-type": "text/event-stream" });
    response.write("retry: 2000\n\n");
    this.#listeners.add(response);
    request.on("close", () => this.#listeners.delete(response));
  }
}

const COOKIE = "unpark-token";
const MOST_CONNECTIONS = 128;
const MOST_LISTENERS = 32;

function say(response: ServerResponse, status: number, text: string): void {
  response.setHeader("content-type", "text/plain; charset=utf-8");
  response.writeHead(status).end(`${text}\n`);
}

function urlOf(request: IncomingMessage): URL | undefined {
  const path = request.url ?? "/";
  return URL.canParse(path, "http://unpark.invalid") ? new URL(path, "http://unpark.invalid") : undefined;
}

/** Every token that a request brings. */
function given(request: IncomingMessage): readonly string[] {
  const { authorization = "", cookie = "" } = request.headers;
  const cookies = cookie.split(";").map((one) => one.trim()).filter((one) => one.startsWith(`${COOKIE}=`)).map((one) => one.slice(COOKIE.length + 1));
  const bearer = /^Bearer (\S+)$/i.exec(authorization)?.[1];
  const asked = urlOf(request)?.searchParams.get("token");
  return [...cookies, ...(bearer === undefined ? [] : [bearer]), ...(asked === null || asked === undefined ? [] : [asked])];
}

/** In a time that does not tell how much of it is right. */
const equal = (a: string, b: string): boolean => timingSafeEqual(digest(a), digest(b));
const digest = (text: string): Buffer => createHash("sha256").update(text).digest();
