import type { FileAccess } from "./access.js";
import type { FileContext } from "./call-context.js";
import { Descriptors, type Descriptor, type DescriptorState } from "./descriptors.js";
import type { Mount } from "./host-folders.js";
import { FileNames } from "./names.js";
import type { ReadInputs } from "./read-inputs.js";
import { ROOT, Tree, type TreeState } from "./tree.js";
import type { GuestMemory } from "../guest/guest-memory.js";
import { descriptorCalls } from "../wasi/descriptor-calls.js";
import { pathCalls } from "../wasi/path-calls.js";
import { readDirectoryCalls } from "../wasi/read-directory.js";
import { readWriteCalls } from "../wasi/read-write.js";

export interface FileSystemOptions {
  /** Real folders that the guest sees, each at a guest path (absolute, below `/`). It may change them: in memory only. */
  readonly mounts: readonly Mount[];
  /** The package's folder, as the guest sees it. Exists, empty, where no mount shows it. */
  readonly cwd: string;
  readonly stdin: Uint8Array;
  readonly output: (stream: "stdout" | "stderr", bytes: Uint8Array) => void;
  /** Virtual time, nanoseconds since 1970: for what is made or changed. Not asked before the guest runs. */
  readonly now: () => bigint;
  readonly access?: FileAccess;
  /** A file's permissions refused something that root might have done. */
  readonly refused?: () => void;
}

/** A moment of a file system. Never changes; any number of them may be kept and restored in any order. */
export interface FileSystemState {
  readonly tree: TreeState;
  readonly descriptors: DescriptorState;
}

type FileTable = ReturnType<typeof fileCalls>;

/**
 * The files of a controlled Go world: WASI preview 1 over real folders that are never written to and an in-memory
 * layer above them, whose whole state is saved and restored in constant time, since an explorer does that thousands
 * of times a second. (That is why it is our own: the WASI libraries for Node either write to the real disk or keep
 * their files in a structure that would have to be copied.)
 *
 * The guest sees one directory, `/` (descriptor 3), with the mounts, `/tmp` (empty) and `/dev/null` in it. Nothing
 * else of the machine exists for it: a path or a link that leads elsewhere is ENOENT. Errors are Linux's.
 * Permissions are an ordinary user's (permissions.ts; go/syscall/unpark_mode.go asks for them, as WASI cannot).
 * Not kept: other owners, access times, holes of sparse files, names that are not UTF-8.
 */
export class FileSystem {
  readonly table: FileTable;
  readonly #tree: Tree;
  readonly #descriptors: Descriptors;
  #saved: FileSystemState | undefined;

  constructor(options: FileSystemOptions, memory: GuestMemory) {
    this.#tree = new Tree(options.mounts, ["/tmp", options.cwd], options.now, options.access, options.refused);
    this.#descriptors = new Descriptors(INITIAL, options.access);
    this.table = fileCalls({
      memory,
      tree: this.#tree,
      names: new FileNames(this.#tree, (ino) => this.#descriptors.holds(ino)),
      descriptors: this.#descriptors,
      stdin: options.stdin,
      output: options.output,
    });
  }

  /** What was seen of the real files so far, by whichever run. */
  get inputs(): ReadInputs {
    return this.#tree.inputs;
  }

  save(): FileSystemState {
    const tree = this.#tree.save();
    const descriptors = this.#descriptors.save();
    if (this.#saved?.tree !== tree || this.#saved.descriptors !== descriptors) this.#saved = { tree, descriptors };
    return this.#saved;
  }

  /** `state` must come from this file system's own `save`. */
  restore(state: FileSystemState): void {
    this.#tree.restore(state.tree);
    this.#descriptors.restore(state.descriptors);
  }
}

const stream = (fields: Pick<Descriptor, "target" | "readable" | "writable">): Descriptor => ({
  ...fields,
  flags: 0,
  offset: 0,
});

const INITIAL: DescriptorState = [
  stream({ target: { kind: "stdin" }, readable: true, writable: false }),
  stream({ target: { kind: "output", stream: "stdout" }, readable: false, writable: true }),
  stream({ target: { kind: "output", stream: "stderr" }, readable: false, writable: true }),
  stream({ target: { kind: "node", ino: ROOT }, readable: true, writable: false }),
];

const fileCalls = (context: FileContext) => ({
  ...readWriteCalls(context),
  ...descriptorCalls(context),
  ...readDirectoryCalls(context),
  ...pathCalls(context),
});
