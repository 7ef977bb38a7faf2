import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import { createServer as createTlsServer } from "node:https";
import type { AddressInfo } from "node:net";
import type { KubernetesObject } from "../kubernetes/object.js";

/** What of Kubernetes' API a discovery asks for, as the documented protocol has it: pages, selectors, watches, the pods' proxy. */
export interface FakeKubernetes extends AsyncDisposable {
  readonly url: string;
  /** `METHOD path?query` of each request that was let in. */
  readonly asked: readonly string[];
  /** Watches that are open. */
  readonly watches: number;
  /** Requests without the token. */
  readonly refused: number;
  /** Adds or changes a pod, and tells all watches. */
  put(pod: KubernetesObject): void;
  remove(name: string): void;
  /** Ends all watches: after this a watch from an old version is answered with 410, in the stream. */
  compact(): void;
  bookmark(): void;
  readonly deployments: Map<string, KubernetesObject>;
}

interface FakeOptions {
  readonly token: string;
  /** Objects of one page, whatever is asked for. */
  readonly page?: number;
  readonly tls?: { readonly cert: string; readonly key: string };
  /** What a pod answers at its proxied port. */
  answer?(pod: string, port: string, path: string): string | undefined;
}

export const podOf = (name: string, labels: Readonly<Record<string, string>>, more: { phase?: string; deleted?: boolean; ports?: readonly { name?: string; containerPort: number }[]; ip?: string } = {}): KubernetesObject => ({
  metadata: { name, namespace: "shop", uid: `uid-${name}`, labels, ...(more.deleted ? { deletionTimestamp: "2026-01-01T00:00:00Z" } : {}) },
  spec: { nodeName: "node-1", containers: [{ name: "app", ports: more.ports ?? [{ name: "pprof", containerPort: 6060 }] }] },
  status: { phase: more.phase ?? "Running", podIP: more.ip ?? "127.0.0.1" },
});

export async function fakeKubernetes(options: FakeOptions): Promise<FakeKubernetes> {
  const pods = new Map<string, KubernetesObject>();
  const deployments = new Map<string, KubernetesObject>();
  const watches = new Set<{ readonly response: ServerResponse; readonly query: URLSearchParams }>();
  const asked: string[] = [];
  let refused = 0;
  let version = 100;
  let oldest = 0;

  const takes = (query: URLSearchParams, { metadata }: KubernetesObject): boolean => {
    const field = query.get("fieldSelector");
    if (field !== null && field !== `metadata.name=${metadata!.name!}`) return false;
    const labels = query.get("labelSelector");
    return labels === null || labels.split(",").every((one) => metadata!.labels?.[one.split("=")[0]!] === one.split("=")[1]);
  };
  const tell = (type: string, object: KubernetesObject): void => {
    version++;
    const stamped = { ...object, metadata: { ...object.metadata, resourceVersion: String(version) } };
    for (const { response, query } of watches) if (type === "BOOKMARK" || takes(query, object)) response.write(`${JSON.stringify({ type, object: stamped })}\n`);
  };
  const json = (response: ServerResponse, value: unknown, status = 200): void => void response.writeHead(status, { "content-type": "application/json" }).end(JSON.stringify(value));

  function serve(request: IncomingMessage, response: ServerResponse): void {
    const url = new URL(request.url!, "http://x");
    if (request.headers.authorization !== `Bearer ${options.token}`) {
      refused++;
      return json(response, { kind: "Status", code: 401, message: `no ${String(request.headers.authorization)}` }, 401);
    }
    asked.push(`${request.method} ${request.url}`);
    const workload = /^\/apis\/apps\/v1\/namespaces\/shop\/(deployments|statefulsets|daemonsets)\/([^/]+)$/.exec(url.pathname);
    if (workload) {
      const one = workload[1] === "deployments" ? deployments.get(workload[2]!) : undefined;
      return one ? json(response, one) : json(response, { kind: "Status", code: 404 }, 404);
    }
    const proxied = /^\/api\/v1\/namespaces\/shop\/pods\/([^/:]+):(\d+)\/proxy(\/.*)$/.exec(url.pathname);
    if (proxied) {
      const answer = options.answer?.(proxied[1]!, proxied[2]!, proxied[3]!);
      return answer === undefined ? json(response, { kind: "Status", code: 503 }, 503) : void response.end(answer);
    }
    if (url.pathname !== "/api/v1/namespaces/shop/pods") return json(response, { kind: "Status", code: 404 }, 404);
    if (url.searchParams.get("watch") === "1") {
      response.writeHead(200, { "content-type": "application/json" });
      if (Number(url.searchParams.get("resourceVersion")) < oldest) return void response.end(`${JSON.stringify({ type: "ERROR", object: { kind: "Status", code: 410, reason: "Expired" } })}\n`);
      response.flushHeaders();
      const one = { response, query: url.searchParams };
      watches.add(one);
      return void response.on("close", () => watches.delete(one));
    }
    const all = [...pods.values()].filter((pod) => takes(url.searchParams, pod));
    const from = Number(url.searchParams.get("continue") ?? "0");
    const to = from + Math.min(options.page ?? 500, Number(url.searchParams.get("limit")));
    return json(response, { kind: "PodList", metadata: { resourceVersion: String(version), ...(to < all.length ? { continue: String(to) } : {}) }, items: all.slice(from, to) });
  }

  const server = (options.tls ? createTlsServer(options.tls, serve) : createServer(serve)).listen(0, "127.0.0.1");
  await new Promise((done) => server.once("listening", done));
  return {
    url: `${options.tls ? "https" : "http"}://127.0.0.1:${(server.address() as AddressInfo).port}`, asked, deployments,
    get watches() {
      return watches.size;
    },
    get refused() {
      return refused;
    },
    put: (pod) => {
      const known = pods.has(pod.metadata!.name!);
      pods.set(pod.metadata!.name!, pod);
      tell(known ? "MODIFIED" : "ADDED", pod);
    },
    remove: (name) => {
      const pod = pods.get(name)!;
      pods.delete(name);
      tell("DELETED", pod);
    },
    compact: () => {
      oldest = ++version;
      for (const { response } of watches) response.end();
      watches.clear();
    },
    bookmark: () => tell("BOOKMARK", { metadata: {} }),
    [Symbol.asyncDispose]: async () => {
      server.closeAllConnections();
      await new Promise((done) => server.close(done));
    },
  };
}
