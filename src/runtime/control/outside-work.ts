interface ProcessLike {
  readonly stdout?: unknown;
  readonly stderr?: unknown;
  getActiveResourcesInfo?(): readonly string[];
  _getActiveHandles?(): readonly object[];
  _getActiveRequests?(): readonly object[];
}

/**
 * What the run began that the platform still works on: files, sockets, names, workers, timers that were got hold of before
 * the run's own were in their place. Asked when no goroutine can go on: an answer may still come then. Where the platform does not
 * say (browsers, Deno), nothing is known. Standard output is no such work: Node opens it where it is first used, and a run
 * that prints would seem to have begun something.
 *
 * Each is known by itself, where the platform gives it: what another began, and what ends while the run lasts, must not stand for what
 * the run began (a file that the test's runner read: the run's own was taken for it, and a deadlock called proved).
 */
export class OutsideWork {
  readonly #before = new WeakSet(work());
  readonly #countsBefore = counts();

  /** Is there something that was not there when the run began? */
  began(): boolean {
    if (work().some((one) => !this.#before.has(one))) return true;
    for (const [kind, many] of counts()) if (many > (this.#countsBefore.get(kind) ?? 0)) return true;
    return false;
  }

  /** A request of its own that is not answered: unlike a server, or a connection, that comes to an end. */
  isAsked(): boolean {
    return requests().some((one) => !this.#before.has(one));
  }
}

const { process } = globalThis as { process?: ProcessLike };

/** Handles that keep the process alive, and requests; timers are neither. */
function work(): readonly object[] {
  void process?.stdout; // opens it
  void process?.stderr;
  return [...(process?._getActiveHandles?.() ?? []), ...requests()];
}

const requests = (): readonly object[] => process?._getActiveRequests?.() ?? [];

function counts(): ReadonlyMap<string, number> {
  const kinds = new Map<string, number>();
  for (const kind of process?.getActiveResourcesInfo?.() ?? []) kinds.set(kind, (kinds.get(kind) ?? 0) + 1);
  return kinds;
}
