import type { IncomingMessage, ServerResponse } from "node:http";
import { answerEndpoint } from "../observe/endpoints.js";

/**
 * `/debug/pprof/goroutine` on a node:http server. It listens nowhere by
 * itself, and shows every goroutine's stack to whoever may ask the server that it is given to: let that be loopback, or
 * put authentication before it. Each answer is made at once, in the event loop: about a second for a million goroutines.
 *
 * @param next is given what is not ours; default: 404.
 * @example
 * const server = createServer(debugHandler()).listen(0, "127.0.0.1");
 * await once(server, "listening");
 * const { port } = server.address() as AddressInfo;
 * const answer = await fetch(`http://127.0.0.1:${port}/debug/pprof/goroutine?debug=2`);
 * assert.match(await answer.text(), /^goroutine 1 \[/);
 * server.closeAllConnections();
 * server.close();
 */
export function debugHandler(
  next?: (request: IncomingMessage, response: ServerResponse) => void,
): (request: IncomingMessage, response: ServerResponse) => void {
  return (request, response) => {
    const found = answerEndpoint(request.url ?? "/");
    if (found === undefined && next !== undefined) return next(request, response);
    const { status, type, body } = found ?? { status: 404, type: "text/plain; charset=utf-8", body: "not found\n" };
    if (response.headersSent || response.destroyed) return;
    response.writeHead(status, { "content-type": type, "x-content-type-options": "nosniff" });
    response.end(request.method === "HEAD" ? undefined : body);
  };
}
