// Ordinary code that ends well in production by whatever may settle a promise, and code that hangs, of each kind: none of the first
// is called a deadlock or a leak, or fails; each of the second is proved, or, where that cannot be, nothing is said.
import assert from "node:assert/strict";
import { exec, spawn } from "node:child_process";
import { pbkdf2 } from "node:crypto";
import { createSocket } from "node:dgram";
import { lookup } from "node:dns";
import { EventEmitter, on, once } from "node:events";
import { createReadStream, stat } from "node:fs";
import { readFile } from "node:fs/promises";
import { createServer as createHttpServer } from "node:http";
import { connect, createServer, type AddressInfo } from "node:net";
import { createInterface } from "node:readline";
import { PassThrough, Readable } from "node:stream";
import { after, describe, it } from "node:test";
import { setTimeout as wait } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { MessageChannel, Worker } from "node:worker_threads";
import { gzip } from "node:zlib";
import { examineTs } from "./examine-ts.js";

const HERE = fileURLToPath(import.meta.url);
/** What lives as long as the module. */
const kept: unknown[] = [];
/** Ports and channels: a run that is given up leaves them open. */
const opened: { close(): void }[] = [];
const open = <P extends readonly { close(): void }[]>(...ports: P): P => (opened.push(...ports), ports);
/** And what else would keep this process alive. */
after(() => {
  for (const one of opened) one.close();
  for (const handle of (process as unknown as { _getActiveHandles(): { unref?(): void }[] })._getActiveHandles()) handle.unref?.();
});
const settles: { now: (() => void) | undefined } = { now: undefined };
const never = (): Promise<never> => new Promise(() => undefined);
const portOf = (server: { address(): unknown }): number => (server.address() as AddressInfo).port;

