import type { Finding } from "../../model/finding/finding.js";
import { pathBelow } from "./path-below.js";

interface OwnPlace {
  readonly file: string;
  readonly line: number;
  /** What is there, where that is not the wait itself. */
  readonly what?: "started here" | "this call led to the go statement";
}

/**
 * Where a repository is shown a finding: where its goroutine waits; if that is another module's file or Go's, which no code host
 * can show, where it was started; if that is, too, the call that led there. Without any, where it waits.
 */
export function ownPlace({ blocked, createdBy, calledFrom }: Pick<Finding, "blocked" | "createdBy" | "calledFrom">, folder: string | undefined): OwnPlace {
  const isOwn = (place: { readonly file: string } | undefined): boolean => place !== undefined && pathBelow(place.file, folder) !== undefined;
  if (isOwn(blocked)) return blocked;
  if (createdBy !== undefined && isOwn(createdBy)) return { file: createdBy.file, line: createdBy.line, what: "started here" };
  if (calledFrom !== undefined && isOwn(calledFrom)) return { file: calledFrom.file, line: calledFrom.line, what: "this call led to the go statement" };
  return blocked;
}
