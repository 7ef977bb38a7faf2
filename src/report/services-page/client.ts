import type { changesView as viewOfChanges } from "./changes-client.js";
import type { ServiceTarget } from "./data.js";
import type { groupView as viewOfGroup } from "./group-client.js";
import type { mountList as listClient } from "./list-client.js";
import type { locksView as viewOfLocks } from "./locks-client.js";
import type { pageChart as chartOf } from "./page-chart.js";
import type { pageElements as elementsOf } from "./page-elements.js";
import type { serviceParts as partsOf, ServiceTools } from "./service-parts.js";
import type { targetView as viewOfTarget } from "./target-client.js";

/** The other functions of the page, which html.ts puts beside this one. */
interface ServicesPageParts {
  readonly changesView: typeof viewOfChanges;
  readonly groupView: typeof viewOfGroup;
  readonly locksView: typeof viewOfLocks;
  readonly mountList: typeof listClient;
  readonly pageChart: typeof chartOf;
  readonly pageElements: typeof elementsOf;
  readonly serviceParts: typeof partsOf;
  readonly targetView: typeof viewOfTarget;
}

/** Runs in the browser: shows what the address names, anew when the server has news. The page embeds this function's text, so it refers to nothing outside itself. */
export function mountServices({ changesView, groupView, locksView, mountList, pageChart, pageElements, serviceParts, targetView }: ServicesPageParts): void {
  const main = document.getElementById("main")!;
  const live = document.getElementById("live")!;
  let targets: readonly ServiceTarget[] = [];
  let drawing = 0; // the newest one wins
  let open = 0; // answers that are waited for
  let pressed = false; // what is under the pointer is not to be another element when it is let go
  let lastAt = 0;

  const ask = async <T>(path: string, query: Readonly<Record<string, string>> = {}): Promise<T> => {
    const response = await fetch(`api/${path}?${new URLSearchParams(query).toString()}`);
    if (!response.ok) throw new Error((await response.text()).trim());
    return (await response.json()) as T;
  };

  const elements = pageElements(pageChart);
  const tools: ServiceTools = { ...elements, ...serviceParts(elements), ask };
  const drawList = mountList(main, tools);

  const draw = async (moved: boolean): Promise<void> => {
    const [kind, target = "", view, id = ""] = location.hash.slice(2).split("/").map(decodeURIComponent);
    if (kind !== "t") {
      drawing++;
      return drawList(targets);
    }
    // What was asked for at a moment, news do not change; and what is being asked for is news itself.
    if (!moved && (view === "diff" || view === "locks" || open > 0 || pressed)) return;
    const mine = ++drawing;
    open++;
    try {
      const nodes = view === "g" ? await groupView(target, id, tools) : view === "diff" ? changesView(target, tools) : view === "locks" ? await locksView(target, tools) : await targetView(target, tools);
      if (mine !== drawing) return;
      const scroll = window.scrollY;
      const focused = (document.activeElement as HTMLAnchorElement | null)?.href;
      main.replaceChildren(...nodes);
      if (!moved) window.scrollTo(0, scroll);
      if (focused) [...main.querySelectorAll("a")].find((one) => one.href === focused)?.focus();
    } catch (error) {
      if (mine === drawing) main.replaceChildren(tools.element("p", "down", error instanceof Error ? error.message : String(error)));
    } finally {
      open--;
    }
  };

  window.onpointerdown = () => void (pressed = true);
  window.onpointerup = window.onpointercancel = () => void setTimeout(() => (pressed = false), 50); // the click comes after it
  window.onhashchange = () => {
    main.replaceChildren();
    main.focus();
    void draw(true);
  };
  const news = new EventSource("events");
  news.onmessage = ({ data }: MessageEvent<string>) => {
    const said = JSON.parse(data) as { readonly targets: readonly ServiceTarget[]; readonly at: number };
    targets = said.targets;
    live.textContent = "live";
    // A page that is open on one service asks for it again, but not more often than one can read.
    if (!location.hash.startsWith("#/t/") || said.at - lastAt > 1000) {
      lastAt = said.at;
      void draw(false);
    }
  };
  news.onerror = () => void (live.textContent = "the connection is lost; trying again");
  void ask<readonly ServiceTarget[]>("targets").then((first) => {
    targets = first;
    return draw(true);
  }, (error: unknown) => main.replaceChildren(tools.element("p", "down", String(error))));
}
