import type { DrawnRun, SchedulePicture } from "../../model/run/schedule-picture.js";
import type { BesideTools, mountBeside as besideClient } from "./beside-client.js";

/** The functions of the page that it needs. */
export interface OtherTools extends BesideTools {
  readonly mountBeside: typeof besideClient;
}

/**
 * Another schedule of the same program below a picture, in the browser: beside it, and as a picture of its own. The page embeds this
 * function's text, so it refers to nothing outside itself.
 *
 * @param go moves the cursor of the picture above to a step of its schedule (from 0)
 */
export function mountOther(root: HTMLElement, picture: SchedulePicture, beside: NonNullable<DrawnRun["beside"]>, tools: OtherTools, go: (step: number) => void, mount: (root: HTMLElement, run: DrawnRun) => void): void {
  const { el, mountBeside } = tools;
  const both = el("section", "both");
  both.append(el("h2", "", beside.title), el("p", "parted", `The two schedules are the same up to step ${beside.partsAt - 1} and differ at step ${beside.partsAt}.`));
  mountBeside(both, picture, beside, tools, go);
  const other = el("details", "beside");
  other.append(el("summary", "", "The other schedule as a picture"));
  const inner = el("div", "");
  inner.id = `${root.id}-beside`;
  other.append(inner);
  let mounted = false;
  other.ontoggle = () => {
    if (mounted) return;
    mounted = true;
    mount(inner, { picture: beside.picture });
  };
  root.append(both, other);
}
