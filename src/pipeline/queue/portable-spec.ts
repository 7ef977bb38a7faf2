import { createHash, randomUUID } from "node:crypto";
import { existsSync, mkdirSync, readFileSync, realpathSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { deflateRawSync, inflateRawSync } from "node:zlib";
import { err, ok, type Result } from "../../base/result.js";
import type { Examination } from "../../model/results/examination.js";
import { decode, encode } from "../../queue/codec.js";
import type { Queue } from "../../queue/queue.js";
import type { ModuleSpec } from "../go/module-spec.js";
import type { PortableSpec } from "./messages.js";
import { packFolder, unpackFolder } from "./packed-folder.js";

const hashOf = (bytes: Uint8Array): string => createHash("sha256").update(bytes).digest("hex");

/** Puts modules and what belongs to them into the queue, each once. */
export class SpecSender {
  readonly #queue: Queue;
  readonly #specs = new Map<string, Promise<Result<string, string>>>();
  readonly #folders = new Map<string, Promise<Result<string, string>>>();

  constructor(queue: Queue) {
    this.#queue = queue;
  }

  /** The object that holds the spec; an error says why this module cannot leave its machine. */
  send(spec: ModuleSpec): Promise<Result<string, string>> {
    return once(this.#specs, JSON.stringify(spec), async () => {
      const mounts: PortableSpec["mounts"][number][] = [];
      for (const { at, from, asOf } of spec.mounts) {
        const folder = await once(this.#folders, from, () => this.#sendFolder(from, asOf));
        if (!folder.ok) return folder;
        mounts.push({ at, from: realOf(from), folder: folder.value });
      }
      const { syntaxTool: _, ...rest } = spec;
      const wasm = await this.#put(readFileSync(spec.wasm));
      return ok(await this.#put(encode({ spec: { ...rest, wasm: "", mounts: [] }, wasm, mounts } satisfies PortableSpec)));
    });
  }

  async #sendFolder(folder: string, asOf: number | undefined): Promise<Result<string, string>> {
    const packed = packFolder(folder, asOf);
    return packed.ok ? ok(await this.#put(packed.value)) : packed;
  }

  async #put(bytes: Uint8Array): Promise<string> {
    const hash = hashOf(bytes);
    await this.#queue.put(hash, () => deflateRawSync(bytes, { level: 4 }));
    return hash;
  }
}

/** Gets modules out of the queue, into a folder of this machine. */
export class SpecReceiver {
  readonly #queue: Pick<Queue, "get">;
  readonly #folder: string;
  readonly #specs = new Map<string, Promise<Result<ReceivedSpec, string>>>();

  constructor(queue: Pick<Queue, "get">, folder: string) {
    this.#queue = queue;
    this.#folder = folder;
  }

  receive(hash: string): Promise<Result<ReceivedSpec, string>> {
    return once(this.#specs, hash, async () => {
      const bytes = await this.#object(hash);
      if (!bytes.ok) return bytes;
      const { spec, wasm, mounts } = decode<PortableSpec>(bytes.value);
      const module = await this.#kept(`${wasm}.wasm`, wasm, (content, path) => writeFileSync(path, content));
      if (!module.ok) return module;
      const here: { readonly at: string; readonly from: string; readonly there: string }[] = [];
      for (const { at, from, folder } of mounts) {
        const unpacked = await this.#kept(folder, folder, unpackFolder);
        if (!unpacked.ok) return unpacked;
        here.push({ at, from: unpacked.value, there: from });
      }
      return ok({ spec: { ...spec, wasm: module.value, mounts: here.map(({ at, from }) => ({ at, from })) }, mounts: here });
    });
  }

  /** A file or folder of this name, made of an object where there is none yet. Several workers may make it at once. */
  async #kept(name: string, hash: string, make: (bytes: Uint8Array, path: string) => void): Promise<Result<string, string>> {
    const path = join(this.#folder, name);
    if (existsSync(path)) return ok(path);
    const bytes = await this.#object(hash);
    if (!bytes.ok) return bytes;
    mkdirSync(this.#folder, { recursive: true });
    const temporary = `${path}.${randomUUID()}.tmp`;
    try {
      make(bytes.value, temporary);
      renameSync(temporary, path);
    } catch (error) {
      rmSync(temporary, { recursive: true, force: true });
      if (!existsSync(path)) return err(`cannot keep an object of the queue in ${this.#folder}: ${(error as Error).message}`);
    }
    return ok(path);
  }

  async #object(hash: string): Promise<Result<Uint8Array, string>> {
    const packed = await this.#queue.get(hash);
    if (packed === undefined) return err(`the queue has lost the object ${hash.slice(0, 12)}`);
    try {
      const bytes = inflateRawSync(packed);
      return hashOf(bytes) === hash ? ok(bytes) : err(`the object ${hash.slice(0, 12)} of the queue is not what it is called`);
    } catch {
      return err(`the object ${hash.slice(0, 12)} of the queue cannot be read`);
    }
  }
}

/** A spec whose files lie here. */
interface ReceivedSpec {
  readonly spec: ModuleSpec;
  /** Of each folder: where it lies here, and where it came from. */
  readonly mounts: readonly { readonly from: string; readonly there: string }[];
}

/** What a program has seen of the files here, by the names that they have on the session's machine. */
export function asThere(examination: Examination, mounts: ReceivedSpec["mounts"]): Examination {
  const there = (path: string): string => {
    const mount = mounts.find(({ from }) => path === from || path.startsWith(`${from}/`));
    return mount === undefined ? path : mount.there + path.slice(mount.from.length);
  };
  return { ...examination, ...(examination.inputs === undefined ? {} : { inputs: examination.inputs.map(([path, stamp]) => [there(path), stamp] as const) }) };
}

/** What failed is tried again when it is asked for again. */
async function once<T>(known: Map<string, Promise<Result<T, string>>>, key: string, make: () => Promise<Result<T, string>>): Promise<Result<T, string>> {
  const before = known.get(key);
  if (before !== undefined) return before;
  const made = make();
  known.set(key, made);
  const result = await made;
  if (!result.ok) known.delete(key);
  return result;
}

function realOf(folder: string): string {
  try {
    return realpathSync(folder);
  } catch {
    return folder;
  }
}
