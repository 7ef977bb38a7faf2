import type { Result } from "../base/result.js";

/** A service that was found: where its dumps are, and what it may be called. */
export interface Discovered {
  /** As a person would write it, with what is secret in it; an error: why it cannot be asked. It is a target all the same. */
  readonly source: Result<string, string>;
  /** What may be said of it, in every output. */
  readonly name: string;
  /** What the discovery knows of it; names that begin with `__` are not here. */
  readonly labels: Readonly<Record<string, string>>;
  /** Undefined: what the user gave for all sources holds. Else only this goes along with a request. */
  readonly access?: RequestAccess;
}

/** What goes along with requests to one place: it is sent nowhere else. */
export interface RequestAccess {
  readonly headers: readonly (readonly [string, string])[];
  readonly user?: string;
  readonly tls?: { readonly cert?: string; readonly key?: string; readonly ca?: string; readonly insecure?: boolean };
}

export type FoundTargets = Result<readonly Discovered[], string>;

/** A place that knows where services are. */
export interface Discovery {
  /** What may be said of it. */
  readonly name: string;
  once(signal: AbortSignal): Promise<FoundTargets>;
  /** Says what there is, again whenever it may have changed, until the signal comes. After an error what was found before holds. */
  follow(signal: AbortSignal, onFound: (found: FoundTargets) => void): Promise<void>;
}

export interface DiscoveryOptions {
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly cwd: string;
  readonly timeoutMs: number;
  /** Pause between two questions, where nothing tells of changes. Undefined: as is usual for each kind. */
  readonly refreshMs?: number;
}

/** Of one place. More are a mistake, or somebody else's doing: each is asked, kept and shown. */
export const MOST_TARGETS = 10_000;
export const TOO_MANY = `it names more than ${MOST_TARGETS.toLocaleString("en")} targets; split it, or narrow it down`;
