import { parseDocument } from "yaml";
import { err, ok, type Result } from "../base/result.js";
import { isTooDeep } from "../base/yaml-depth.js";
import { publicName } from "../model/public-name.js";
import { MOST_TARGETS, TOO_MANY, type Discovered } from "./discovered.js";

/**
 * Prometheus' form of targets, of files and of HTTP service discovery: a list of `{ targets: ["host:port"], labels: {…} }`,
 * JSON or YAML (prometheus.io/docs, file_sd_config, http_sd_config). Of labels that begin with `__`, `__scheme__` says how to
 * ask and `__profile_path__` where the profile lies; `__metrics_path__` is where metrics lie, and says nothing here.
 */
export function parseTargetGroups(text: string): Result<readonly Discovered[], string> {
  // Whoever writes a file in place empties it first: that all services are gone is said by [], and not by nothing.
  if (text.trim() === "") return err("it is empty: a list without targets is []");
  const read = valueOf(text);
  if (!read.ok) return read;
  if (!Array.isArray(read.value)) return err("it is no list of targets: expected [{ targets: [\"host:port\"], labels: { … } }]");
  const found: Discovered[] = [];
  for (const [i, group] of (read.value as unknown[]).entries()) {
    const { targets, labels = {} } = (isRecord(group) ? group : {}) as { targets?: unknown; labels?: unknown };
    if (!Array.isArray(targets) || !targets.every((one) => typeof one === "string")) return err(`entry ${i + 1}: 'targets' is no list of texts`);
    if (!isRecord(labels) || !Object.values(labels).every((one) => typeof one === "string")) return err(`entry ${i + 1}: the values of 'labels' are no texts`);
    for (const target of targets as readonly string[]) {
      const one = targetOf(target, labels as Readonly<Record<string, string>>);
      if (!one.ok) return err(`entry ${i + 1}: ${one.error}`);
      found.push(one.value);
      if (found.length > MOST_TARGETS) return err(TOO_MANY);
    }
  }
  return ok(found);
}

/** JSON is YAML; but a large file of it is read by its own reader, which is faster by far. */
function valueOf(text: string): Result<unknown, string> {
  try {
    if (/^\s*[[{]/.test(text)) return ok(JSON.parse(text));
  } catch {
    // YAML's flow form begins so, too.
  }
  if (isTooDeep(text)) return err("it is nested too deeply to be a list of targets");
  const document = parseDocument(text);
  const [problem] = document.errors;
  if (problem) return err(`it is neither JSON nor YAML (line ${problem.linePos?.[0].line ?? 1}: ${problem.code})`);
  try {
    return ok(document.toJS({ maxAliasCount: 100 }) ?? []);
  } catch {
    return err("its aliases refer to too much");
  }
}

const isRecord = (value: unknown): value is Readonly<Record<string, unknown>> => typeof value === "object" && value !== null && !Array.isArray(value);

function targetOf(address: string, labels: Readonly<Record<string, string>>): Result<Discovered, string> {
  const own = Object.fromEntries(Object.entries(labels).filter(([name]) => !name.startsWith("__")));
  const scheme = labels["__scheme__"] ?? "http";
  const shown = publicName(address);
  if (/^https?:\/\//i.test(address)) return ok({ source: ok(address), name: shown, labels: own });
  if (scheme !== "http" && scheme !== "https") return err(`'${shown}': the scheme '${scheme}' is neither http nor https`);
  const path = labels["__profile_path__"] ?? "/";
  const source = `${scheme}://${labels["__address__"] ?? address}${path.startsWith("/") ? path : `/${path}`}`;
  if (/[\s/?#]/.test(address) || !URL.canParse(source)) return err(`'${shown}' is no address: expected host:port`);
  return ok({ source: ok(source), name: publicName(source).replace(/\/$/, ""), labels: own });
}
