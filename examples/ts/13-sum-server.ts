// Row 13: an HTTP service whose /sum starts the two adders of row 12 and reads one of them. Each request leaves one
// goroutine behind.
// Under control the handler is called without a network in between: Node's is not under control.
import { createServer, type Server } from "node:http";
import { debugHandler } from "../../src/runtime/node/http.js";
import { Chan, go, runtime, time, type RecvChan } from "../../src/index.js";

/** Listens on 127.0.0.1; the debug endpoints are those of Go's net/http/pprof. */
export function serve(port: number): Server {
  go(async () => {
    for await (const _ of time.tick(time.second)) console.log("goroutines", runtime.numGoroutine());
  });
  runtime.setTraceback(true);
  const debug = debugHandler();
  const server = createServer((request, response) => {
    if (request.url !== "/sum") return debug(request, response);
    go(async () => response.end(await sum()));
  });
  return server.listen(port, "127.0.0.1");
}

export const tests = {
  async TestThreeRequests(): Promise<void> {
    for (let i = 0; i < 3; i++) {
      const body = await sum();
      if (body !== "sum 3\n") throw new Error(`answer ${body}`);
    }
  },
};

async function sum(): Promise<string> {
  const read = add(1, 2);
  add(3, 4);
  return `sum ${await read.recv()}\n`;
}

function add(a: number, b: number): RecvChan<number> {
  const sum = new Chan<number>();
  go(async () => {
    await sum.send(a + b); // want: leaked send-without-receiver x3
  });
  return sum;
}
