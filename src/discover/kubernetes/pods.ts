import { isIP } from "node:net";
import { optional } from "../../base/optional.js";
import { err, ok, type Result } from "../../base/result.js";
import { spellOut } from "../../base/spell-out.js";
import { MOST_TARGETS, TOO_MANY, type RequestAccess, type Discovered, type Discovery, type DiscoveryOptions, type FoundTargets } from "../discovered.js";
import { pause } from "../refresh.js";
import { decoded } from "../request.js";
import { KubernetesApi, MOST_OBJECTS } from "./api.js";
import { type Cluster, findCluster } from "./kubeconfig.js";
import type { KubernetesObject } from "./object.js";

/** `k8s://NAMESPACE/NAME`, as a person writes it. */
interface PodQuery {
  readonly shown: string;
  readonly namespace: string | undefined;
  /** A deployment, stateful set or daemon set; undefined: all pods that the selector takes. */
  readonly workload: string | undefined;
  readonly pod: string | undefined;
  readonly selector: string | undefined;
  /** A number or a container port's name; undefined: one that is called as profiles' ports are. */
  readonly port: string | undefined;
  readonly scheme: "http" | "https";
  /** Below which `/debug/pprof/` lies, or the profile itself. */
  readonly path: string;
  /** By the API's proxy, which reaches every pod from anywhere, or by the pod's own address. */
  readonly via: "proxy" | "pod" | undefined;
  readonly context: string | undefined;
}

/** RFC 1123's subdomain, as names of objects are. */
const NAME = /^[a-z0-9]([-a-z0-9.]*[a-z0-9])?$/;
const PARAMETERS = ["port", "selector", "context", "via", "path", "scheme"];

/** Behind the namespace: nothing, a workload, or `pod` and its name. */
const isPath = (rest: readonly string[]): boolean => rest.length <= 1 || (rest.length === 2 && rest[0] === "pod");

