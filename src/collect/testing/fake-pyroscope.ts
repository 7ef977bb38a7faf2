import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { buffer } from "node:stream/consumers";
import { gunzipSync } from "node:zlib";

interface Kept {
  readonly labels: Readonly<Record<string, string>>;
  readonly at: number;
  readonly profile: Buffer;
}

/** What a request says of itself. */
export interface Asked {
  readonly path: string;
  readonly headers: IncomingMessage["headers"];
}

/**
 * A Pyroscope as its public API is documented, and as version 2 of it answers (test/services/pyroscope.test.ts says how that was seen): takes pprof at /ingest; the querier's
 * ProfileTypes, LabelNames and SelectSeries in JSON, SelectMergeProfile in protobuf. It merges nothing: two profiles in one answer are an error here.
 */
export class FakePyroscope {
  readonly kept: Kept[] = [];
  readonly asked: Asked[] = [];
  readonly #server = createServer((request, response) => void this.#answer(request, response));

  async start(): Promise<string> {
    await new Promise<void>((resolve) => void this.#server.listen(0, "127.0.0.1", resolve));
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  close(): void {
    this.#server.close();
    this.#server.closeAllConnections();
  }

  async #answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const url = new URL(request.url ?? "/", "http://x");
    this.asked.push({ path: url.pathname, headers: request.headers });
    const body = await buffer(request);
    if (url.pathname === "/ingest" && url.searchParams.get("format") === "pprof") return this.#ingest(url.searchParams, body, response);
    const method = /^\/querier\.v1\.QuerierService\/(\w+)$/.exec(url.pathname)?.[1];
    if (method === "SelectMergeProfile" && request.headers["content-type"] === "application/proto") return this.#merged(body, response);
    if (method === undefined || request.headers["content-type"] !== "application/json") return void response.writeHead(404).end("404 page not found\n");
    const asked = JSON.parse(body.toString()) as Question;
    const found = this.kept.filter(({ labels, at }) => at >= asked.start && at <= asked.end && matches(labels, asked.labelSelector ?? asked.matchers?.[0] ?? "{}"));
    const names = [...new Set(found.flatMap(({ labels }) => ["__profile_type__", ...Object.keys(labels)]))];
    const answers: Record<string, unknown> = {
      ProfileTypes: found.length === 0 ? {} : { profileTypes: [{ ID: TYPE, name: "goroutines", sampleType: "goroutine", sampleUnit: "count", periodType: "goroutine", periodUnit: "count" }] },
      LabelNames: names.length === 0 ? {} : { names },
      SelectSeries: seriesOf(found, asked),
    };
    response.setHeader("content-type", "application/json");
    response.end(JSON.stringify(answers[method]));
  }

  #ingest(query: URLSearchParams, body: Buffer, response: ServerResponse): void {
    const [, service, pairs] = /^([^{]+)\{(.*)\}$/.exec(query.get("name") ?? "") ?? [];
    if (service === undefined) return void response.writeHead(400).end();
    const labels = Object.fromEntries((pairs ?? "").split(",").filter((pair) => pair !== "").map((pair) => pair.split("=") as [string, string]));
    this.kept.push({ labels: { service_name: service, ...labels }, at: Number(query.get("from")) * 1000, profile: gunzipSync(body) });
    response.end();
  }

  #merged(body: Buffer, response: ServerResponse): void {
    const { texts, numbers } = decoded(body);
    const [start, end] = [numbers.get(3)!, numbers.get(4)!];
    const found = this.kept.filter(({ labels, at }) => at >= start && at <= end && texts.get(1) === TYPE && matches(labels, texts.get(2)!));
    if (found.length !== 1) return void response.writeHead(500).end(`${found.length} profiles`);
    response.setHeader("content-type", "application/proto");
    // As the querier says it: the time that was asked for.
    response.end(Buffer.concat([found[0]!.profile, Buffer.from([9 << 3, ...leb(BigInt(end) * 1_000_000n), 10 << 3, ...leb(BigInt(end - start) * 1_000_000n)])]));
  }
}

interface Question {
  readonly start: number;
  readonly end: number;
  readonly labelSelector?: string;
  readonly matchers?: readonly string[];
  readonly profileTypeID?: string;
  readonly groupBy?: readonly string[];
  readonly step?: number;
}

/** As /ingest calls it; what Grafana Alloy pushes is called `goroutine:…`. */
const TYPE = "goroutines:goroutine:count:goroutine:count";

const matches = (labels: Readonly<Record<string, string>>, selector: string): boolean =>
  [...selector.matchAll(/(\w+)=("(?:[^"\\]|\\.)*")/g)].every(([, name, value]) => labels[name!] === JSON.parse(value!));

/** A point stands for the step that ends there; 64 bits are texts. */
function seriesOf(found: readonly Kept[], { start, step = 1, groupBy = [], profileTypeID }: Question): unknown {
  if (found.length === 0 || profileTypeID !== TYPE) return {};
  const series = new Map<string, { labels: unknown; points: { value: number; timestamp: string }[] }>();
  for (const { labels, at } of [...found].sort((a, b) => a.at - b.at)) {
    const own = groupBy.filter((name) => labels[name] !== undefined).map((name) => ({ name, value: labels[name] }));
    const key = JSON.stringify(own);
    if (!series.has(key)) series.set(key, { labels: own, points: [] });
    series.get(key)!.points.push({ value: 1, timestamp: String(start + Math.ceil((at - start) / (step * 1000)) * step * 1000) });
  }
  return { series: [...series.values()] };
}

function decoded(body: Buffer): { readonly texts: ReadonlyMap<number, string>; readonly numbers: ReadonlyMap<number, number> } {
  const texts = new Map<number, string>();
  const numbers = new Map<number, number>();
  let at = 0;
  const next = (): number => {
    let value = 0n;
    for (let shift = 0n; ; shift += 7n) {
      const byte = body[at++]!;
      value |= BigInt(byte & 127) << shift;
      if (byte < 128) return Number(value);
    }
  };
  while (at < body.length) {
    const key = next();
    if ((key & 7) === 0) numbers.set(key >> 3, next());
    else {
      const length = next();
      texts.set(key >> 3, body.toString("utf8", at, at + length));
      at += length;
    }
  }
  return { texts, numbers };
}

function leb(value: bigint): readonly number[] {
  const bytes: number[] = [];
  let rest = value;
  for (; rest >= 128n; rest >>= 7n) bytes.push(Number(rest & 127n) | 128);
  return [...bytes, Number(rest)];
}
