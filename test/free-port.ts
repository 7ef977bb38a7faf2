import { once } from "node:events";
import { type AddressInfo, createServer } from "node:net";

/** A port of loopback that is free now; nobody else on this machine takes ports of loopback at the same time, as a rule. */
export async function freePort(): Promise<number> {
  const server = createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return port;
}
