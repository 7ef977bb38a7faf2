// Row 14: the service of row 13 that reads both channels: the number of goroutines stays where it is.
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
      if (body !== "sum 10\n") throw new Error(`answer ${body}`);
    }
  },
};

async function sum(): Promise<string> {
  const left = add(1, 2);
  const right = add(3, 4);
  return `sum ${(await left.recv())! + (await right.recv())!}\n`;
}

function add(a: number, b: number): RecvChan<number> {
  const sum = new Chan<number>();
  go(async () => {
    await sum.send(a + b);
  });
  return sum;
}
