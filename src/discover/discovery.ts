import { ok, type Result } from "../base/result.js";
import type { Discovery, DiscoveryOptions } from "./discovered.js";
import { kubernetesDiscovery } from "./kubernetes/pods.js";
import { dnsDiscovery, fileDiscovery, httpDiscovery } from "./lists.js";

/** What `--targets` may be: `k8s://…`, `dns:…`, an address of HTTP service discovery, else a file. */
export function parseDiscovery(text: string, options: DiscoveryOptions): Result<Discovery, string> {
  if (/^k8s:/i.test(text)) return kubernetesDiscovery(text, options);
  if (/^dns:/i.test(text)) return dnsDiscovery(text, options);
  if (/^https?:\/\//i.test(text)) return httpDiscovery(text, options);
  return ok(fileDiscovery(text, options));
}
