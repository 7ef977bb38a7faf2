import { err, ok, type Result } from "../../base/result.js";
import { ProfilePush } from "../../notify/profile-push.js";
import { Webhook } from "../../notify/webhook.js";
import { encodeProfile } from "../../parse/pprof/encode.js";
import { Alerts, alertPayload, type Alert } from "../../report/watch/alerts.js";
import { otlpEvent, otlpLogs, type OtlpEvent } from "../../report/watch/otlp.js";
import { loadPromClient, type MetricsText, metricsText } from "../../server/metrics.js";
import { PageServer } from "../../server/page-server.js";
import { Measures } from "./measures.js";
import type { WatchOptions } from "./watch-options.js";

/** An address, what is sent along, and who is told that it does not answer. */
interface PostOptions {
  readonly url: string;
  readonly token: string | undefined;
  onTrouble(sentence: string, inARow: number): void;
}

/** Where a watch's results go beside the screen and the store. */
export interface OutletOptions {
  readonly version: string;
  /** Series of groups for each target. */
  readonly groupSeries: number;
  readonly metrics?: { readonly host: string; readonly port: number; readonly token: string | undefined; onListening(url: string): void };
  readonly webhook?: PostOptions;
  /** OpenTelemetry's logs, by OTLP over HTTP. */
  readonly otlp?: PostOptions;
  /** Each look as a goroutine profile. */
  readonly pyroscope?: PostOptions;
}

interface Outlets {
  /** The same watch, whose results go there, too. */
  observing(options: WatchOptions): WatchOptions;
  /** What Prometheus scrapes. */
  readonly metrics: () => Promise<Result<MetricsText, string>>;
  /** Answers how many alerts, events and profiles were never delivered. */
  close(): Promise<number>;
}

/** What is sent to an address of the user's. */
interface Posts {
  readonly hook: Webhook | undefined;
  readonly logs: Webhook | undefined;
  readonly push: ProfilePush | undefined;
}

export async function openOutlets(watch: WatchOptions, options: OutletOptions): Promise<Result<Outlets, string>> {
  const posts = postsOf(options);
  if (!posts.ok) return posts;
  const { hook, logs, push } = posts.value;
  const measures = new Measures(watch, options.groupSeries);
  const metrics = (): Promise<Result<MetricsText, string>> => measured(measures, options.version);
  const server = options.metrics && (await serve(options.metrics, metrics));
  if (server && !server.ok) return err(`--metrics: ${server.error}`);
  const alerts = new Alerts(watch.cwd);
  return ok({
    metrics,
    observing: (own) => posting(pushing(measures.observing(own), push), alerts, posts.value),
    close: async () => {
      await server?.value.close();
      const lost = await Promise.all([hook?.close(), logs?.close(), push?.close()]);
      return lost.reduce((sum: number, one) => sum + (one ?? 0), 0);
    },
  });
}

function postsOf({ webhook, otlp, pyroscope, version }: OutletOptions): Result<Posts, string> {
  const hook = webhook && Webhook.to({ ...webhook, message: (values) => alertPayload(values as readonly Alert[]) });
  if (hook && !hook.ok) return err(`--webhook: ${hook.error}`);
  const logs = otlp && Webhook.to({ ...otlp, message: (values) => otlpLogs(values as readonly OtlpEvent[], version) });
  if (logs && !logs.ok) return err(`--otlp: ${logs.error}`);
  const push = pyroscope && ProfilePush.to(pyroscope);
  if (push && !push.ok) return err(`--pyroscope: ${push.error}`);
  return ok({ hook: hook?.value, logs: logs?.value, push: push?.value });
}

async function measured(measures: Measures, version: string): Promise<Result<MetricsText, string>> {
  const client = await loadPromClient();
  if (!client.ok) return client;
  return ok(await metricsText(client.value, { version, targets: measures.targets(), discoveries: measures.discoveries(), storeWaiting: measures.storeWaiting, storeDropped: measures.storeDropped }));
}

/** Not before it is known that there is something to serve. */
async function serve(at: NonNullable<OutletOptions["metrics"]>, metrics: () => Promise<Result<MetricsText, string>>): Promise<Result<PageServer, string>> {
  const client = await loadPromClient();
  if (!client.ok) return client;
  const started = await PageServer.start({ ...at, page: undefined, metrics, answer: () => Promise.resolve(undefined) });
  if (started.ok) at.onListening(`${started.value.url}metrics`);
  return started;
}

/** The same watch, whose events are posted, too. */
function posting(watch: WatchOptions, alerts: Alerts, { hook, logs }: Posts): WatchOptions {
  if (!hook && !logs) return watch;
  return {
    ...watch,
    onEvent: (event) => {
      if (hook) for (const alert of alerts.of(event)) hook.send(alert);
      const said = logs && otlpEvent(event, watch.cwd);
      if (said) logs.send(said);
      watch.onEvent(event);
    },
  };
}

/** What a discovery calls the service of a target. */
const SERVICE = ["service_name", "service", "job", "app"];

/** The same watch, whose looks go to a Pyroscope, too: as the service that a discovery knows, with all that it knows of the target as labels. */
function pushing(watch: WatchOptions, push: ProfilePush | undefined): WatchOptions {
  if (push === undefined) return watch;
  let known: ReadonlyMap<string, Readonly<Record<string, string>>> = new Map();
  return {
    ...watch,
    onTargets: (targets) => {
      known = new Map(targets.map(({ name, labels }) => [name, labels]));
      watch.onTargets?.(targets);
    },
    onLook: (look) => {
      const labels = known.get(look.target) ?? {};
      const service = SERVICE.map((label) => labels[label]).find((name) => name !== undefined && name !== "") ?? "unpark";
      push.send({ service, labels: { ...labels, target: look.target }, at: look.at, profile: encodeProfile(look.snapshot, false) });
      watch.onLook?.(look);
    },
  };
}