const HEALTHY: Readonly<Record<string, () => Promise<unknown>>> = {
  "a timer": () => new Promise((resolve) => setTimeout(resolve, 50)),
  "an interval that is cleared": () =>
    new Promise<void>((resolve) => {
      let n = 0;
      const interval = setInterval(() => {
        if (++n < 3) return;
        clearInterval(interval);
        resolve();
      }, 10);
    }),
  setImmediate: () => new Promise((resolve) => setImmediate(resolve)),
  queueMicrotask: () => new Promise<void>((resolve) => queueMicrotask(resolve)),
  nextTick: () => new Promise((resolve) => process.nextTick(resolve)),
  "a stream that ends": async () => {
    const stream = new PassThrough();
    setTimeout(() => stream.end("x"), 5);
    for await (const _ of stream);
  },
  "a Readable of values": async () => {
    for await (const _ of Readable.from([1, 2, 3]));
  },
  "a file's stream": () => new Promise<void>((resolve) => createReadStream(HERE).on("close", resolve).resume()),
  "a worker": async () => {
    const worker = new Worker(`require("node:worker_threads").parentPort.postMessage(1)`, { eval: true });
    await once(worker, "message");
    await worker.terminate();
  },
  "a message channel": async () => {
    const { port1, port2 } = new MessageChannel();
    open(port1, port2);
    const got = once(port2, "message");
    port1.postMessage(1);
    await got;
    port1.close();
  },
  "a broadcast channel": async () => {
    const [a, b] = open(new BroadcastChannel("unpark"), new BroadcastChannel("unpark"));
    const got = new Promise((resolve) => (b.onmessage = resolve));
    a.postMessage(1);
    await got;
    a.close();
    b.close();
  },
  exec: () => new Promise<void>((resolve) => exec("true", () => resolve())),
  spawn: () => once(spawn("true"), "close"),
  "an fs callback": () => new Promise<void>((resolve) => stat(HERE, () => resolve())),
  "fs/promises": () => readFile(HERE),
  "an emitter": async () => {
    const emitter = new EventEmitter();
    setTimeout(() => emitter.emit("go"), 5);
    await once(emitter, "go");
  },
  "an emitter's iterator": async () => {
    const emitter = new EventEmitter();
    setTimeout(() => {
      emitter.emit("a", 1);
      emitter.emit("b");
    }, 3);
    for await (const _ of on(emitter, "a", { close: ["b"] }));
  },
  "an event target": async () => {
    const target = new EventTarget();
    const seen = new Promise((resolve) => target.addEventListener("e", resolve));
    setTimeout(() => target.dispatchEvent(new Event("e")), 5);
    await seen;
  },
  "AbortSignal.timeout": () => new Promise((resolve) => AbortSignal.timeout(20).addEventListener("abort", resolve)),
  "AbortSignal.any": () => new Promise((resolve) => AbortSignal.any([AbortSignal.timeout(20), new AbortController().signal]).addEventListener("abort", resolve)),
  "a controller that a timer aborts": async () => {
    const controller = new AbortController();
    const aborted = new Promise((resolve) => controller.signal.addEventListener("abort", resolve));
    setTimeout(() => controller.abort(), 5);
    await aborted;
  },
  "fetch from a server of its own": async () => {
    const server = createHttpServer((_, response) => response.end("x")).listen(0);
    await once(server, "listening");
    await (await fetch(`http://127.0.0.1:${portOf(server)}`)).text();
    server.closeAllConnections();
    server.close();
  },
  "a socket": async () => {
    const server = createServer((socket) => socket.end("x")).listen(0);
    await once(server, "listening");
    await once(connect(portOf(server)).resume(), "close");
    server.close();
  },
  "a datagram": async () => {
    const socket = createSocket("udp4").bind(0, "127.0.0.1");
    await once(socket, "listening");
    const got = once(socket, "message");
    socket.send("x", portOf(socket), "127.0.0.1");
    await got;
    socket.close();
  },
  readline: async () => {
    for await (const _ of createInterface({ input: Readable.from(["a\n", "b\n"]) }));
  },
  "a signal of the process": async () => {
    const got = once(process, "SIGUSR2");
    process.kill(process.pid, "SIGUSR2");
    await got;
  },
  "a FinalizationRegistry, or a timer": () =>
    new Promise<void>((resolve) => {
      const registry = new FinalizationRegistry(() => resolve());
      kept.push(registry);
      (() => registry.register({}, 1))();
      setTimeout(resolve, 100);
    }),
  "a WeakRef's target": async () => {
    const target: { resolve: (() => void) | undefined } = { resolve: undefined };
    const settled = new Promise<void>((resolve) => (target.resolve = resolve));
    const ref = new WeakRef(target);
    setTimeout(() => ref.deref()?.resolve?.(), 10);
    kept.push(target);
    await settled;
  },
  "a module's variable": async () => {
    const settled = new Promise<void>((resolve) => (settles.now = resolve));
    setTimeout(() => settles.now?.(), 5);
    await settled;
  },
  "a map's entry": async () => {
    const waiting = new Map<string, () => void>();
    const settled = new Promise<void>((resolve) => waiting.set("key", resolve));
    setTimeout(() => waiting.get("key")?.(), 3);
    await settled;
  },
  "a dynamic import": () => import("node:os"),
  "a generator": async () => {
    function* one(): Generator<number> {
      yield 1;
    }
    // eslint-disable-next-line @typescript-eslint/await-thenable -- a plain value is awaited on purpose
    for (const _ of one()) await null;
  },
  "an async generator": async () => {
    async function* one(): AsyncGenerator<number> {
      await wait(1);
      yield 1;
    }
    for await (const _ of one());
  },
  "a stream of the web's": async () => {
    const stream = new ReadableStream<number>({ start: (to) => void setTimeout(() => (to.enqueue(1), to.close()), 5) });
    for await (const _ of stream as unknown as AsyncIterable<number>);
  },
  "a Blob": () => new Blob(["x"]).text(),
  zlib: () => promisify(gzip)("x"),
  pbkdf2: () => promisify(pbkdf2)("a", "b", 1, 8, "sha1"),
  "crypto.subtle": () => crypto.subtle.digest("SHA-1", new Uint8Array(1)),
  dns: () => new Promise<void>((resolve) => lookup("localhost", () => resolve())),
  "a thread of the engine's: WebAssembly.compile": () => (globalThis as unknown as { WebAssembly: { compile(bytes: Uint8Array): Promise<unknown> } }).WebAssembly.compile(Uint8Array.of(0, 97, 115, 109, 1, 0, 0, 0)),
};

