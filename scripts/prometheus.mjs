// Prints the paths of Prometheus, promtool and Alertmanager, a line each; installs Debian's packages where there are none
// (needs root). `node scripts/prometheus.mjs`
import { installed } from "./apt.mjs";

console.log(installed("Prometheus", ["prometheus"], "prometheus"));
console.log(installed("promtool", ["promtool"], "prometheus"));
console.log(installed("Alertmanager", ["prometheus-alertmanager", "alertmanager"], "prometheus-alertmanager"));
