import { type ChildProcess, execFileSync, spawn, spawnSync } from "node:child_process";
import { chmodSync, chownSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir, userInfo } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { freePort } from "../free-port.js";

export const ROOT = fileURLToPath(new URL("../../..", import.meta.url));
const found = spawnSync(process.execPath, [join(ROOT, "scripts/postgres.mjs")], { encoding: "utf8", timeout: 300_000 });
const programs = found.stdout.trim();
/** Why there is no server, for `skip`. */
export const noServer = found.status === 0 ? false : found.stderr.trim().split("\n").at(-1)!;

/** PostgreSQL does not run as root: then it runs as the user that Debian's package makes. */
function otherUser(): { readonly uid: number; readonly gid: number } | undefined {
  if (userInfo().uid !== 0) return undefined;
  const id = (flag: string): number => Number(execFileSync("id", [flag, "postgres"], { encoding: "utf8" }));
  return { uid: id("-u"), gid: id("-g") };
}

/** A real server with a folder and a port of its own; it may be killed and started again with what it has kept. */
export class PostgresServer {
  readonly password = "s3cret-of-the-database";
  readonly #folder: string;
  readonly #port: number;
  readonly #user = otherUser();
  readonly #settings: readonly string[];
  #process: ChildProcess | undefined;

  private constructor(folder: string, port: number, settings: readonly string[]) {
    this.#folder = folder;
    this.#port = port;
    this.#settings = settings;
  }

  /** @param settings `name=value`, as in postgresql.conf */
  static async start(settings: readonly string[] = []): Promise<PostgresServer> {
    const folder = mkdtempSync(join(tmpdir(), "unpark-postgres-"));
    for (let attempt = 1; ; attempt++) {
      const server = new PostgresServer(folder, await freePort(), settings);
      if (attempt === 1) server.#initialize();
      try {
        await server.start();
        return server;
      } catch (error) {
        if (attempt === 3) throw error; // its port was taken between
      }
    }
  }

  get folder(): string {
    return join(this.#folder, "data");
  }

  address(database = "postgres", password = this.password): string {
    return `postgres://unpark:${password}@127.0.0.1:${this.#port}/${database}`;
  }

  /** Asks until it answers. */
  async start(): Promise<void> {
    const settings = ["listen_addresses=127.0.0.1", `port=${this.#port}`, `unix_socket_directories=${this.#folder}`, ...this.#settings];
    const child = spawn(join(programs, "postgres"), ["-D", this.folder, ...settings.flatMap((one) => ["-c", one])], { stdio: ["ignore", "ignore", "ignore"], ...this.#user });
    this.#process = child;
    while (!this.#isReady()) {
      if (child.exitCode !== null) throw new Error(`postgres ended with ${child.exitCode}: was port ${this.#port} taken?`);
      await new Promise((resolve) => setTimeout(resolve, 100));
    }
  }

  /** As the power does it: the whole group of processes at once. */
  async kill(): Promise<void> {
    const child = this.#process!;
    const ended = new Promise((resolve) => child.once("exit", resolve));
    const children = execFileSync("ps", ["-o", "pid=", "--ppid", String(child.pid)], { encoding: "utf8" }).split("\n").map(Number).filter((pid) => pid > 0);
    child.kill("SIGKILL");
    for (const pid of children) {
      try {
        process.kill(pid, "SIGKILL");
      } catch {
        // It has ended by itself.
      }
    }
    await ended;
  }

  async close(): Promise<void> {
    await this.kill();
    rmSync(this.#folder, { recursive: true, force: true });
  }

  /** Runs a statement as psql does; answers the rows, fields with | between them. */
  query(text: string, database = "postgres"): readonly string[] {
    return execFileSync(join(programs, "psql"), [this.address(database), "-X", "-q", "-A", "-t", "-v", "ON_ERROR_STOP=1", "-c", text], { encoding: "utf8" }).split("\n").filter((line) => line !== "");
  }

  #initialize(): void {
    const secret = join(this.#folder, "password");
    writeFileSync(secret, this.password);
    chmodSync(this.#folder, 0o755);
    if (this.#user) for (const path of [this.#folder, secret]) chownSync(path, this.#user.uid, this.#user.gid);
    execFileSync(join(programs, "initdb"), ["-D", this.folder, "-U", "unpark", "--pwfile", secret, "--auth", "scram-sha-256", "-E", "UTF8", "--locale", "C.UTF-8", "--no-sync"], { stdio: "ignore", ...this.#user });
  }

  /** By the folder that it names: the server of another file may have taken the port since it was free, and has the same password. */
  #isReady = (): boolean => spawnSync(join(programs, "psql"), [this.address(), "-X", "-q", "-A", "-t", "-c", "SHOW data_directory"], { encoding: "utf8" }).stdout.trim() === this.folder;
}
