import { err, ok, type Result } from "../../base/result.js";
import { errorWords, get, getText, statusWords } from "../request.js";
import type { Cluster } from "./kubeconfig.js";
import { objectOf, type KubernetesObject } from "./object.js";

interface ObjectList {
  readonly items: readonly KubernetesObject[];
  /** From here on a watch says what changes. */
  readonly version: string;
}

/** One page of a long list. */
const PAGE = 500;
/** More pods than a cluster may have (kubernetes.io/docs, Considerations for large clusters: 150,000): a list without an end. */
export const MOST_OBJECTS = 200_000;
/** etcd takes no larger object (1.5 MiB). */
const MOST_LINE = 4 << 20;

export class KubernetesApi {
  readonly #cluster: Cluster;
  readonly #timeoutMs: number;

  constructor(cluster: Cluster, timeoutMs: number) {
    this.#cluster = cluster;
    this.#timeoutMs = timeoutMs;
  }

  /** One object; undefined: there is none. */
  async object(path: string, signal: AbortSignal): Promise<Result<KubernetesObject | undefined, string>> {
    const read = await this.#json(path, {}, signal);
    if (!read.ok) return read.error === NOT_FOUND ? ok(undefined) : read;
    return ok(objectOf(read.value));
  }

  /** All pages (kubernetes.io/docs, Retrieving large results sets in chunks). */
  async list(path: string, query: Readonly<Record<string, string>>, signal: AbortSignal): Promise<Result<ObjectList, string>> {
    const items: KubernetesObject[] = [];
    for (let next = "", version = ""; ; ) {
      const read = await this.#json(path, { ...query, limit: String(PAGE), ...(next === "" ? {} : { continue: next }) }, signal);
      if (!read.ok) return read;
      const page = pageOf(read.value);
      if (page === undefined) return err("the answer is no list: is this the API of Kubernetes?");
      for (const one of page.items) items.push(objectOf(one));
      version = page.version ?? version;
      if (page.next === "") return ok({ items, version });
      // A page without objects that names a next one would go on for ever.
      if (page.items.length === 0 || items.length > MOST_OBJECTS) return err(`its list has no end (${items.length} objects so far)`);
      next = page.next;
    }
  }

  /**
   * What changes from a version on (kubernetes.io/docs, Efficient detection of changes). Ends when the server closes the
   * stream, as it does after some minutes; answers the last version that is known, undefined: list again (410, or an error).
   */
  async watch(path: string, query: Readonly<Record<string, string>>, from: string, signal: AbortSignal, onChange: (type: "ADDED" | "MODIFIED" | "DELETED", object: KubernetesObject) => void): Promise<Result<string | undefined, string>> {
    const access = await this.#cluster.access();
    if (!access.ok) return access;
    let version = from;
    try {
      const response = await get(this.#url(path, { ...query, watch: "1", allowWatchBookmarks: "true", resourceVersion: from, timeoutSeconds: "300" }), access.value, signal);
      if (response.statusCode === 410) return ok(undefined);
      if (response.statusCode !== 200) {
        response.destroy();
        return err(statusWords(response.statusCode ?? 0));
      }
      try {
        for await (const line of linesOf(response)) {
          const { type, object } = changeOf(line);
          if (type === "ERROR") return ok(undefined);
          version = object.metadata?.resourceVersion ?? version;
          if (type === "ADDED" || type === "MODIFIED" || type === "DELETED") onChange(type, object);
        }
        return ok(version);
      } finally {
        response.destroy();
      }
    } catch (error) {
      if (signal.aborted) return ok(version);
      return err(error instanceof SyntaxError || error instanceof RangeError ? "the stream of changes holds what is no JSON of Kubernetes" : errorWords(error));
    }
  }

  async #json(path: string, query: Readonly<Record<string, string>>, signal: AbortSignal): Promise<Result<unknown, string>> {
    const access = await this.#cluster.access();
    if (!access.ok) return access;
    const text = await getText(this.#url(path, query), access.value, this.#timeoutMs, signal);
    if (!text.ok) return text;
    try {
      return ok(JSON.parse(text.value));
    } catch {
      return err("the answer is no JSON: is this the API of Kubernetes?");
    }
  }

  #url(path: string, query: Readonly<Record<string, string>>): URL {
    const url = new URL(`${this.#cluster.server}${path}`);
    for (const [name, value] of Object.entries(query)) url.searchParams.set(name, value);
    return url;
  }
}

function pageOf(value: unknown): { readonly items: readonly unknown[]; readonly version: string | undefined; readonly next: string } | undefined {
  const { items, metadata } = (value ?? {}) as { readonly items?: unknown; readonly metadata?: { readonly continue?: unknown; readonly resourceVersion?: unknown } | null };
  const { continue: next, resourceVersion: version } = metadata ?? {};
  return Array.isArray(items) ? { items: items as readonly unknown[], version: typeof version === "string" ? version : undefined, next: typeof next === "string" ? next : "" } : undefined;
}

function changeOf(line: string): { readonly type: unknown; readonly object: KubernetesObject } {
  const { type, object } = (JSON.parse(line) ?? {}) as { readonly type?: unknown; readonly object?: unknown };
  return { type, object: objectOf(object) };
}

/** Lines of a bounded length, for a server may send one without an end. */
async function* linesOf(chunks: AsyncIterable<unknown>): AsyncGenerator<string> {
  const decoder = new TextDecoder();
  let rest = "";
  for await (const chunk of chunks) {
    const pieces = (rest + decoder.decode(chunk as Uint8Array, { stream: true })).split("\n");
    rest = pieces.pop()!;
    if (rest.length > MOST_LINE) throw new RangeError("a line without an end");
    yield* pieces.filter((piece) => piece.trim() !== "");
  }
  if (rest.trim() !== "") yield rest;
}

const NOT_FOUND = statusWords(404);
