// The staged package as one compressed file: names, sizes and bytes, in Node's own formats, so that the single file and
// the Go launcher can unpack it without a library. Format: JSON header line { files: [[path, size], ...] } + bytes, gzip.
import { readdirSync, readFileSync } from "node:fs";
import { createHash } from "node:crypto";
import { join } from "node:path";
import { gzipSync } from "node:zlib";

/** All files below `folder` in one buffer; the same bytes for the same content, whatever the machine. */
export function archive(folder) {
  const paths = readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath ?? entry.path, entry.name).slice(folder.length + 1).replaceAll("\\", "/"))
    .sort();
  const bodies = paths.map((path) => readFileSync(join(folder, path)));
  const header = `${JSON.stringify({ files: paths.map((path, i) => [path, bodies[i].length]) })}\n`;
  const bytes = gzipSync(Buffer.concat([Buffer.from(header), ...bodies]), { level: 9 });
  return { bytes, hash: createHash("sha256").update(bytes).digest("hex"), files: paths.length };
}
