import { htmlPage } from "../shared/page.js";
import { PICTURE_STYLE } from "../schedule/style.js";
import { changesView } from "./changes-client.js";
import { mountServices } from "./client.js";
import { groupView } from "./group-client.js";
import { mountList } from "./list-client.js";
import { locksView } from "./locks-client.js";
import { pageChart } from "./page-chart.js";
import { pageElements } from "./page-elements.js";
import { serviceParts } from "./service-parts.js";
import { targetView } from "./target-client.js";

/** Functions go into the page by their text. */
const parts = { changesView, groupView, locksView, mountList, pageChart, pageElements, serviceParts, targetView };

/** The page of `unpark serve`: it asks the server that it came from, and nobody else. */
export function servicesPage(): string {
  return htmlPage({
    title: "Unpark: services",
    style: PICTURE_STYLE + STYLE,
    body: `<header><h1><a href="#/">Services</a></h1><p class="quiet" id="live" role="status">connecting</p></header><main id="main" tabindex="-1"></main>`,
    data: {},
    script: `(${mountServices.toString()})({ ${Object.entries(parts).map(([name, part]) => `${name}: ${part.toString()}`).join(", ")} })`,
    asks: true,
  });
}

const STYLE = `
body { max-width: 1200px; } main:focus { outline: none; } nav a[aria-current] { color: var(--fg); font-weight: 600; text-decoration: none; } a { color: var(--lane0); } h1 a { color: inherit; text-decoration: none; } .scroll { overflow-x: auto; }
table { border-collapse: collapse; width: 100%; } td, th { padding: 4px 12px 4px 0; vertical-align: top; border-bottom: 1px solid var(--line); overflow-wrap: anywhere; } th { text-align: left; color: var(--quiet); font-weight: 500; overflow-wrap: normal; white-space: nowrap; }
td.n, th.n { text-align: right; white-space: nowrap; } .grows { color: var(--red); font-weight: 600; } .down { color: var(--amber); font-weight: 600; } .mono { font: 12px/1.5 ui-monospace, SFMono-Regular, Menlo, Consolas, monospace; }
.chart { display: block; width: 100%; height: 180px; background: var(--card); border: 1px solid var(--line); border-radius: 6px; } .curve { fill: none; stroke: var(--lane0); stroke-width: 2; vector-effect: non-scaling-stroke; } .spark { width: 90px; height: 22px; } .spark .curve { stroke-width: 1.5; }
.suspect { border: 1px solid var(--line); border-left: 4px solid var(--amber); border-radius: 6px; margin: 6px 0; padding: 6px 10px; } .suspect.high, .suspect.proved { border-left-color: var(--red); } .suspect ul { margin: 4px 0; padding-left: 20px; }
.frame { padding: 1px 0; overflow-wrap: anywhere; } .frame.user { font-weight: 600; } .frame .where, .frame code { margin-left: 8px; font-weight: 400; } .frame.std { color: var(--quiet); }
.lock { display: grid; grid-template-columns: minmax(0, 1fr) 28px minmax(0, 0.8fr) 28px minmax(0, 1fr); gap: 4px; align-items: center; margin: 10px 0; } .box { border: 1px solid var(--line); border-radius: 6px; background: var(--card); padding: 6px 8px; overflow-wrap: anywhere; margin: 4px 0; } .box.held { border-left: 4px solid var(--red); } .box.key { border-width: 2px; font-weight: 600; text-align: center; } .to { text-align: center; color: var(--quiet); font-size: 18px; } .box .who { display: block; }
.kind-new, .kind-grown { color: var(--red); font-weight: 600; } nav { margin: 6px 0; display: flex; flex-wrap: wrap; gap: 12px; }
@media (max-width: 700px) { body { padding: 10px; } .lock { grid-template-columns: minmax(0, 1fr); } .to { transform: rotate(90deg); } .wide { display: none; } }
`;
