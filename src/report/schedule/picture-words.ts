import type { SchedulePicture } from "../../model/run/schedule-picture.js";

/** How the page names what a picture holds. */
export interface PictureWords {
  readonly baseName: (file: string) => string;
  /** A function without the path of its package. */
  readonly shortName: (name: string) => string;
  readonly laneName: (lane: number) => string;
  readonly shownName: (name: string) => string;
  readonly hue: (lane: number) => string;
  /** A line of source without its comment; "": it is not at hand. */
  readonly sourceLine: (file: string, line: number) => string;
}

/** The page embeds this function's text, so it refers to nothing outside itself. */
export function pictureWords(picture: SchedulePicture): PictureWords {
  return {
    baseName: (file) => file.slice(file.lastIndexOf("/") + 1),
    shortName: (name) => name.slice(name.lastIndexOf("/", name.indexOf("[") < 0 ? name.length : name.indexOf("[")) + 1),
    laneName: (lane) => (lane < 0 ? "clock" : picture.lanes[lane]!.name),
    shownName: (name) => (name === "1" ? "main" : name),
    hue: (lane) => `var(--lane${lane % 8})`,
    sourceLine: (file, line) => (picture.sources[file]?.[line - 1] ?? "").replace(/\s*\/\/.*$/, "").trim(),
  };
}
