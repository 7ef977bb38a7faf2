// An ordinary async service with sampled awaits, in a process of its own: `node awaits-service.js`; prints its port. /work answers;
// /stuck waits for what never comes.
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { setTimeout as wait } from "node:timers/promises";
import { debugHandler, sampleAwaits } from "../../src/runtime/node/index.js";

const kept: (() => void)[] = [];

async function query(url: string): Promise<string> {
  await wait(1);
  if (url === "/stuck") await new Promise<void>((resolve) => void kept.push(resolve)); // stuck here
  return `answer to ${url}`;
}

async function handle(request: IncomingMessage, response: ServerResponse): Promise<void> {
  response.end(await query(request.url ?? "/"));
}

sampleAwaits({ share: 1, most: 1_000_000 });
const server = createServer(debugHandler((request, response) => void handle(request, response))).listen(0, "127.0.0.1");
server.once("listening", () => console.log(`port ${(server.address() as AddressInfo).port}`));
