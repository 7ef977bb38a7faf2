import { connect, createServer, type AddressInfo, type Socket } from "node:net";
import { PageServer } from "../../src/server/page-server.js";

/** A server on loopback that answers everybody with the same bytes, whatever is asked, and closes. */
export class Peer {
  #answer: Uint8Array = new Uint8Array();
  readonly port: number;

  private constructor(port: number) {
    this.port = port;
  }

  static async start(): Promise<Peer> {
    let peer: Peer | undefined;
    const server = createServer({ noDelay: true }, (socket) => {
      socket.on("error", () => undefined);
      socket.once("data", () => socket.end(peer!.#answer));
    });
    await new Promise<void>((done) => server.listen(0, "127.0.0.1", done));
    server.unref();
    return (peer = new Peer((server.address() as AddressInfo).port));
  }

  answer(bytes: Uint8Array): void {
    this.#answer = bytes;
  }
}

/** Sends raw bytes, and reads until the other side closes or says something and then nothing. */
export function say(port: number, bytes: Uint8Array): Promise<string> {
  return new Promise((resolve) => {
    const socket: Socket = connect({ port, host: "127.0.0.1", noDelay: true });
    let heard = "";
    socket.on("data", (data) => (heard += data.toString("latin1")));
    socket.on("error", () => resolve(heard));
    socket.on("close", () => resolve(heard));
    socket.end(bytes);
  });
}

/** The services page's server, whose answers repeat what was asked. */
export async function pageServer(token?: string): Promise<PageServer> {
  const server = await PageServer.start({ host: "127.0.0.1", port: 0, token, page: "<!doctype html><title>x</title>", answer: (path, query) => Promise.resolve(path === "none" ? undefined : path === "fails" ? Promise.reject(new Error([...query.keys()].join())) : { path, query: [...query] }) });
  if (!server.ok) throw new Error(server.error);
  return server.value;
}
