import { err, ok, type Result } from "../../base/result.js";
import { Webhook } from "../../notify/webhook.js";
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
}

export interface Outlets {
  /** The same watch, whose results go there, too. */
  observing(options: WatchOptions): WatchOptions;
  /** What Prometheus scrapes. */
  readonly metrics: () => Promise<Result<MetricsText, string>>;
  /** Answers how many alerts and events were never delivered. */
  close(): Promise<number>;
}

export async function openOutlets(watch: WatchOptions, options: OutletOptions): Promise<Result<Outlets, string>> {
  const hook = options.webhook && Webhook.to({ ...options.webhook, message: (values) => alertPayload(values as readonly Alert[]) });
  if (hook && !hook.ok) return err(`--webhook: ${hook.error}`);
  const logs = options.otlp && Webhook.to({ ...options.otlp, message: (values) => otlpLogs(values as readonly OtlpEvent[], options.version) });
  if (logs && !logs.ok) return err(`--otlp: ${logs.error}`);
  const measures = new Measures(watch, options.groupSeries);
  const metrics = async (): Promise<Result<MetricsText, string>> => {
    const client = await loadPromClient();
    if (!client.ok) return client;
    return ok(await metricsText(client.value, { version: options.version, targets: measures.targets(), discoveries: measures.discoveries(), storeWaiting: measures.storeWaiting, storeDropped: measures.storeDropped }));
  };
  let server: PageServer | undefined;
  if (options.metrics) {
    const client = await loadPromClient();
    if (!client.ok) return err(`--metrics: ${client.error}`);
    const started = await PageServer.start({ ...options.metrics, page: undefined, metrics, answer: () => Promise.resolve(undefined) });
    if (!started.ok) return err(`--metrics: ${started.error}`);
    server = started.value;
    options.metrics.onListening(`${server.url}metrics`);
  }
  const alerts = new Alerts(watch.cwd);
  return ok({
    metrics,
    observing: (own) => {
      const measured = measures.observing(own);
      if (!hook && !logs) return measured;
      return {
        ...measured,
        onEvent: (event) => {
          if (hook) for (const alert of alerts.of(event)) hook.value.send(alert);
          const said = logs && otlpEvent(event, watch.cwd);
          if (said) logs.value.send(said);
          measured.onEvent(event);
        },
      };
    },
    close: async () => {
      await server?.close();
      const lost = await Promise.all([hook?.value.close(), logs?.value.close()]);
      return (lost[0] ?? 0) + (lost[1] ?? 0);
    },
  });
}
