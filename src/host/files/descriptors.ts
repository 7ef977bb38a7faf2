import { fail } from "../wasi/errno.js";
import type { FileAccess } from "./access.js";
import type { Ino } from "./file-node.js";

/** What a descriptor is open on. */
type DescriptorTarget =
  | { readonly kind: "node"; readonly ino: Ino }
  | { readonly kind: "stdin" }
  | { readonly kind: "output"; readonly stream: "stdout" | "stderr" };

export interface Descriptor {
  readonly target: DescriptorTarget;
  readonly readable: boolean;
  readonly writable: boolean;
  /** FDFLAG bits; of them only APPEND means anything here. */
  readonly flags: number;
  readonly offset: number;
  /**
   * A directory's names, as they were when its reading began (cookie 0): names that come and go meanwhile do not shift
   * the cookies, so what was there all the time is listed exactly once (POSIX, readdir).
   */
  readonly listing?: readonly string[];
}

export type DescriptorState = readonly (Descriptor | undefined)[];

/** Linux's usual soft limit: a program that opens without closing gets EMFILE here as it does there. */
const MAX_OPEN = 1024;

/** The descriptor table. Copied before the first change after `save`, so a state never changes. */
export class Descriptors {
  #table: (Descriptor | undefined)[];
  #shared = false;
  readonly #access: FileAccess | undefined;

  constructor(initial: DescriptorState, access?: FileAccess) {
    this.#table = [...initial];
    this.#access = access;
  }

  get(fd: number): Descriptor {
    this.#access?.(-1 - fd, false);
    return this.#table[fd] ?? fail("EBADF");
  }

  /** The lowest number that is free, as POSIX wants it. */
  open(descriptor: Descriptor): number {
    let fd = this.#table.indexOf(undefined);
    if (fd < 0) fd = this.#table.length;
    if (fd >= MAX_OPEN) fail("EMFILE");
    this.set(fd, descriptor);
    return fd;
  }

  set(fd: number, descriptor: Descriptor | undefined): void {
    this.#access?.(-1 - fd, true);
    if (this.#shared) {
      this.#table = [...this.#table];
      this.#shared = false;
    }
    this.#table[fd] = descriptor;
  }

  holds(ino: Ino): boolean {
    return this.#table.some((open) => open?.target.kind === "node" && open.target.ino === ino);
  }

  save(): DescriptorState {
    this.#shared = true;
    return this.#table;
  }

  restore(state: DescriptorState): void {
    this.#table = state as (Descriptor | undefined)[];
    this.#shared = true;
  }
}
