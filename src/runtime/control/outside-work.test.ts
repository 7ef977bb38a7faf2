// What a run began is told from what another began before it, and what ends meanwhile.
import assert from "node:assert/strict";
import { stat as status } from "node:fs";
import { stat } from "node:fs/promises";
import { createServer, type AddressInfo, type Server } from "node:net";
import { describe, it } from "node:test";
import { OutsideWork } from "./outside-work.js";

const listening = async (): Promise<Server> => {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  assert.ok((server.address() as AddressInfo).port > 0);
  return server;
};

const closed = (server: Server): Promise<unknown> => new Promise((resolve) => server.close(resolve));

describe("what the platform still works on", () => {
  it("nothing was begun", () => assert.equal(new OutsideWork().began(), false));

  it("what was there before", async () => {
    const server = await listening();
    assert.equal(new OutsideWork().began(), false);
    await closed(server);
  });

  it("a file", () => {
    const work = new OutsideWork();
    status("package.json", () => undefined); // not readFile: since Node 26 that is a thread's work (ordinary-code.test.ts)
    assert.equal(work.began(), true);
  });

  it("a file by a promise", async () => {
    const work = new OutsideWork();
    const read = stat("package.json");
    assert.equal(work.began(), true);
    await read;
  });

  it("a server, in place of another that has been closed meanwhile", async () => {
    const other = await listening();
    const work = new OutsideWork();
    await closed(other);
    const own = await listening();
    assert.equal(work.began(), true);
    await closed(own);
  });

  it("a file, in place of another that was being read", async () => {
    await new Promise<void>((resolve) => {
      status("package.json", () => {
        status("package.json", () => resolve());
        assert.equal(work.began(), true);
      });
      const work = new OutsideWork();
    });
  });
});
