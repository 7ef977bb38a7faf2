import type { SchedulePicture } from "../../model/run/schedule-picture.js";

/** Where a goroutine stands after a step. */
export interface LanePosition {
  readonly text: string;
  /** The user's frame, where one is known. */
  readonly frame?: readonly [string, string, number, number];
  /** `mutex A`: locks that it has taken and not given back. */
  readonly holds: readonly string[];
}

/**
 * Where a goroutine is after step `step` (from 0; -1: before the first): its latest operation until then. The page embeds
 * this function's text, so it refers to nothing outside itself.
 *
 * @param stepsOfLane the steps that it took part in, in order
 */
export function lanePosition(picture: SchedulePicture, stepsOfLane: readonly number[], lane: number, step: number): LanePosition {
  const { from, to, end, reason, frame } = picture.lanes[lane]!;
  const holds = picture.holds.flatMap((hold) => (hold.lane === lane && hold.from <= step && (hold.to === undefined || step < hold.to) ? [picture.objects[hold.object]!] : []));
  if (from > step) return { text: "not started", holds: [] };
  if (to !== undefined && to <= step) return { text: "ended", holds };
  if (step >= picture.steps.length - 1 && end !== "ended" && reason !== undefined) return { text: reason, holds, ...(frame === undefined ? {} : { frame: picture.frames[frame]! }) };
  let low = 0;
  let high = stepsOfLane.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (stepsOfLane[middle]! <= step) low = middle + 1;
    else high = middle;
  }
  const last = stepsOfLane[low - 1];
  if (last === undefined) return { text: "started", holds };
  const at = picture.steps[last]!;
  const user = at.stack.find((id) => picture.frames[id]![3] === 0) ?? at.stack[0];
  return { text: `after step ${last + 1}: ${at.lane === lane ? at.text : "receives"}`, holds, ...(user === undefined ? {} : { frame: picture.frames[user]! }) };
}
