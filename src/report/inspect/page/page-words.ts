/** Numbers, names and ages, short. The page embeds this function's text, so it refers to nothing outside itself. */
export function pageWords() {
  return {
    number: (n: number): string => String(n).replace(/\B(?=(\d{3})+$)/g, ","),
    short: (name: string): string => name.slice(name.lastIndexOf("/", name.indexOf("[") < 0 ? name.length : name.indexOf("[")) + 1),
    minutes: (m: number): string => (m < 120 ? `${m}m` : m < 2880 ? `${Math.floor(m / 60)}h` : `${Math.floor(m / 1440)}d`),
    /** The last folder of a path, the file and the line. */
    place: (file: string, line: number): string => (file === "" ? "" : `${file.split("/").slice(-2).join("/")}:${line}`),
  };
}
