import { createHash } from "node:crypto";
import { lstatSync, readdirSync, readFileSync, readlinkSync } from "node:fs";

/**
 * What a program has seen of the real files: a path with a stamp of what was there. The same stamps mean that the program
 * would see the same again, whenever the files were written (a fresh checkout has new times, and the same content).
 */
export type Inputs = readonly (readonly [path: string, stamp: string])[];

/** What was asked of a path: its kind and size, a folder's names, or a file's content. */
type InputKind = "stat" | "names" | "content";

/** What is there now; "missing" where it is not, or cannot be read. */
function stampOf(path: string, kind: InputKind): string {
  try {
    const stat = lstatSync(path);
    if (stat.isSymbolicLink()) return `link ${readlinkSync(path)}`;
    if (stat.isDirectory()) return kind === "names" ? `names ${digest(readdirSync(path).sort().join("\0"))}` : "folder";
    return kind === "content" ? `content ${digest(readFileSync(path))}` : `file ${stat.size}${(stat.mode & 0o111) === 0 ? "" : " x"}`;
  } catch {
    return "missing";
  }
}

/** Is everything still as it was seen? */
export const unchanged = (inputs: Inputs): boolean => inputs.every(([path, stamp]) => stampOf(path, kindOf(stamp)) === stamp);

const kindOf = (stamp: string): InputKind => (stamp.startsWith("content ") ? "content" : stamp.startsWith("names ") ? "names" : "stat");
const digest = (data: string | Uint8Array): string => createHash("sha256").update(data).digest("hex").slice(0, 32);

/** Collects what is seen, each path once, by the question that says most about it. */
export class ReadInputs {
  #seen = new Map<string, InputKind>();
  #start: ReadonlyMap<string, InputKind> = new Map();
  #programs = 0;

  note(path: string, kind: InputKind): void {
    if (kind === "stat" && this.#seen.has(path)) return;
    this.#seen.set(path, kind);
  }

  /** What was seen so far belongs to whatever follows: the start that all programs of a module share. */
  keepStart(): void {
    this.#start = new Map(this.#seen);
  }

  /** Another program: what was seen at the start, and from now on. */
  begin(): void {
    this.#seen = new Map(this.#start);
    this.#programs++;
  }

  /** How many programs have begun. */
  get programs(): number {
    return this.#programs;
  }

  /** Stamped now: the host keeps what it has read once, so this is what the program saw, unless a file changed meanwhile. */
  get all(): Inputs {
    return [...this.#seen].map(([path, kind]) => [path, stampOf(path, kind)] as const);
  }
}
