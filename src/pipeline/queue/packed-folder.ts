import { lstatSync, mkdirSync, readdirSync, readFileSync, readlinkSync, symlinkSync, utimesSync, writeFileSync, type Stats } from "node:fs";
import { dirname, isAbsolute, join, normalize, sep } from "node:path";
import { err, ok, type Result } from "../../base/result.js";
import { decode, encode } from "../../queue/codec.js";

/**
 * A folder as one object, for tests read what lies beside and above them.
 *
 * F1. The same names, contents, links and times; of `.git` only that there is one.
 * F2. What cannot be read is not there, nor what was made after `asOf` (host-folders.ts). A folder that is too large is an error in words.
 * F3. Nothing is written outside of the folder that it is unpacked into: links are made last, and no name leads upwards.
 */
interface Entry {
  readonly path: string;
  readonly kind: "file" | "folder" | "link";
  /** Of a file, in milliseconds. */
  readonly time?: number;
  readonly size?: number;
  readonly to?: string;
  readonly isExecutable?: true;
}

const LARGEST = 256 * 1024 * 1024;

export function packFolder(folder: string, asOf = Infinity): Result<Uint8Array, string> {
  const entries: Entry[] = [];
  const contents: Uint8Array[] = [];
  let bytes = 0;
  const visit = (path: string): void => {
    for (const name of namesIn(join(folder, path))) {
      const inner = path === "" ? name : `${path}/${name}`;
      const stat = statOf(join(folder, inner));
      if (stat === undefined || stat.birthtimeMs > asOf) continue;
      if (stat.isSymbolicLink()) entries.push({ path: inner, kind: "link", to: readlinkSync(join(folder, inner)) });
      else if (stat.isDirectory()) {
        entries.push({ path: inner, kind: "folder" });
        if (name !== ".git") visit(inner);
      } else if (stat.isFile()) {
        bytes += stat.size;
        if (bytes > LARGEST) return;
        const content = contentOf(join(folder, inner));
        if (content === undefined) continue;
        contents.push(content);
        entries.push({ path: inner, kind: "file", size: content.length, time: Math.floor(stat.mtimeMs), ...((stat.mode & 0o100) === 0 ? {} : { isExecutable: true as const }) });
      }
    }
  };
  visit("");
  if (bytes > LARGEST) return err(`${folder} holds more than ${Math.round(LARGEST / 1048576)} MiB`);
  const head = encode(entries);
  const size = Buffer.alloc(4);
  size.writeUInt32BE(head.length);
  return ok(Buffer.concat([size, head, ...contents]));
}

/** Throws on what `packFolder` did not make. */
export function unpackFolder(bytes: Uint8Array, folder: string): void {
  const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const size = buffer.readUInt32BE();
  const entries = decode<readonly Entry[]>(buffer.subarray(4, 4 + size));
  mkdirSync(folder, { recursive: true });
  let at = 4 + size;
  for (const entry of entries) {
    const path = inside(folder, entry.path);
    if (entry.kind === "folder") mkdirSync(path, { recursive: true });
    if (entry.kind !== "file") continue;
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, buffer.subarray(at, at + entry.size!), { flag: "wx", mode: entry.isExecutable ? 0o755 : 0o644 });
    utimesSync(path, entry.time! / 1000, entry.time! / 1000);
    at += entry.size!;
  }
  for (const { path, kind, to } of entries) if (kind === "link") symlinkSync(to!, inside(folder, path));
}

/** F3 */
function inside(folder: string, path: string): string {
  const normal = normalize(path);
  if (isAbsolute(normal) || normal.split(sep).includes("..")) throw new Error(`a packed folder names ${path}, which is outside of it`);
  return join(folder, normal);
}

function namesIn(folder: string): readonly string[] {
  try {
    return readdirSync(folder).sort();
  } catch {
    return [];
  }
}

function statOf(path: string): Stats | undefined {
  try {
    return lstatSync(path);
  } catch {
    return undefined;
  }
}

function contentOf(path: string): Uint8Array | undefined {
  try {
    return readFileSync(path);
  } catch {
    return undefined;
  }
}
