import { createInterface } from "node:readline";
import { err, ok, type Result } from "../../base/result.js";
import { errorWords, get, getText, statusWords } from "../request.js";
import type { Cluster } from "./kubeconfig.js";

/** What is used of an object of the API (kubernetes.io/docs/reference/kubernetes-api). */
export interface KubernetesObject {
  readonly metadata?: { readonly name?: string; readonly namespace?: string; readonly uid?: string; readonly deletionTimestamp?: string; readonly labels?: Readonly<Record<string, string>> };
  readonly spec?: {
    readonly selector?: { readonly matchLabels?: Readonly<Record<string, string>>; readonly matchExpressions?: readonly { readonly key: string; readonly operator: string; readonly values?: readonly string[] }[] };
    readonly containers?: readonly { readonly name?: string; readonly ports?: readonly { readonly name?: string; readonly containerPort?: number; readonly protocol?: string }[] }[];
    readonly nodeName?: string;
  };
  readonly status?: { readonly phase?: string; readonly podIP?: string };
}

export interface ObjectList {
  readonly items: readonly KubernetesObject[];
  /** From here on a watch says what changes. */
  readonly version: string;
}

/** One page of a long list. */
const PAGE = 500;

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
    return ok(read.value as KubernetesObject);
  }

  /** All pages (kubernetes.io/docs, Retrieving large results sets in chunks). */
  async list(path: string, query: Readonly<Record<string, string>>, signal: AbortSignal): Promise<Result<ObjectList, string>> {
    const items: KubernetesObject[] = [];
    for (let next = "", version = ""; ; ) {
      const read = await this.#json(path, { ...query, limit: String(PAGE), ...(next === "" ? {} : { continue: next }) }, signal);
      if (!read.ok) return read;
      const { items: page, metadata } = read.value as { items?: readonly KubernetesObject[]; metadata?: { continue?: string; resourceVersion?: string } };
      if (!Array.isArray(page)) return err("the answer is no list: is this the API of Kubernetes?");
      items.push(...(page as readonly KubernetesObject[]));
      version = metadata?.resourceVersion ?? version;
      next = metadata?.continue ?? "";
      if (next === "") return ok({ items, version });
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
      for await (const line of createInterface({ input: response, crlfDelay: Infinity })) {
        const { type, object } = JSON.parse(line) as { type: string; object: KubernetesObject & { metadata?: { resourceVersion?: string } } };
        if (type === "ERROR") {
          response.destroy();
          return ok(undefined);
        }
        version = object.metadata?.resourceVersion ?? version;
        if (type === "ADDED" || type === "MODIFIED" || type === "DELETED") onChange(type, object);
      }
      return ok(version);
    } catch (error) {
      return signal.aborted ? ok(version) : err(error instanceof SyntaxError ? "the stream of changes holds what is no JSON" : errorWords(error));
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

const NOT_FOUND = statusWords(404);
