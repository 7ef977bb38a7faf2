import type { SchedulePicture } from "../../model/run/schedule-picture.js";

/** A step as a row tells it. */
interface StepWords {
  /** `main`, `1.2`; empty for the clock. */
  readonly who: string;
  readonly text: string;
  /** `main.go:12`; empty where that is not known. */
  readonly where: string;
  /** The user's innermost frame, else the innermost of all. */
  readonly frame: SchedulePicture["frames"][number] | undefined;
}

/** The page embeds this function's text, so it refers to nothing outside itself. */
export function stepWords(of: SchedulePicture, step: number): StepWords {
  const { lane, text, stack } = of.steps[step]!;
  const frame = of.frames[stack.find((id) => of.frames[id]![3] === 0) ?? stack[0] ?? -1];
  const name = lane < 0 ? "" : of.lanes[lane]!.name;
  return { who: name === "1" ? "main" : name, text, where: frame === undefined ? "" : `${frame[1].slice(frame[1].lastIndexOf("/") + 1)}:${frame[2]}`, frame };
}
