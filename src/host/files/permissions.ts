import { fail } from "../wasi/errno.js";
import type { FileNode } from "./file-node.js";

/**
 * The program is an ordinary user, whoever runs it natively, so that a run is the same on every machine; it owns whatever it sees, so that of a
 * file's permissions its owner's count (path_resolution(7), open(2), unlink(2)).
 */
export const MAY = { read: 0o400, write: 0o200, search: 0o100 } as const;

/** What chmod sets; the sticky bit and its like are not kept. */
export const PERMISSIONS = 0o777;

/** As most umasks leave them, and a checkout of git makes them. */
export const USUAL = { directory: 0o755, file: 0o644, executable: 0o755, symlink: 0o777, device: 0o666 } as const;

/** EACCES where its owner may not. `refused` is told: root might have. */
export function permit({ mode }: FileNode, may: number, refused: (() => void) | undefined): void {
  if ((mode & may) === may) return;
  refused?.();
  fail("EACCES");
}
