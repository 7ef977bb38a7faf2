import { type ChildProcess, spawn, spawnSync } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { connect } from "node:net";
import { fileURLToPath } from "node:url";
import { freePort } from "../free-port.js";

export const ROOT = fileURLToPath(new URL("../../..", import.meta.url));
const found = spawnSync(process.execPath, [join(ROOT, "scripts/nats.mjs")], { encoding: "utf8", timeout: 900_000 });
const binary = found.stdout.trim();
/** Why there is no server, for `skip`. */
export const noServer = found.status === 0 ? false : found.stderr.trim().split("\n").at(-1)!;

/** A real nats-server with JetStream on a port of its own; it may be stopped and started again with what it has kept. */
export class NatsServer {
  readonly folder = mkdtempSync(join(tmpdir(), "unpark-nats-"));
  readonly #args: readonly string[];
  readonly port: number;
  #process: ChildProcess | undefined;

  private constructor(port: number, args: readonly string[]) {
    this.port = port;
    this.#args = args;
  }

  static async start(args: readonly string[] = []): Promise<NatsServer> {
    const server = new NatsServer(await freePort(), args);
    await server.start();
    return server;
  }

  async start(): Promise<void> {
    this.#process = spawn(binary, ["-js", "-sd", this.folder, "-a", "127.0.0.1", "-p", String(this.port), ...this.#args], { stdio: "ignore" });
    while (!(await answers(this.port))) await new Promise((resolve) => setTimeout(resolve, 100));
  }

  /** As the power does it. */
  async kill(): Promise<void> {
    const child = this.#process!;
    const ended = new Promise((resolve) => child.once("exit", resolve));
    child.kill("SIGKILL");
    await ended;
  }

  async close(): Promise<void> {
    await this.kill();
    rmSync(this.folder, { recursive: true, force: true });
  }
}

const answers = (port: number): Promise<boolean> =>
  new Promise((resolve) => {
    const socket = connect(port, "127.0.0.1");
    socket.once("data", () => (socket.destroy(), resolve(true)));
    socket.once("error", () => resolve(false));
  });
