interface ProcessLike {
  readonly stdout?: unknown;
  readonly stderr?: unknown;
  getActiveResourcesInfo?(): readonly string[];
}

/**
 * What the run began that the platform still works on: files, sockets, names, workers, timers that were got hold of before
 * the run's own were in their place. Asked when no goroutine can go on: an answer may still come then. Where the platform does not
 * say (browsers, Deno), nothing is known. Standard output is no such work: Node opens it where it is first used, and a run
 * that prints would seem to have begun something.
 */
export class OutsideWork {
  readonly #before = counts();

  /** Is there something that was not there when the run began? */
  began(): boolean {
    for (const [kind, many] of counts()) if (many > (this.#before.get(kind) ?? 0)) return true;
    return false;
  }
}

function counts(): ReadonlyMap<string, number> {
  const { process } = globalThis as { process?: ProcessLike };
  const kinds = new Map<string, number>();
  void process?.stdout; // opens it
  void process?.stderr;
  for (const kind of process?.getActiveResourcesInfo?.() ?? []) kinds.set(kind, (kinds.get(kind) ?? 0) + 1);
  return kinds;
}
