import type { Frame, Stack } from "../../model/goroutine/stack.js";
import { errorClass, PlainFrame, sitesOf, type Prepare, type RawFrame, type EngineFrame } from "./engine-frames.js";
import { place } from "./source-place.js";
import { isOwn, parseText, symbol } from "./stack-text.js";

/**
 * Stacks from errors. Capturing one costs about 2 µs (bench/runtime); making frames of it is put off until it is asked
 * for, and the mapping to the source is remembered per place, for it is what is slow.
 */
const known = new WeakMap<Error, Stack>();

/** Innermost first; the runtime's own frames and the platform's left out. */
export function framesOf(error: Error | undefined): Stack {
  if (error === undefined) return [];
  let frames = known.get(error);
  if (frames === undefined) known.set(error, (frames = read(error)));
  return frames;
}

function read(error: Error): Stack {
  const { sites, before } = sitesOf(error);
  return sites.length === 0 ? parseText(error.stack ?? "") : framesAt(sites, before);
}

/** Was the user's code on top, below the runtime's own, when this error was made? Ask before anything reads its stack. */
export function topIsUsers(error: Error): boolean {
  const { sites, before } = sitesOf(error);
  const top = sites.find((site) => !/^node:internal\/promise_hooks/.test(site.getFileName() ?? "") && !isOwn(site.getFileName() ?? ""));
  const file = top?.getFileName() ?? "";
  known.set(error, framesAt(sites, before));
  return file !== "" && !file.startsWith("node:");
}

function framesAt(sites: readonly EngineFrame[], before: Prepare | undefined): Stack {
  return sites.flatMap((site) => {
    const file = site.getFileName();
    if (file === null || file === undefined || file.startsWith("node:") || isOwn(file)) return [];
    return [{ function: functionName(site), ...place(site, file, before) }];
  });
}

const functionName = (site: EngineFrame): string => symbol(site.getFunctionName() ?? "");

/** As reports name it: the source's own line, where a map leads there. */
export function frameOf(raw: RawFrame): Frame {
  return { function: symbol(raw.function), ...place(new PlainFrame(raw), raw.file, errorClass.prepareStackTrace) };
}
