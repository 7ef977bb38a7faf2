import type { ServicePlace, ServiceSuspect } from "./data.js";
import type { PageElements } from "./page-elements.js";

/** Parts that several views of one service share. The page embeds this function's text, so it refers to nothing outside itself. */
export function serviceParts({ element, link, number }: PageElements) {
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
  return { where, suspect, tabs };
}

/** What each view is given: `ask` answers with the server's data. */
export interface ServiceTools extends PageElements, ReturnType<typeof serviceParts> {
  readonly ask: <T>(path: string, query?: Readonly<Record<string, string>>) => Promise<T>;
}
