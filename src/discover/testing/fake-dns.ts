import { createSocket } from "node:dgram";

/** A DNS server on loopback that knows SRV records of one name (RFC 1035, RFC 2782); of all others it says that there are none. */
export async function fakeDns(name: string, records: readonly { readonly host: string; readonly port: number }[]): Promise<AsyncDisposable & { readonly address: string }> {
  const encoded = (host: string): Buffer => Buffer.concat([...host.split(".").map((part) => Buffer.concat([Buffer.from([part.length]), Buffer.from(part)])), Buffer.from([0])]);
  const u16 = (...values: readonly number[]): Buffer => Buffer.concat(values.map((value) => Buffer.from([value >> 8, value & 255])));
  const socket = createSocket("udp4");
  socket.on("message", (query, from) => {
    const end = query.indexOf(0, 12) + 5; // the question: a name that ends with 0, type, class
    const known = query.subarray(12, end - 4).equals(encoded(name)) && query.readUInt16BE(end - 4) === 33;
    const answers = (known ? records : []).map(({ host, port }) => {
      const data = Buffer.concat([u16(0, 0, port), encoded(host)]);
      return Buffer.concat([u16(0xc00c, 33, 1, 0, 60, data.length), data]);
    });
    socket.send(Buffer.concat([query.subarray(0, 2), u16(known ? 0x8180 : 0x8183, 1, answers.length, 0, 0), query.subarray(12, end), ...answers]), from.port, from.address);
  });
  await new Promise<void>((done) => socket.bind(0, "127.0.0.1", done));
  return { address: `127.0.0.1:${socket.address().port}`, [Symbol.asyncDispose]: () => new Promise<void>((done) => socket.close(() => done())) };
}
