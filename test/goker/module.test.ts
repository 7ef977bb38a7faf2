import assert from "node:assert/strict";
import { it } from "node:test";
import { nativeLeaks } from "./module.js";

it("leaks are read from a debug=2 leak profile: outermost function and wait reason of the leaked alone", () => {
  const profile = [
    "goroutine 1 [running]:\nruntime/pprof.writeGoroutineStacks({0x1, 0x2})\n\t/go/pprof.go:7 +0x6a\nmain.main()\n\t/x/main.go:3 +0x1",
    "goroutine 8 [sync.Mutex.Lock (leaked)]:\nsync.(*Mutex).Lock(...)\n\t/go/mutex.go:4\nmain.(*T_a).run(0xc0000, {0x1, 0x2})\n\t/x/a.go:9 +0x2\ncreated by main.A in goroutine 1\n\t/x/a.go:3 +0x1",
    "goroutine 9 [chan send]:\nmain.B.func1()\n\t/x/b.go:9 +0x2\ncreated by main.B in goroutine 1\n\t/x/b.go:3 +0x1",
  ].join("\n\n");
  assert.deepEqual(nativeLeaks(profile), ["(*T_a).run(...) [sync.Mutex.Lock]"]);
});