/** `proved` false: something may still settle it, as far as can be known. */
const HANGING: Readonly<Record<string, readonly [proved: boolean, body: () => Promise<unknown>]>> = {
  "a promise of nobody's": [true, async () => never()],
  "a stream that does not end": [true, async () => {
    const stream = new PassThrough();
    stream.write("x");
    for await (const _ of stream);
  }],
  "a stream of the web's": [true, async () => {
    for await (const _ of new ReadableStream({}) as unknown as AsyncIterable<number>);
  }],
  "an emitter": [true, async () => once(new EventEmitter(), "go")],
  "an event target": [true, async () => new Promise((resolve) => new EventTarget().addEventListener("e", resolve))],
  "a signal that nothing aborts": [true, async () => new Promise((resolve) => new AbortController().signal.addEventListener("abort", resolve))],
  "an interval that is cleared": [true, async () => new Promise<void>((resolve) => clearInterval(setInterval(resolve, 10)))],
  "a timer that is cleared": [true, async () => new Promise<void>((resolve) => clearTimeout(setTimeout(resolve, 10)))],
  "an async generator": [true, async () => {
    async function* one(): AsyncGenerator<number> {
      await never();
      yield 1;
    }
    for await (const _ of one());
  }],
  "a generator": [true, async () => {
    function* one(): Generator<Promise<never>> {
      yield never();
    }
    for (const promise of one()) await promise;
  }],
  "two that await each other": [true, async () => {
    const pair: { b?: Promise<unknown> } = {};
    const a = (async () => {
      // eslint-disable-next-line @typescript-eslint/await-thenable -- a plain value is awaited on purpose
      await null;
      await pair.b;
    })();
    pair.b = (async () => {
      // eslint-disable-next-line @typescript-eslint/await-thenable -- a plain value is awaited on purpose
      await null;
      await a;
    })();
    await pair.b;
  }],
  // eslint-disable-next-line @typescript-eslint/await-thenable -- a plain value is awaited on purpose
  "Promise.all": [true, async () => Promise.all([1, never()])],
  "Promise.any": [true, async () => Promise.any([never()])],
  "a race of nobody": [true, async () => Promise.race([])],
  "a map that is gone": [true, async () => new Promise<void>((resolve) => new Map<string, () => void>().set("key", resolve))],
  "a queue that nobody fills": [true, async () => {
    const queue: (() => void)[] = [];
    await new Promise<void>((resolve) => queue.push(resolve));
  }],
  readline: [true, async () => {
    for await (const _ of createInterface({ input: new PassThrough() }));
  }],
  "a thenable": [true, async () => {
    await ({ then: () => undefined } as unknown as Promise<void>);
  }],
  "what a WeakRef may lead to": [false, async () => {
    await (() => {
      const target: { resolve: (() => void) | undefined } = { resolve: undefined };
      const settled = new Promise<void>((resolve) => (target.resolve = resolve));
      kept.push(new WeakRef(target));
      return settled;
    })();
  }],
  "a port whose other end is closed": [false, async () => {
    const { port1, port2 } = new MessageChannel();
    open(port2);
    port1.close();
    await once(port2, "message");
  }],
};

const examined = async (body: () => Promise<unknown>): Promise<string> => {
  const { findings, outcome, limits } = await examineTs(body, { name: "t", budget: 300_000, schedules: 20 });
  assert.ok(!limits.some((limit) => /did not replay/.test(limit)), `what was found once was not there again: ${limits.join("; ")}`);
  return findings.length > 0 ? findings.map(({ verdict }) => verdict).join() : outcome;
};

describe("what ends well in production is never called a deadlock, a leak or a failure", () => {
  for (const [name, body] of Object.entries(HEALTHY)) it(name, async () => assert.match(await examined(body), /^(passed|unsupported)$/));
});

describe("what hangs is proved", () => {
  for (const [name, [proved, body]] of Object.entries(HANGING)) it(name, async () => assert.equal(await examined(body), proved ? "deadlock" : "unsupported"));
});

it("what is not the same when it is run again is no error, and nothing is concluded: a module that is loaded once, and waits", async () => {
  const module: string = "data:text/javascript,await new Promise((r) => setTimeout(r, 20)); export default 1";
  const { outcome, findings, limits } = await examineTs(() => import(module), { name: "t", budget: 300_000 });
  assert.deepEqual([outcome, findings], ["unsupported", []]);
  assert.match(limits.join("\n"), /^it did not do the same when it was run again with the same choices \(at step 0: the clock, but (?:possible are none|the run is over \(quiescent\))\)/);
});
