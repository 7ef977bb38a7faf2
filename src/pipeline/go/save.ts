import { renameSync, rmSync, writeFileSync } from "node:fs";
import { err, ok, type Result } from "../../base/result.js";
import type { Snapshot } from "../../model/goroutine/snapshot.js";
import { encodeProfile } from "../../parse/pprof/encode.js";

/** Writes a snapshot as a pprof profile. */
export const saveProfile = (snapshot: Snapshot, file: string): Result<undefined, string> => writeWhole(encodeProfile(snapshot), file);

/** Writes a file whole or not at all. */
export function writeWhole(content: string | Uint8Array, file: string): Result<undefined, string> {
  const part = `${file}.part`;
  try {
    writeFileSync(part, content);
    renameSync(part, file);
    return ok(undefined);
  } catch (error) {
    rmSync(part, { force: true });
    return err(`cannot be written (${(error as NodeJS.ErrnoException).code ?? String(error)})`);
  }
}
