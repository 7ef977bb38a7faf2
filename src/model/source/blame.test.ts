import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { blamedFrame, ownerOf, packageOf, place, shortSymbol, UNKNOWN_FRAME, userFrame, type CodeOwner } from "./blame.js";
import type { Frame } from "../goroutine/stack.js";

test("a symbol's package, and its name as the source says it", () => {
  const rows: readonly (readonly [symbol: string, path: string, short: string])[] = [
    ["main.main", "main", "main.main"],
    ["main.(*store).add", "main", "main.(*store).add"],
    ["net/http.(*conn).serve", "net/http", "http.(*conn).serve"],
    ["example.com/shop/cart.(*Cart).Add.func1", "example.com/shop/cart", "cart.(*Cart).Add.func1"],
    ["gopkg.in/yaml%2ev3.Load", "gopkg.in/yaml.v3", "yaml.v3.Load"],
    ["example.com/q.Map[go.shape.int]", "example.com/q", "q.Map[go.shape.int]"],
    ["example.com/q.Map[example.com/r.T]", "example.com/q", "q.Map[example.com/r.T]"],
    ["panic", "", "panic"],
  ];
  for (const [symbol, path, short] of rows) {
    assert.equal(packageOf(symbol), path, symbol);
    assert.equal(shortSymbol(symbol), short, symbol);
  }
});

test("whose code a frame is", () => {
  const rows: readonly (readonly [owner: CodeOwner, fn: string, file: string, module?: string])[] = [
    ["user", "main.main", "/src/app/main.go"],
    ["user", "example.com/shop/cart.Add", "/src/shop/cart/cart.go"],
    ["std", "net/http.(*conn).serve", "/usr/local/go/src/net/http/server.go"],
    ["std", "net/http.(*conn).serve", "net/http/server.go"],
    ["std", "time.Sleep", "/usr/local/go/src/runtime/time.go"],
    ["std", "panic", "/usr/local/go/src/runtime/panic.go"],
    // A user's package whose path begins like one of Go's.
    ["user", "log/audit.Write", "/src/audit/write.go"],
    ["library", "github.com/dep/q.Pop", "/go/pkg/mod/github.com/dep/q@v1.2.3/q.go"],
    ["library", "github.com/dep/q.Pop", "github.com/dep/q@v1.2.3/q.go"],
    ["library", "github.com/dep/q.Pop", "/src/app/vendor/github.com/dep/q/q.go"],
    ["user", "github.com/me/q.Pop", "/go/pkg/mod/github.com/me/q@v1.2.3/q.go", "github.com/me/q"],
    ["library", "github.com/dep/q.Pop", "/src/dep/q.go", "github.com/me/app"],
    ["user", "github.com/me/app/x.Run", "/src/app/x/x.go", "github.com/me/app"],
    // TypeScript: every name is written as main's.
    ["user", "main.worker", "/src/app/worker.ts"],
    ["library", "main.acquire", "/src/app/node_modules/generic-pool/lib/Pool.js"],
    ["std", "main.processTimers", "node:internal/timers"],
  ];
  for (const [owner, name, file, module] of rows) assert.equal(ownerOf({ function: name, file, line: 1 }, module), owner, `${name} ${file}`);
});

describe("the frame that is blamed", () => {
  const FRAMES: Readonly<Record<string, Frame>> = {
    user: { function: "main.worker", file: "/src/app/main.go", line: 3 },
    outer: { function: "main.main", file: "/src/app/main.go", line: 9 },
    test: { function: "example.com/app.TestX", file: "/src/app/x_test.go", line: 7 },
    lib: { function: "github.com/dep/q.(*Q).Pop", file: "/go/pkg/mod/github.com/dep/q@v1.0.0/q.go", line: 5 },
    vendor: { function: "github.com/dep/p.Get", file: "/src/app/vendor/github.com/dep/p/p.go", line: 6 },
    npm: { function: "main.acquire", file: "/src/app/node_modules/pool/pool.js", line: 8 },
    ts: { function: "main.handler", file: "/src/app/handler.ts", line: 4 },
    http: { function: "net/http.(*persistConn).readLoop", file: "/usr/local/go/src/net/http/transport.go", line: 2 },
    poll: { function: "internal/poll.runtime_pollWait", file: "/usr/local/go/src/runtime/netpoll.go", line: 1 },
    park: { function: "runtime.gopark", file: "/usr/local/go/src/runtime/proc.go", line: 1 },
    lock: { function: "sync.(*Mutex).Lock", file: "/usr/local/go/src/sync/mutex.go", line: 1 },
  };
  const rows: readonly (readonly [stack: string, blamed: string, user: string])[] = [
    ["user outer", "user", "user"],
    ["park user outer", "user", "user"],
    ["lock user", "user", "user"],
    ["lib user", "user", "user"],
    ["park lib user outer", "user", "user"],
    ["vendor user", "user", "user"],
    ["vendor lib", "vendor", "vendor"],
    ["lib", "lib", "lib"],
    ["park lib", "lib", "lib"],
    ["lib test", "test", "test"],
    ["lock lib test", "test", "test"],
    ["http", "http", ""],
    ["poll http", "http", ""],
    ["park poll http", "http", ""],
    ["park", "park", ""],
    ["poll park", "park", ""],
    ["npm ts", "ts", "ts"],
    ["npm", "npm", "npm"],
    ["http lib", "lib", "lib"],
    ["", "", ""],
  ];
  for (const [stack, blamed, user] of rows) {
    test(stack === "" ? "no stack" : stack, () => {
      const frames = stack.split(" ").flatMap((name) => (name === "" ? [] : [FRAMES[name]!]));
      assert.equal(blamedFrame(frames), FRAMES[blamed]);
      assert.equal(userFrame(frames), FRAMES[user]);
      assert.equal(place(frames), FRAMES[blamed] ?? UNKNOWN_FRAME);
    });
  }
});