function parseQuery(text: string): Result<PodQuery, string> {
  const [, address = "", query = ""] = /^k8s:\/\/([^?#]*)(?:\?([^#]*))?$/i.exec(text) ?? [];
  const [namespace = "", ...rest] = address.split("/").map(decoded).filter((one, i) => one !== "" || i === 0);
  const given = new URLSearchParams(query);
  const names = [namespace, ...rest];
  const parameter = (name: string): string | undefined => given.get(name) ?? undefined;
  const unknown = [...given.keys()].find((name) => !PARAMETERS.includes(name));
  if (unknown !== undefined) return err(`k8s: there is no parameter '${unknown}': expected ${PARAMETERS.join(", ")}`);
  if (!/^k8s:\/\//i.test(text) || !isPath(rest) || names.some((one) => one !== "" && !NAME.test(one))) return err(`'${text.slice(0, 200)}' names no pods: expected for instance k8s://shop/cart?port=6060, k8s://shop/pod/cart-0 or k8s://shop?selector=app%3Dcart`);
  const { via, scheme = "http", path = "/" } = { via: parameter("via"), scheme: parameter("scheme"), path: parameter("path") };
  if (via !== undefined && via !== "proxy" && via !== "pod") return err("k8s: 'via' is 'proxy' or 'pod'");
  if (scheme !== "http" && scheme !== "https") return err("k8s: 'scheme' is 'http' or 'https'");
  const [workload, pod] = rest.length === 2 ? [undefined, rest[1]] : rest;
  return ok({
    shown: `k8s://${names.join("/")}`, namespace: namespace === "" ? undefined : namespace, workload, pod,
    selector: parameter("selector"), port: parameter("port"), scheme, path: path.startsWith("/") ? path : `/${path}`, via, context: parameter("context"),
  });
}

/** Pods that run, by a workload's name or by labels; followed by list and watch. */
export function kubernetesDiscovery(text: string, options: DiscoveryOptions): Result<Discovery, string> {
  const query = parseQuery(text);
  if (!query.ok) return query;
  const { timeoutMs } = options;
  const cluster = findCluster({ env: options.env, timeoutMs, ...optional({ context: query.value.context }) });
  if (!cluster.ok) return err(`${query.value.shown}: ${cluster.error}`);
  const pods = new Pods(query.value, cluster.value, timeoutMs);
  return ok({ name: query.value.shown, once: (signal) => pods.once(signal), follow: (signal, onFound) => pods.follow(signal, onFound, options.refreshMs ?? 5000) });
}

class Pods {
  readonly #query: PodQuery;
  readonly #cluster: Cluster;
  readonly #api: KubernetesApi;
  readonly #namespace: string;
  readonly #path: string;

  constructor(query: PodQuery, cluster: Cluster, timeoutMs: number) {
    this.#query = query;
    this.#cluster = cluster;
    this.#api = new KubernetesApi(cluster, timeoutMs);
    this.#namespace = query.namespace ?? cluster.namespace ?? "default";
    this.#path = `/api/v1/namespaces/${this.#namespace}/pods`;
  }

  async once(signal: AbortSignal): Promise<FoundTargets> {
    const filter = await this.#filter(signal);
    if (!filter.ok) return this.#failed(filter.error);
    const list = await this.#api.list(this.#path, filter.value, signal);
    return list.ok ? this.#targets(list.value.items) : this.#failed(list.error);
  }

  async follow(signal: AbortSignal, onFound: (found: FoundTargets) => void, pauseMs: number): Promise<void> {
    while (!signal.aborted) {
      const error = await this.#listAndWatch(signal, onFound);
      if (signal.aborted) return;
      if (error !== undefined) onFound(this.#failed(error));
      await pause(pauseMs, signal);
    }
  }

  /** Until it must be listed again; answers why, where that is an error. */
  async #listAndWatch(signal: AbortSignal, onFound: (found: FoundTargets) => void): Promise<string | undefined> {
    const filter = await this.#filter(signal);
    if (!filter.ok) return filter.error;
    const list = await this.#api.list(this.#path, filter.value, signal);
    if (!list.ok) return list.error;
    const pods = new Map(list.value.items.map((pod) => [keyOf(pod), pod]));
    const tell = async (): Promise<void> => onFound(await this.#targets([...pods.values()]));
    await tell();
    for (let version = list.value.version; !signal.aborted; ) {
      let told: Promise<void> = Promise.resolve();
      let waits = false;
      const next = await this.#api.watch(this.#path, filter.value, version, signal, (type, pod) => {
        if (type === "DELETED") pods.delete(keyOf(pod));
        else if (pods.size < MOST_OBJECTS) pods.set(keyOf(pod), pod);
        // A thousand changes at once are one piece of news.
        if (waits) return;
        waits = true;
        told = told.then(() => {
          waits = false;
          return tell();
        });
      });
      await told;
      if (!next.ok) return next.error;
      if (next.value === undefined) return undefined;
      version = next.value;
    }
    return undefined;
  }

  #failed = (error: string): FoundTargets => err(`${this.#query.shown}: ${error}`);

  /** The list's parameters: by the workload's own selector, by labels, or by name. */
  async #filter(signal: AbortSignal): Promise<Result<Readonly<Record<string, string>>, string>> {
    const { workload, pod, selector } = this.#query;
    if (pod !== undefined) return ok({ fieldSelector: `metadata.name=${pod}` });
    if (workload === undefined) return ok(selector === undefined ? {} : { labelSelector: selector });
    for (const kind of ["deployments", "statefulsets", "daemonsets"]) {
      const one = await this.#api.object(`/apis/apps/v1/namespaces/${this.#namespace}/${kind}/${workload}`, signal);
      if (!one.ok) return one;
      if (one.value) return ok({ labelSelector: [...selectorWords(one.value), ...(selector === undefined ? [] : [selector])].join(",") });
    }
    return err(`there is no deployment, stateful set or daemon set '${workload}' in namespace '${this.#namespace}'`);
  }

  async #targets(pods: readonly KubernetesObject[]): Promise<FoundTargets> {
    // A pod that is being deleted, or has not started, answers nobody.
    const running = pods.filter(({ metadata, status }) => status?.phase === "Running" && metadata?.deletionTimestamp === undefined);
    if (running.length > MOST_TARGETS) return this.#failed(TOO_MANY);
    const access = await this.#cluster.access();
    if (!access.ok) return this.#failed(access.error);
    return ok(running.map((pod) => this.#target(pod, access.value)).sort((a, b) => (a.name < b.name ? -1 : 1)));
  }

  /** A pod that cannot be asked is a target, too: one that is left out without a word would pass for clean. */
  #target(pod: KubernetesObject, access: RequestAccess): Discovered {
    const { scheme, path, via = this.#cluster.inside ? "pod" : "proxy" } = this.#query;
    const { name: own = "", labels = {} } = pod.metadata ?? {};
    const name = spellOut(own);
    const port = this.#port(pod);
    const about = { name: `k8s://${this.#namespace}/pod/${name}${port === undefined ? "" : `:${port}`}`, labels: { ...labels, namespace: this.#namespace, pod: name, ...optional({ node: pod.spec?.nodeName }) } };
    if (port === undefined) return { ...about, source: err(`it has no container port ${this.#query.port === undefined ? `called ${PROFILE_PORTS.join(", ")}` : `'${this.#query.port}'`}; ?port=6060 gives its number`) };
    if (!NAME.test(own)) return { ...about, source: err("its name is none that a pod may have") };
    if (via === "proxy") return { ...about, source: ok(`${this.#cluster.server}${this.#path}/${scheme === "https" ? "https:" : ""}${name}:${port}/proxy${path}`), access };
    const { podIP = "" } = pod.status ?? {};
    if (isIP(podIP) === 0) return { ...about, source: err("it has no address yet") };
    return { ...about, source: ok(`${scheme}://${podIP.includes(":") ? `[${podIP}]` : podIP}:${port}${path}`), access: NOTHING };
  }

  #port({ spec }: KubernetesObject): number | undefined {
    const { port } = this.#query;
    if (port !== undefined && /^\d{1,5}$/.test(port)) return Number(port);
    const ports = (spec?.containers ?? []).flatMap(({ ports: own = [] }) => own);
    return (port === undefined ? PROFILE_PORTS.map((name) => ports.find((one) => one.name === name)).find((one) => one !== undefined) : ports.find((one) => one.name === port))?.containerPort;
  }
}

/** What container ports with net/http/pprof are called, as a rule; the first that is there. */
const PROFILE_PORTS = ["pprof", "http-pprof", "profile", "debug", "http-debug"];

/** To pods go no credentials: those of the cluster are the cluster's, and the user's are for what the user named. */
const NOTHING: RequestAccess = { headers: [] };

const keyOf = ({ metadata }: KubernetesObject): string => metadata?.uid ?? metadata?.name ?? "";

/** A label selector in the form of a list's parameter (kubernetes.io/docs, Labels and Selectors). */
function selectorWords({ spec }: KubernetesObject): readonly string[] {
  const { matchLabels = {}, matchExpressions = [] } = spec?.selector ?? {};
  return [
    ...Object.entries(matchLabels).map(([key, value]) => `${key}=${value}`),
    ...matchExpressions.map(({ key, operator, values = [] }) => {
      if (operator === "Exists") return key;
      if (operator === "DoesNotExist") return `!${key}`;
      return `${key} ${operator === "NotIn" ? "notin" : "in"} (${values.join(",")})`;
    }),
  ];
}
