import { execFile } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import { homedir } from "node:os";
import { delimiter, dirname, join, resolve } from "node:path";
import { promisify } from "node:util";
import { parseDocument } from "yaml";
import { optional } from "../../base/optional.js";
import { err, ok, type Result } from "../../base/result.js";
import { isTooDeep } from "../../base/yaml-depth.js";
import type { RequestAccess } from "../discovered.js";

/** Where a cluster's API is, and how to ask it. */
export interface Cluster {
  readonly server: string;
  /** Are we one of its pods? Then pods' own addresses can be reached. */
  readonly inside: boolean;
  /** Undefined: none is set. */
  readonly namespace?: string;
  /** What goes along: asked anew each time, for tokens expire. It goes to `server` alone. */
  access(): Promise<Result<RequestAccess, string>>;
}

interface ClusterOptions {
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Undefined: the current one. */
  readonly context?: string;
  readonly timeoutMs: number;
}

/** Where a pod finds what it needs (kubernetes.io/docs, Accessing the Kubernetes API from a Pod). */
const SERVICE_ACCOUNT = "/var/run/secrets/kubernetes.io/serviceaccount";

/** As kubectl: KUBECONFIG, else ~/.kube/config, else the service account of the pod that we are in. */
export function findCluster(options: ClusterOptions): Result<Cluster, string> {
  const { env, context } = options;
  const given = env["KUBECONFIG"];
  const files = given ? given.split(delimiter).filter((one) => one !== "") : [join(env["HOME"] ?? homedir(), ".kube/config")];
  const there = files.filter((file) => existsSync(file));
  if (there.length > 0) return fromFiles(there, options);
  const host = env["KUBERNETES_SERVICE_HOST"];
  if (host === undefined || context !== undefined) return err(`no cluster: there is no ${files.join(", ")}; KUBECONFIG names another file`);
  const server = `https://${host.includes(":") ? `[${host}]` : host}:${env["KUBERNETES_SERVICE_PORT"] ?? "443"}`;
  const folder = env["UNPARK_SERVICE_ACCOUNT"] ?? SERVICE_ACCOUNT;
  try {
    const ca = readFileSync(join(folder, "ca.crt"), "utf8");
    const namespace = readFileSync(join(folder, "namespace"), "utf8").trim();
    return ok({ server, inside: true, namespace, access: () => Promise.resolve(withToken(join(folder, "token"), { ca })) });
  } catch (error) {
    return err(`no cluster: the service account in ${folder} cannot be read (${(error as NodeJS.ErrnoException).code ?? "unknown reason"})`);
  }
}

function withToken(file: string, tls: RequestAccess["tls"]): Result<RequestAccess, string> {
  try {
    return ok({ headers: [["authorization", `Bearer ${readFileSync(file, "utf8").trim()}`]], ...optional({ tls }) });
  } catch (error) {
    return err(`the token in ${file} cannot be read (${(error as NodeJS.ErrnoException).code ?? "unknown reason"})`);
  }
}

type Fields = Readonly<Record<string, unknown>>;

interface Named {
  readonly fields: Fields;
  /** Relative names of files start here. */
  readonly folder: string;
}

/** Of several files the first that names something holds, as kubectl merges them. */
function fromFiles(files: readonly string[], options: ClusterOptions): Result<Cluster, string> {
  const known = { clusters: new Map<string, Named>(), users: new Map<string, Named>(), contexts: new Map<string, Named>() };
  let current = options.context;
  for (const file of files) {
    const read = readYaml(file);
    if (!read.ok) return err(`${file}: ${read.error}`);
    if (typeof read.value["current-context"] === "string" && read.value["current-context"] !== "") current ??= read.value["current-context"];
    for (const [list, kind] of [["clusters", "cluster"], ["users", "user"], ["contexts", "context"]] as const) {
      for (const one of arrayOf(read.value[list])) {
        const { name, [kind]: fields } = record(one);
        if (typeof name === "string" && !known[list].has(name)) known[list].set(name, { fields: record(fields), folder: dirname(resolve(file)) });
      }
    }
  }
  if (current === undefined) return err(`${files.join(", ")}: no current context; ?context=NAME gives one`);
  const context = known.contexts.get(current)?.fields;
  const cluster = known.clusters.get(String(context?.["cluster"]));
  const server = cluster?.fields["server"];
  if (!context || !cluster || typeof server !== "string" || !URL.canParse(server)) return err(`${files.join(", ")}: the context '${current}' names no cluster with a server`);
  const namespace = context["namespace"];
  return ok({
    server: server.replace(/\/+$/, ""), inside: false, ...(typeof namespace === "string" ? { namespace } : {}),
    access: () => accessOf(cluster, known.users.get(String(context["user"])), options),
  });
}

