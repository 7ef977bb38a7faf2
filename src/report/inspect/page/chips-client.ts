import type { pageElement } from "../../shared/page-element.js";
import type { PageData } from "./data.js";
import type { pageWords } from "./page-words.js";

/** Which groups are looked at: those whose state is on, and that have the chosen label. */
export interface ChosenGroups {
  readonly off: Set<string>;
  key: string;
  picked: string | undefined;
}

/** Chips that choose by state and by label, in the browser. The page embeds this function's text, so it refers to nothing outside itself. */
export function mountChips(data: PageData, chosen: ChosenGroups, draw: () => void, el: typeof pageElement, { number }: ReturnType<typeof pageWords>): void {
  const states = document.getElementById("states")!;
  const byState = new Map<string, number>();
  for (const group of data.groups) byState.set(group.state, (byState.get(group.state) ?? 0) + group.count);
  for (const [state, count] of [...byState].sort((a, b) => b[1] - a[1])) {
    const chip = el("button", "chip on", `${state} ${number(count)}`);
    chip.setAttribute("aria-pressed", "true");
    chip.onclick = () => {
      if (chosen.off.has(state)) chosen.off.delete(state);
      else chosen.off.add(state);
      chip.className = chosen.off.has(state) ? "chip" : "chip on";
      chip.setAttribute("aria-pressed", String(!chosen.off.has(state)));
      draw();
    };
    states.append(chip);
  }

  // The values of one label, the largest first; one of them can be chosen.
  const labels = document.getElementById("labels")!;
  const keys = document.getElementById("label-key") as HTMLSelectElement;
  const values = (): void => {
    for (const chip of [...labels.querySelectorAll("button")]) chip.remove();
    const counts = new Map<string, number>();
    for (const group of data.groups) for (const [k, v, count] of group.labels) if (k === chosen.key) counts.set(v, (counts.get(v) ?? 0) + count);
    const all = [...counts].sort((a, b) => b[1] - a[1]);
    for (const [value, count] of all.slice(0, 40)) {
      const chip = el("button", chosen.picked === undefined || chosen.picked === value ? "chip on" : "chip", `${value} ${number(count)}`);
      chip.setAttribute("aria-pressed", String(chosen.picked === value));
      chip.onclick = () => {
        chosen.picked = chosen.picked === value ? undefined : value;
        values();
        draw();
      };
      labels.append(chip);
    }
  };
  const known = [...new Set(data.groups.flatMap((group) => group.labels.map(([k]) => k)))].sort();
  labels.hidden = known.length === 0;
  if (!known.includes(chosen.key)) chosen.key = known[0] ?? "";
  for (const name of known) keys.append(new Option(name, name, name === chosen.key, name === chosen.key));
  keys.onchange = () => {
    chosen.key = keys.value;
    chosen.picked = undefined;
    values();
    draw();
  };
  values();
}
