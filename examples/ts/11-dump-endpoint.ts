// Row 11: an HTTP service that shows its own goroutines, as Go's net/http/pprof does. /stack is the dump of all.
// `unpark inspect http://127.0.0.1:8011/debug/pprof/goroutine?debug=2` reads it, and so do go tool pprof and gops.
import { createServer, type Server } from "node:http";
import { Chan, go, runtime } from "../../src/index.js";
import { debugHandler } from "../../src/runtime/node/index.js";

/** Listens on 127.0.0.1, with one goroutine that waits for work. */
export function serve(port: number): Server {
  runtime.setTraceback(true);
  go(worker, new Chan<string>());
  const debug = debugHandler();
  const server = createServer((request, response) => {
    if (request.url === "/stack") response.end(runtime.stack());
    else debug(request, response);
  });
  return server.listen(port, "127.0.0.1");
}

async function worker(jobs: Chan<string>): Promise<void> {
  for await (const job of jobs) console.log(job);
}
