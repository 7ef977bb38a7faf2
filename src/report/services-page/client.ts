import type { ServiceChange, ServiceDetail, ServiceGroup, ServiceLock, ServiceLockSide, ServicePlace, ServiceSuspect, ServiceTarget } from "./data.js";

/** Runs in the browser: the page embeds this function's text, so it refers to nothing outside itself. All that comes from services is text, never markup. */
export function mountServices(): void {
  const main = document.getElementById("main")!;
  const live = document.getElementById("live")!;
  let targets: readonly ServiceTarget[] = [];
  const rows = new Map<string, HTMLElement>();
  let filter = "";
  let drawing = 0; // the newest one wins
  let open = 0; // answers that are waited for
  let pressed = false; // what is under the pointer is not to be another element when it is let go
  let lastAt = 0;

  const element = (tag: string, kind = "", text?: string, ...children: readonly Node[]): HTMLElement => {
    const node = document.createElement(tag);
    if (kind !== "") node.className = kind;
    if (text !== undefined) node.textContent = text;
    node.append(...children);
    return node;
  };
  const link = (text: string, ...path: readonly string[]): HTMLElement => {
    const node = element("a", "", text) as HTMLAnchorElement;
    node.href = `#/${path.map(encodeURIComponent).join("/")}`;
    return node;
  };
  const number = (n: number): string => String(n).replace(/\B(?=(\d{3})+$)/g, ",");
  const rate = (n: number): string => (n === 0 ? "" : `+${n >= 10 ? Math.round(n) : n.toFixed(1)} a minute`);
  const clock = (at: number): string => new Date(at).toLocaleString(undefined, { hour: "2-digit", minute: "2-digit", second: "2-digit", day: "2-digit", month: "short" });

  /** A line of counts; `points`: [x, count]. */
  const chart = (points: readonly (readonly [number, number])[], kind: string, words: string): SVGElement => {
    const ns = "http://www.w3.org/2000/svg";
    const svg = document.createElementNS(ns, "svg");
    svg.setAttribute("class", kind);
    svg.setAttribute("viewBox", "0 0 100 100");
    svg.setAttribute("preserveAspectRatio", "none");
    if (words === "") svg.setAttribute("aria-hidden", "true");
    else {
      svg.setAttribute("role", "img");
      svg.setAttribute("aria-label", words);
    }
    const [first] = points;
    if (first === undefined) return svg;
    const from = first[0];
    const span = Math.max(1e-9, points[points.length - 1]![0] - from);
    const most = Math.max(1, ...points.map(([, count]) => count));
    const line = document.createElementNS(ns, "polyline");
    line.setAttribute("class", "curve");
    line.setAttribute("points", points.map(([x, count]) => `${((100 * (x - from)) / span).toFixed(2)},${(97 - (94 * count) / most).toFixed(2)}`).join(" "));
    svg.append(line);
    return svg;
  };
  const spark = (counts: readonly number[]): SVGElement => chart(counts.map((count, i) => [i, count] as const), "spark", "");

  const table = (caption: string, heads: readonly (readonly [string, string])[], rows: readonly HTMLElement[]): HTMLElement => {
    const head = element("tr", "", undefined, ...heads.map(([text, kind]) => {
      const cell = element("th", kind, text);
      cell.setAttribute("scope", "col");
      return cell;
    }));
    const whole = element("table", "", undefined, element("caption", "heard", caption), element("thead", "", undefined, head), element("tbody", "", undefined, ...rows));
    const box = element("div", "scroll", undefined, whole);
    box.tabIndex = 0;
    box.setAttribute("role", "group");
    box.setAttribute("aria-label", caption);
    return box;
  };
  const cell = (kind: string, ...children: readonly (Node | string)[]): HTMLElement => {
    const node = element("td", kind);
    node.append(...children);
    return node;
  };

  const ask = async <T>(path: string, query: Readonly<Record<string, string>> = {}): Promise<T> => {
    const response = await fetch(`api/${path}?${new URLSearchParams(query).toString()}`);
    if (!response.ok) throw new Error((await response.text()).trim());
    return (await response.json()) as T;
  };

  const targetRow = (one: ServiceTarget): HTMLElement => {
    const state = one.state === "down" ? element("span", "down", `down: ${one.error}`) : element("span", "quiet", one.state === "waiting" ? "asking" : "");
    const grows = one.growing > 0 ? element("span", "grows", `${rate(one.perMinute)}, ${one.growing === 1 ? "1 group" : `${one.growing} groups`}`) : state;
    const news = [cell("n", number(one.total)), cell("wide", spark(one.totals)), cell("", grows), cell("mono wide", one.where)];
    // The link stays the element that it was: it may have the focus, or be just pressed.
    let row = rows.get(one.name);
    if (!row) rows.set(one.name, (row = element("tr", "", undefined, cell("", link(one.name, "t", one.name)))));
    while (row.children.length > 1) row.lastChild!.remove();
    row.append(...news);
    return row;
  };

  const drawList = (): void => {
    const shown = targets.filter(({ name }) => name.toLowerCase().includes(filter.toLowerCase()));
    let body = document.getElementById("targets");
    if (!body) {
      const search = element("input", "search") as HTMLInputElement;
      search.type = "search";
      search.placeholder = "Filter by name";
      search.setAttribute("aria-label", "Filter services by name");
      search.value = filter;
      search.oninput = () => {
        filter = search.value;
        drawList();
      };
      const count = element("span");
      count.id = "count";
      count.setAttribute("role", "status");
      body = element("div");
      body.id = "targets";
      main.replaceChildren(element("div", "bar", undefined, search, count), body);
    }
    const growing = shown.filter((one) => one.growing > 0).length;
    document.getElementById("count")!.textContent = `${shown.length} of ${targets.length} services, ${growing} ${growing === 1 ? "grows" : "grow"}`;
    const ordered = shown.map(targetRow);
    const old = body.querySelector("tbody");
    if (!old) return body.replaceChildren(table("Services, those that grow first", [["service", ""], ["goroutines", "n"], ["over time", "wide"], ["growth", ""], ["where", "wide"]], ordered));
    if (ordered.length === old.children.length && ordered.every((row, i) => row === old.children[i])) return;
    const focused = document.activeElement as HTMLElement | null;
    old.replaceChildren(...ordered);
    focused?.focus();
  };

  const where = (at: ServicePlace, kind = `frame ${at.owner}`): HTMLElement => {
    const row = element("div", kind, undefined, element("span", "mono", at.function), element("span", "where mono quiet", at.place));
    if (at.source !== "") row.append(element("code", "", at.source));
    return row;
  };
  const suspect = (one: ServiceSuspect, target: string, linked: boolean): HTMLElement => {
    const title = element("h3", "now", `${number(one.count)} × `);
    title.append(linked ? link(one.function, "t", target, "g", one.id) : one.function);
    return element("div", `suspect ${one.confidence}`, undefined, title, element("p", "", `${one.words} (${one.cause}, confidence ${one.confidence})`), element("p", "mono quiet", one.place), element("ul", "", undefined, ...one.evidence.map((fact) => element("li", "", fact))));
  };
  const tabs = (target: string, now: string): HTMLElement => {
    const nav = element("nav", "", undefined, ...([["groups", []], ["changes", ["diff"]], ["locks", ["locks"]]] as const).map(([word, path]) => {
      const one = link(word, "t", target, ...path);
      if (word === now) one.setAttribute("aria-current", "page");
      return one;
    }));
    nav.setAttribute("aria-label", "Views of this service");
    return nav;
  };

  const drawTarget = async (name: string): Promise<readonly Node[]> => {
    const { target, rows, moreRows, suspects } = await ask<ServiceDetail>("target", { target: name });
    const body = rows.map((row) => {
      const line = element("tr", "", undefined, cell("n", number(row.count)), cell("wide", spark(row.counts)), cell(row.perMinute > 0 ? "grows" : "", rate(row.perMinute)), cell("", row.state), cell("mono", link(row.function, "t", name, "g", row.id)), cell("mono wide", row.place), cell("", row.label));
      return line;
    });
    return [
      element("h2", "", name), tabs(name, "groups"),
      element("p", target.state === "down" ? "down" : "", target.state === "down" ? `down: ${target.error}` : `${number(target.total)} goroutines`),
      chart(target.totals.map((count, i) => [i, count] as const), "chart", `all goroutines over the last looks, now ${target.total}, at most ${Math.max(0, ...target.totals)}`),
      element("h2", "", suspects.length === 0 ? "No suspects" : "Suspects"), ...suspects.map((one) => suspect(one, name, true)),
      element("h2", "", "Groups"), table("Groups, growing ones first", [["count", "n"], ["over time", "wide"], ["growth", ""], ["state", ""], ["function", ""], ["place", "wide"], ["label", ""]], body),
      ...(moreRows > 0 ? [element("p", "quiet", `and ${number(moreRows)} more groups`)] : []),
    ];
  };

  const drawGroup = async (name: string, id: string): Promise<readonly Node[]> => {
    const group = await ask<ServiceGroup>("group", { target: name, group: id });
    const most = Math.max(0, ...group.series.map(([, count]) => count));
    const [first] = group.series;
    const span = first ? `${clock(first[0])} to ${clock(group.series[group.series.length - 1]![0])}, at most ${number(most)}` : "no history yet";
    const list = (title: string, nodes: readonly Node[]): readonly Node[] => (nodes.length === 0 ? [] : [element("h2", "", title), ...nodes]);
    return [
      element("h2", "", `${number(group.count)} × ${group.function}`), element("p", "", undefined, link(`back to ${name}`, "t", name)),
      element("p", "", `${group.state}${group.waited === "" ? "" : `, for ${group.waited}`}`), where(group),
      chart(group.series, "chart", `how many there were, ${span}`), element("p", "quiet", span),
      ...list("Why it is a suspect", group.suspects.map((one) => suspect(one, name, false))),
      ...list("Stack", group.stack.map((frame) => where(frame))),
      ...list("Started by", group.startedBy.map((frame) => where(frame))),
      ...list("Labels", group.labels.map(({ label, count }) => element("div", "mono", `${label}  ${number(count)}`))),
    ];
  };

  const drawChanges = (name: string): readonly Node[] => {
    const result = element("div");
    result.id = "changes";
    const field = (label: string, at: Date): HTMLInputElement => {
      const input = element("input") as HTMLInputElement;
      input.type = "datetime-local";
      input.step = "1";
      input.setAttribute("aria-label", label);
      set(input, at);
      return input;
    };
    const set = (input: HTMLInputElement, at: Date): void => void (input.value = new Date(at.getTime() - at.getTimezoneOffset() * 60_000).toISOString().slice(0, 19));
    const noon = new Date();
    noon.setHours(12, 0, 0, 0);
    if (noon.getTime() > Date.now()) noon.setDate(noon.getDate() - 1); // in the morning: yesterday's
    const from = field("from", new Date(Date.now() - 3_600_000));
    const to = field("to", new Date(Date.now() + 1000));
    /** `restart`: from the last look before it, which the answer tells. */
    const compare = async (since?: "restart"): Promise<void> => {
      const query = { target: name, from: since ?? String(new Date(from.value).getTime()), to: String(new Date(to.value).getTime()) };
      try {
        const { before, after, changes } = await ask<{ before: number; after: number; changes: readonly ServiceChange[] }>("diff", query);
        if (since !== undefined) set(from, new Date(before));
        const rows = changes.map((one) => element("tr", "", undefined, cell(`kind-${one.kind}`, one.kind), cell("n", `${number(one.before)} → ${number(one.after)}`), cell("n", `${one.after > one.before ? "+" : ""}${one.after - one.before}`), cell("", one.state), cell("mono", link(one.function, "t", name, "g", one.id)), cell("mono wide", one.place)));
        const nothing = changes.length === 0 ? [element("p", "", "Nothing is new, grown or gone.")] : [table("What changed, growth first", [["change", ""], ["count", "n"], ["by", "n"], ["state", ""], ["function", ""], ["place", "wide"]], rows)];
        result.replaceChildren(element("p", "quiet", `looks of ${clock(before)} and ${clock(after)}`), ...nothing);
      } catch (error) {
        result.replaceChildren(element("p", "down", error instanceof Error ? error.message : String(error)));
      }
    };
    const preset = (text: string, at: () => Date | "restart"): HTMLElement => {
      const button = element("button", "", text) as HTMLButtonElement;
      button.type = "button";
      button.onclick = () => {
        const since = at();
        if (since !== "restart") set(from, since);
        set(to, new Date(Date.now() + 1000));
        void (since === "restart" ? compare(since) : compare());
      };
      return button;
    };
    const go = element("button", "", "compare") as HTMLButtonElement;
    go.type = "button";
    go.onclick = () => void compare();
    const bar = element("div", "bar", undefined, element("span", "", "from"), from, element("span", "", "to"), to, go, preset("since an hour ago", () => new Date(Date.now() - 3_600_000)), preset("since noon", () => noon), preset("since the last restart", () => "restart"), preset("since the first look", () => new Date(0)));
    void compare();
    return [element("h2", "", name), tabs(name, "changes"), bar, result];
  };

  const side = (one: ServiceLockSide, kind: string): HTMLElement => {
    const box = element("div", `box ${kind}`, undefined, element("span", "who", one.who), where(one, "frame"));
    box.append(element("span", "quiet", `${one.state}${kind === "held" && !one.certain ? "; matched by type, not by address" : ""}`));
    return box;
  };
  const drawLocks = async (name: string): Promise<readonly Node[]> => {
    const { locks, at } = await ask<{ locks: readonly ServiceLock[]; at: number }>("locks", { target: name });
    const pictures = locks.map(({ lock, waiting, holding }) => {
      const arrow = (words: string): HTMLElement => {
        const node = element("div", "to", "→");
        node.setAttribute("role", "img");
        node.setAttribute("aria-label", words);
        return node;
      };
      const held = holding.length === 0 ? [element("div", "box", "who holds it is not in the text")] : holding.map((one) => side(one, "held"));
      const picture = element("div", "lock", undefined, element("div", "waiters", undefined, ...waiting.map((one) => side(one, ""))), arrow("wait for"), element("div", "box key mono", lock), arrow("may be held by"), element("div", "holders", undefined, ...held));
      picture.setAttribute("role", "group");
      picture.setAttribute("aria-label", `the lock ${lock}`);
      return picture;
    });
    const head = pictures.length === 0 ? "Nobody waits for a lock." : "Who waits, for which lock, and who may hold it.";
    return [element("h2", "", name), tabs(name, "locks"), element("p", "", head), element("p", "quiet", `from a dump of ${clock(at)}`), ...pictures];
  };

  const draw = async (moved: boolean): Promise<void> => {
    const [kind, target = "", view, id = ""] = location.hash.slice(2).split("/").map(decodeURIComponent);
    if (kind !== "t") {
      drawing++;
      return drawList();
    }
    // What was asked for at a moment, news do not change; and what is being asked for is news itself.
    if (!moved && (view === "diff" || view === "locks" || open > 0 || pressed)) return;
    const mine = ++drawing;
    open++;
    try {
      const nodes = view === "g" ? await drawGroup(target, id) : view === "diff" ? drawChanges(target) : view === "locks" ? await drawLocks(target) : await drawTarget(target);
      if (mine !== drawing) return;
      const scroll = window.scrollY;
      const focused = (document.activeElement as HTMLAnchorElement | null)?.href;
      main.replaceChildren(...nodes);
      if (!moved) window.scrollTo(0, scroll);
      if (focused) [...main.querySelectorAll("a")].find((one) => one.href === focused)?.focus();
    } catch (error) {
      if (mine === drawing) main.replaceChildren(element("p", "down", error instanceof Error ? error.message : String(error)));
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
  }, (error: unknown) => main.replaceChildren(element("p", "down", String(error))));
}
