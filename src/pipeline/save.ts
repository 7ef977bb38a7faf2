import { renameSync, rmSync, writeFileSync } from "node:fs";
import { err, ok, type Result } from "../base/result.js";
import type { Snapshot } from "../model/snapshot.js";
import { encodeProfile } from "../parse/pprof/encode.js";

/** Writes a snapshot as a pprof profile, whole or not at all. */
export function saveProfile(snapshot: Snapshot, file: string): Result<undefined, string> {
  const part = `${file}.part`;
  try {
    writeFileSync(part, encodeProfile(snapshot));
    renameSync(part, file);
    return ok(undefined);
  } catch (error) {
    rmSync(part, { force: true });
    return err(`cannot be written (${(error as NodeJS.ErrnoException).code ?? String(error)})`);
  }
}
