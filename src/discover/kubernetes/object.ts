/** What is used of an object of the API (kubernetes.io/docs/reference/kubernetes-api). */
export interface KubernetesObject {
  readonly metadata?: { readonly name?: string; readonly namespace?: string; readonly uid?: string; readonly deletionTimestamp?: string; readonly labels?: Readonly<Record<string, string>>; readonly resourceVersion?: string };
  readonly spec?: {
    readonly selector?: { readonly matchLabels?: Readonly<Record<string, string>>; readonly matchExpressions?: readonly LabelExpression[] };
    readonly containers?: readonly { readonly name?: string; readonly ports?: readonly ContainerPort[] }[];
    readonly nodeName?: string;
  };
  readonly status?: { readonly phase?: string; readonly podIP?: string };
}

interface LabelExpression {
  readonly key: string;
  readonly operator: string;
  readonly values?: readonly string[];
}

interface ContainerPort {
  readonly name?: string;
  readonly containerPort?: number;
  readonly protocol?: string;
}

type Fields = Readonly<Record<string, unknown>>;

/** Of a value only what has the types that are documented: what answers may be anything, and no part of it may end a watch. */
export function objectOf(value: unknown): KubernetesObject {
  const { metadata, spec, status } = fields(value);
  const about = fields(metadata);
  const { selector, containers, nodeName } = fields(spec);
  const { matchLabels, matchExpressions } = fields(selector);
  return {
    metadata: { ...textsOf(about, ["name", "namespace", "uid", "deletionTimestamp", "resourceVersion"]), labels: labelsOf(about["labels"]) },
    spec: {
      ...textsOf({ nodeName }, ["nodeName"]),
      selector: { matchLabels: labelsOf(matchLabels), matchExpressions: list(matchExpressions).flatMap(expressionOf) },
      containers: list(containers).map((one) => ({ ...textsOf(fields(one), ["name"]), ports: list(fields(one)["ports"]).map(portOf) })),
    },
    status: textsOf(fields(status), ["phase", "podIP"]),
  };
}

function expressionOf(value: unknown): readonly LabelExpression[] {
  const { key, operator, values } = fields(value);
  return typeof key === "string" && typeof operator === "string" ? [{ key, operator, values: list(values).filter((one) => typeof one === "string") }] : [];
}

function portOf(value: unknown): ContainerPort {
  const { containerPort, ...texts } = fields(value);
  const number = typeof containerPort === "number" && Number.isInteger(containerPort) && containerPort > 0 && containerPort < 65536;
  return { ...textsOf(texts, ["name", "protocol"]), ...(number ? { containerPort } : {}) };
}

const fields = (value: unknown): Fields => (typeof value === "object" && value !== null && !Array.isArray(value) ? (value as Fields) : {});
const list = (value: unknown): readonly unknown[] => (Array.isArray(value) ? value : []);
const labelsOf = (value: unknown): Readonly<Record<string, string>> => Object.fromEntries(Object.entries(fields(value)).filter((one): one is [string, string] => typeof one[1] === "string"));
const textsOf = <K extends string>(value: Fields, names: readonly K[]): { readonly [N in K]?: string } => Object.fromEntries(names.flatMap((name) => (typeof value[name] === "string" ? [[name, value[name]]] : []))) as { readonly [N in K]?: string };
