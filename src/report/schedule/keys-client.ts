import type { SchedulePicture } from "../../model/run/schedule-picture.js";
import type { PictureRow } from "./picture-rows.js";

/** What the keys move: the cursor over the rows that are shown. */
interface KeyTarget {
  readonly rows: () => readonly PictureRow[];
  /** The row of the cursor. */
  readonly row: () => number;
  /** The step at the cursor. */
  readonly step: () => number;
  readonly move: (row: number) => void;
  /** So many rows are a page. */
  readonly page: () => number;
  readonly press: (label: "all steps" | "library steps") => void;
  readonly search: () => void;
  readonly open: (row: number) => void;
}

/** The keys of a picture's list, in the browser. The page embeds this function's text, so it refers to nothing outside itself. */
export function pictureKeys(list: HTMLElement, picture: SchedulePicture, { rows, row, step, move, page, press, search, open }: KeyTarget): void {
  /** To the next row in a direction that fits; nothing happens where there is none. */
  const jump = (by: 1 | -1, fits: (one: PictureRow) => boolean): void => {
    for (let index = row() + by; index >= 0 && index < rows().length; index += by) if (fits(rows()[index]!)) return move(index);
  };
  /** Whose row the cursor is at, and of which objects: at the wall, those of the goroutine that waits there. */
  const here = (): { readonly lane: number | undefined; readonly objects: readonly number[] } => {
    const at = rows()[row()];
    if (at?.kind === "end") return { lane: at.lane, objects: picture.lanes[at.lane]!.waitsAt ?? [] };
    const current = picture.steps[step()];
    return { lane: current?.lane, objects: current?.objects ?? [] };
  };
  const sameLane = (one: PictureRow): boolean => {
    const { lane } = here();
    return one.kind === "step" && (picture.steps[one.step]!.lane === lane || picture.steps[one.step]!.other === lane);
  };
  const sameObject = (one: PictureRow): boolean => one.kind === "step" && picture.steps[one.step]!.objects.some((object) => here().objects.includes(object));

  const keys: Record<string, () => void> = {
    ArrowDown: () => move(row() + 1), j: () => move(row() + 1), ArrowUp: () => move(row() - 1), k: () => move(row() - 1),
    PageDown: () => move(row() + page()), PageUp: () => move(row() - page()), Home: () => move(0), End: () => move(rows().length - 1),
    n: () => jump(1, sameLane), p: () => jump(-1, sameLane), o: () => jump(1, sameObject), O: () => jump(-1, sameObject),
    a: () => press("all steps"), l: () => press("library steps"), "/": () => search(),
    Enter: () => open(row()),
  };
  list.onkeydown = (event) => {
    const action = event.ctrlKey || event.metaKey || event.altKey ? undefined : keys[event.key];
    if (action === undefined) return;
    event.preventDefault();
    action();
  };
}
