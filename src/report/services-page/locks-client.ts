import type { ServiceLock, ServiceLockSide } from "./data.js";
import type { ServiceTools } from "./service-parts.js";

/** Who waits for which lock in one service, and who may hold it. The page embeds this function's text, so it refers to nothing outside itself. */
export async function locksView(name: string, { ask, clock, element, tabs, where }: ServiceTools): Promise<readonly Node[]> {
  const side = (one: ServiceLockSide, kind: string): HTMLElement => {
    const box = element("div", `box ${kind}`, undefined, element("span", "who", one.who), where(one, "frame"));
    box.append(element("span", "quiet", `${one.state}${kind === "held" && !one.certain ? "; matched by type, not by address" : ""}`));
    return box;
  };
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
}
