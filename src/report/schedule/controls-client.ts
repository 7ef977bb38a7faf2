import type { SchedulePicture } from "../../model/run/schedule-picture.js";
import type { pageElement } from "../shared/page-element.js";
import type { RowFilter } from "./picture-rows.js";

/** Above the list of steps: what of them is to be seen. */
interface PictureControls {
  readonly bar: HTMLElement;
  readonly search: HTMLInputElement;
  /** How many steps are to be seen. */
  readonly status: HTMLElement;
  /** Only one goroutine; of the one that is chosen already: all again. */
  readonly chooseLane: (lane: number) => void;
  /** As a press of the button; nothing where this picture has none. */
  readonly press: (button: "all steps" | "library steps") => void;
  /** All steps, without a change of the list. */
  readonly showAll: () => void;
}

/**
 * The page embeds this function's text, so it refers to nothing outside itself.
 *
 * @param filter what the controls change, before they call `changed`
 */
export function mountControls(picture: SchedulePicture, filter: { -readonly [name in keyof RowFilter]: RowFilter[name] }, changed: () => void, el: typeof pageElement): PictureControls {
  const search = el("input", "search");
  search.type = "search";
  search.placeholder = "Filter steps: word, file, channel A";
  search.setAttribute("aria-label", "Filter steps");
  search.oninput = () => {
    filter.word = search.value.trim().toLowerCase();
    changed();
  };

  const choice = (name: "lane" | "object", label: string, first: string, names: readonly string[]): HTMLSelectElement => {
    const select = el("select", "choose");
    select.setAttribute("aria-label", label);
    [first, ...names].forEach((text, index) => {
      const option = el("option", "", text);
      option.value = String(index - 1);
      select.append(option);
    });
    select.onchange = () => {
      filter[name] = Number(select.value);
      changed();
    };
    return select;
  };
  const lanes = choice("lane", "Only one goroutine", "all goroutines", picture.lanes.map(({ name, entry }) => (entry === "" ? name : `${name}  ${entry}`)));
  const objects = choice("object", "Only one object", "all objects", picture.objects);

  const toggle = (name: "all" | "library", label: string, title: string): HTMLButtonElement => {
    const button = el("button", "toggle", label);
    button.type = "button";
    button.title = title;
    button.setAttribute("aria-pressed", String(filter[name]));
    button.onclick = () => {
      filter[name] = !filter[name];
      button.setAttribute("aria-pressed", String(filter[name]));
      changed();
    };
    return button;
  };
  const toggles: HTMLButtonElement[] = [];
  if (picture.steps.some(({ past }) => !past)) toggles.push(toggle("all", "all steps", "Also steps that what was found does not depend on (a)"));
  if (picture.steps.some(({ user }) => !user)) toggles.push(toggle("library", "library steps", "Also steps inside of libraries' calls (l)"));

  const status = el("span", "status");
  status.setAttribute("role", "status");
  const bar = el("div", "bar");
  bar.append(search, lanes, objects, ...toggles, status);
  return {
    bar, search, status,
    chooseLane: (lane) => {
      filter.lane = filter.lane === lane ? -1 : lane;
      lanes.value = String(filter.lane);
      changed();
    },
    press: (label) => toggles.find((button) => button.textContent === label)?.click(),
    showAll: () => {
      filter.all = filter.library = true;
      for (const button of toggles) button.setAttribute("aria-pressed", "true");
    },
  };
}
