/** A file, or a folder with all below it, that was compiled at another place than where its reader finds it. */
export interface MovedSource {
  readonly built: string;
  readonly source: string;
}

/** Where the reader finds what was compiled as `file`. The first entry that fits holds. */
export function sourceOf(moved: readonly MovedSource[], file: string): string {
  const one = moved.find(({ built }) => file === built || file.startsWith(`${built}/`));
  return one === undefined ? file : one.source + file.slice(one.built.length);
}

/** The same in a text that names files, as a panic's does. */
export const sourcesIn = (moved: readonly MovedSource[], text: string): string => moved.reduce((changed, { built, source }) => changed.replaceAll(built, source), text);
