import assert from "node:assert/strict";
import { it } from "node:test";
import { inspectChild } from "./inspect.js";

it("a program is not started where it could not be asked: Windows has no SIGQUIT", async () => {
  const options = { cwd: "/", env: {}, headers: [], tls: { insecure: false }, timeoutMs: 1000, maxBytes: 1000, stdin: [] as never, now: () => 0n as never, profile: "goroutine" as const, signal: new AbortController().signal };
  assert.deepEqual(await inspectChild(["no-such-program"], 1, options, "win32"), { ok: false, error: "-- PROGRAM asks by SIGQUIT, which Windows does not have: let the program serve net/http/pprof, and inspect its address" });
});