function readYaml(file: string): Result<Fields, string> {
  try {
    const text = readFileSync(file, "utf8");
    if (isTooDeep(text)) return err("it is nested too deeply");
    const document = parseDocument(text);
    return document.errors.length > 0 ? err("it is no YAML") : ok(record(document.toJS({ maxAliasCount: 100 })));
  } catch (error) {
    return err(`it cannot be read (${(error as NodeJS.ErrnoException).code ?? "unknown reason"})`);
  }
}

const record = (value: unknown): Fields => (typeof value === "object" && value !== null && !Array.isArray(value) ? (value as Fields) : {});
const arrayOf = (value: unknown): readonly unknown[] => (Array.isArray(value) ? value : []);

async function accessOf(cluster: Named, user: Named | undefined, options: ClusterOptions): Promise<Result<RequestAccess, string>> {
  try {
    const ca = pem(cluster, "certificate-authority");
    const own = user ?? { fields: {}, folder: cluster.folder };
    const tls = { ...optional({ ca, cert: pem(own, "client-certificate"), key: pem(own, "client-key") }), ...(cluster.fields["insecure-skip-tls-verify"] === true ? { insecure: true } : {}) };
    const { token, tokenFile, username, password, exec } = own.fields;
    if (typeof tokenFile === "string") return withToken(resolve(own.folder, tokenFile), tls);
    if (typeof token === "string") return ok({ headers: [["authorization", `Bearer ${token}`]], tls });
    if (typeof username === "string") return ok({ headers: [], user: `${username}:${String(password)}`, tls });
    return exec === undefined ? ok({ headers: [], tls }) : await fromPlugin(record(exec), own.folder, tls, options);
  } catch (error) {
    return err(`a certificate cannot be read (${(error as NodeJS.ErrnoException).code ?? "unknown reason"})`);
  }
}

/** `NAME-data` in base64, else the file that `NAME` names. */
function pem({ fields, folder }: Named, name: string): string | undefined {
  const data = fields[`${name}-data`];
  if (typeof data === "string" && data !== "") return Buffer.from(data, "base64").toString();
  const file = fields[name];
  return typeof file === "string" && file !== "" ? readFileSync(resolve(folder, file), "utf8") : undefined;
}

/** A program that prints credentials (kubernetes.io/docs, client-go credential plugins), as clouds have them. */
async function fromPlugin(exec: Fields, folder: string, tls: NonNullable<RequestAccess["tls"]>, { env, timeoutMs }: ClusterOptions): Promise<Result<RequestAccess, string>> {
  const { command, apiVersion } = exec;
  if (typeof command !== "string") return err("'exec' names no command");
  const more = Object.fromEntries(arrayOf(exec["env"]).map((one) => [String(record(one)["name"]), String(record(one)["value"])]));
  const info = JSON.stringify({ apiVersion, kind: "ExecCredential", spec: { interactive: false } });
  try {
    const program = command.includes("/") ? resolve(folder, command) : command;
    const { stdout } = await promisify(execFile)(program, arrayOf(exec["args"]).map(String), { env: { ...env, ...more, KUBERNETES_EXEC_INFO: info }, timeout: timeoutMs, maxBuffer: 1 << 20 });
    const { token, clientCertificateData: cert, clientKeyData: key } = record(record(JSON.parse(stdout))["status"]);
    return ok({ headers: typeof token === "string" ? [["authorization", `Bearer ${token}`]] : [], tls: { ...tls, ...(typeof cert === "string" && typeof key === "string" ? { cert, key } : {}) } });
  } catch {
    return err(`'${command}' gave no credentials`); // what it printed may hold some
  }
}
