import { CollectError, type CollectOptions } from "./collected.js";
import { fetchProfile } from "./http.js";
import type { Source } from "./source.js";

type Service = Extract<Source, { kind: "pyroscope" }>;

interface Series {
  readonly labels?: readonly { readonly name: string; readonly value: string }[];
  readonly points?: readonly { readonly timestamp: string }[];
}

const HOUR = 3_600_000;
const SECOND = 1000;

/**
 * The last goroutine profile that a Pyroscope has of one service within an hour, by its querier's public API (Connect: JSON, and protobuf for what is a
 * profile; api/querier/v1/querier.proto of grafana/pyroscope). A merge adds up all profiles of its time, so when the last one came is asked before, and
 * what several processes of a service have is not added up: they came at different moments.
 */
export async function* lastProfile(source: Service, name: string, options: CollectOptions): AsyncGenerator<Uint8Array> {
  const end = source.at ?? Number(options.now() / 1_000_000n);
  const range = { start: end - HOUR, end };
  const selector = `{${[["service_name", source.service] as const, ...source.labels].map(([label, value]) => `${label}=${JSON.stringify(value)}`).join(", ")}}`;
  const asked = <T>(method: string, question: object): Promise<T> => answer<T>(source, name, options, method, { ...question, ...range });
  const { profileTypes = [] } = await asked<{ profileTypes?: readonly { readonly ID: string; readonly sampleType: string }[] }>("ProfileTypes", {});
  const { names = [] } = await asked<{ names?: readonly string[] }>("LabelNames", { matchers: [selector] });
  for (const { ID } of profileTypes.filter(({ sampleType }) => sampleType === options.profile)) {
    const { series = [] } = await asked<{ series?: readonly Series[] }>("SelectSeries", { profileTypeID: ID, labelSelector: selector, groupBy: names.filter((label) => !label.startsWith("__")), step: 1 });
    if (series.length > 1) throw new CollectError(`${name}: these are ${series.length} series${difference(series)}; one label more chooses one of them`);
    const last = Number(series[0]?.points?.at(-1)?.timestamp);
    if (!(last > 0)) continue;
    // A point stands for the second that ends there.
    yield* fetchProfile(web(source, "SelectMergeProfile"), options, name, { type: "application/proto", body: question(ID, selector, last - SECOND + 1, last) });
    // Of a field that is there twice the later one holds: it is of a moment, though the time that was asked for has a length.
    yield Uint8Array.from([...field(9, BigInt(last) * 1_000_000n), ...field(10, 0n)]);
    return;
  }
  throw new CollectError(`${name}: it has no ${options.profile} profile of ${selector} in the hour before ${new Date(end).toISOString().slice(0, 19)}Z`);
}

/** `, which differ in pod (a, b, c)`: the label that tells most of them apart. */
function difference(series: readonly Series[]): string {
  const values = new Map<string, Set<string>>();
  for (const { labels = [] } of series) for (const { name, value } of labels) values.set(name, (values.get(name) ?? new Set()).add(value));
  const [most] = [...values].sort((a, b) => b[1].size - a[1].size);
  if (most === undefined || most[1].size < 2) return "";
  const some = [...most[1]].sort().slice(0, 5);
  return `, which differ in ${most[0]} (${some.join(", ")}${most[1].size > some.length ? ", …" : ""})`;
}

const web = ({ server }: Service, method: string) => ({ kind: "url" as const, url: `${server}querier.v1.QuerierService/${method}`, exact: true });

async function answer<T>(source: Service, name: string, options: CollectOptions, method: string, asked: object): Promise<T> {
  const chunks: Uint8Array[] = [];
  let size = 0;
  for await (const chunk of fetchProfile(web(source, method), options, name, { type: "application/json", body: Buffer.from(JSON.stringify(asked)) })) {
    chunks.push(chunk);
    if ((size += chunk.length) > options.maxBytes) throw new CollectError(`${name}: its answer is larger than ${options.maxBytes} bytes; --max-size allows more`);
  }
  try {
    return JSON.parse(Buffer.concat(chunks).toString()) as T;
  } catch {
    throw new CollectError(`${name}: its answer is no JSON: is this a Pyroscope?`);
  }
}

/** SelectMergeProfileRequest. */
function question(type: string, selector: string, start: number, end: number): Uint8Array {
  const text = (number: number, value: string): readonly number[] => {
    const bytes = Buffer.from(value);
    return [(number << 3) | 2, ...varint(BigInt(bytes.length)), ...bytes];
  };
  return Uint8Array.from([...text(1, type), ...text(2, selector), ...field(3, BigInt(start)), ...field(4, BigInt(end))]);
}

const field = (number: number, value: bigint): readonly number[] => [number << 3, ...varint(value)];

function varint(value: bigint): readonly number[] {
  const bytes: number[] = [];
  for (let rest = value; ; rest >>= 7n) {
    if (rest < 128n) return [...bytes, Number(rest)];
    bytes.push(Number(rest & 127n) | 128);
  }
}
