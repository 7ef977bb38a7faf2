import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { gunzipSync } from "node:zlib";
import { groupGoroutines } from "../../model/goroutine/goroutine-group.js";
import type { Snapshot } from "../../model/goroutine/snapshot.js";
import { parseBytes } from "../parse.js";
import type { Parsed } from "../result.js";

/** The versions under fixtures/dumps (scripts/capture.mjs). */
export const VERSIONS = [
  "go1.18.10", "go1.19.13", "go1.20.14", "go1.21.13", "go1.22.12", "go1.23.12", "go1.24.10", "go1.25.4", "go1.26.8", "go1.27.0",
];

export function fixture(name: string): Buffer {
  const bytes = readFileSync(new URL(`../../../../fixtures/dumps/${name}`, import.meta.url));
  return name.endsWith(".gz") ? gunzipSync(bytes) : bytes;
}

export function parseText(text: string | Uint8Array): Parsed {
  const parsed = parseBytes(Buffer.from(text), { source: "test" });
  assert.ok(parsed.ok, parsed.ok ? "" : JSON.stringify(parsed.error));
  return parsed.value;
}

/** `3 send main.send:30 < main.main.func1:87`, one line a group, in a stable order. */
export function picture(snapshot: Snapshot, depth = 99): string[] {
  return groupGoroutines(snapshot)
    .map((g) => `${g.count} ${g.kind} ${g.stack.slice(0, depth).map((f) => `${f.function}:${f.line}`).join(" < ")}`)
    .sort();
}
