import type { IncomingMessage, ServerResponse } from "node:http";
import { answerEndpoint } from "../observe/endpoints.js";

/** `/debug/pprof/goroutine` on a node:http server; what is not ours goes to `next`, or is 404. */
export function debugHandler(
  next?: (request: IncomingMessage, response: ServerResponse) => void,
): (request: IncomingMessage, response: ServerResponse) => void {
  return (request, response) => {
    const found = answerEndpoint(request.url ?? "/");
    if (found === undefined && next !== undefined) return next(request, response);
    const { status, type, body } = found ?? { status: 404, type: "text/plain; charset=utf-8", body: "not found\n" };
    response.writeHead(status, { "content-type": type, "x-content-type-options": "nosniff" });
    response.end(body);
  };
}
