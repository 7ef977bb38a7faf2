// Starts a service of examples/ts in a process of its own: `node service.js 13-sum-server`; prints its port.
import type { Server } from "node:http";
import type { AddressInfo } from "node:net";
import { gopsAgent } from "../../src/runtime/node/index.js";

const { serve } = (await import(new URL(`../../examples/ts/${process.argv[2]}.js`, import.meta.url).href)) as { serve: (port: number) => Server };
const server = serve(0);
server.once("listening", () => {
  void gopsAgent().then(() => console.log(`port ${(server.address() as AddressInfo).port}`));
});
