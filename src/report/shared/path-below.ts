/**
 * A file's path from a folder, with slashes; undefined where it does not lie below it. By the folder it is known whose paths these
 * are: on Windows Go names files with slashes (runtime.Caller), Node folders with backslashes, and neither minds capitals.
 */
export function pathBelow(file: string, folder: string | undefined): string | undefined {
  if (folder === undefined || folder === "" || folder === "/") return undefined;
  const windows = isWindowsPath(folder);
  const slashed = (path: string): string => (windows ? path.replace(/\\/g, "/") : path);
  const [path, start] = [slashed(file), slashed(folder).replace(/\/$/, "")];
  const same = windows ? path.slice(0, start.length).toLowerCase() === start.toLowerCase() : path.startsWith(start);
  return same && path[start.length] === "/" && path.length > start.length + 1 ? path.slice(start.length + 1) : undefined;
}

/** `C:\…`, `C:/…` or `\\server\share`. */
const isWindowsPath = (path: string): boolean => /^([a-z]:[\\/]|\\\\)/i.test(path);
