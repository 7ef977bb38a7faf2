import type { Result } from "../../base/result.js";
import { err, ok } from "../../base/result.js";
import type { PatchError } from "../go/toolchain-error.js";
import { findFunctions, importsPlainly, packageClauseEnd } from "./go-text.js";
import type { GoVersion } from "../go/go-version.js";
import { versionApplies } from "../go/go-version.js";

/** What one mode of Unpark changes in the standard library. Several can be combined into one overlay. */
export interface PatchSet {
  readonly name: string;
  readonly patches: readonly Patch[];
  readonly files: readonly AddedFile[];
}

export interface Patch {
  /** Relative to GOROOT/src: "runtime/chan.go". */
  readonly file: string;
  /** "chansend", "(*Mutex).Lock"; the edit is confined to its text, from `func` to `}`. Absent: the whole file. */
  readonly function?: string;
  readonly edit: Edit;
  /** Go versions that this is for: `since` inclusive, `before` exclusive ("1.25", "1.25.4"). */
  readonly since?: string;
  readonly before?: string;
  /** One clause, for the error and for readers. */
  readonly why: string;
}

export type Edit =
  /** Right after the function's opening brace; text of one line moves no line number. */
  | { readonly kind: "enter"; readonly text: string }
  /** Exact text that must be there exactly once. */
  | { readonly kind: "replace"; readonly old: string; readonly new: string }
  /** Exact text that must be there at least once. */
  | { readonly kind: "replace-all"; readonly old: string; readonly new: string }
  /** Top-level declarations, appended to the file. */
  | { readonly kind: "declare"; readonly text: string }
  /** Adds an import unless the file has it under its own name. */
  | { readonly kind: "import"; readonly path: string };

/** A file that is new in the standard library. */
export interface AddedFile {
  /** Relative to GOROOT/src. */
  readonly file: string;
  /** Relative to the package's `go/` folder. */
  readonly source: string;
  readonly since?: string;
  readonly before?: string;
  /** Says that the file is in GOROOT and is to be replaced as a whole; without it that is an error. */
  readonly overwrite?: true;
}

/**
 * Applies one patch to a file's text. Never skips silently (T1): what is not found, or found more often than it must
 * be, is an error that names it, the file and the Go version. A patch for other versions leaves the text as it is.
 */
export function applyPatch(source: string, patch: Patch, version: GoVersion): Result<string, PatchError> {
  if (!versionApplies(version, patch)) return ok(source);
  const fail = (problem: string): Result<string, PatchError> => err(patchError(patch, version, problem));
  if (patch.function === undefined) return editText(source, 0, source.length, undefined, patch.edit, fail);
  const found = findFunctions(source, patch.function);
  const [first, second] = found;
  if (first === undefined) return fail(`function ${patch.function} is not in the file`);
  if (second !== undefined) return fail(`function ${patch.function} is in the file ${found.length} times`);
  return editText(source, first.start, first.end, first.body, patch.edit, fail);
}

/** The error for a patch that does not fit; also used for files that are missing. */
export function patchError(patch: Pick<Patch, "file" | "function" | "why">, version: GoVersion, problem: string): PatchError {
  const where = `GOROOT/src/${patch.file} of Go ${version.text}`;
  return {
    kind: "patch",
    file: patch.file,
    function: patch.function,
    goVersion: version.text,
    message: `cannot prepare ${where} for ${patch.why}: ${problem}. This Go version differs from those that Unpark knows; use another (GOTOOLCHAIN=go1.26.8) or report it.`,
  };
}

function editText(
  source: string,
  start: number,
  end: number,
  body: number | undefined,
  edit: Edit,
  fail: (problem: string) => Result<string, PatchError>,
): Result<string, PatchError> {
  const splice = (at: number, text: string): Result<string, PatchError> => ok(source.slice(0, at) + text + source.slice(at));
  switch (edit.kind) {
    case "enter":
      if (body === undefined) return fail("the function has no body to enter");
      return splice(body, enterText(edit.text, source[body] === "\n"));
    case "replace":
    case "replace-all": {
      const parts = source.slice(start, end).split(edit.old);
      const count = parts.length - 1;
      if (count === 0) return fail(`the text ${quote(edit.old)} is not there`);
      if (count > 1 && edit.kind === "replace") return fail(`the text ${quote(edit.old)} is there ${count} times`);
      return ok(source.slice(0, start) + parts.join(edit.new) + source.slice(end));
    }
    case "declare":
      return ok(`${source.trimEnd()}\n\n${edit.text.trim()}\n`);
    case "import": {
      if (importsPlainly(source, edit.path)) return ok(source);
      const at = packageClauseEnd(source);
      return at === undefined ? fail("the file has no package clause") : splice(at, `; import "${edit.path}"`);
    }
  }
}

/** On the brace's own line where possible, so that stack traces keep the line numbers of the user's GOROOT. */
function enterText(text: string, bodyOnNextLine: boolean): string {
  const trimmed = text.trim();
  if (trimmed.includes("\n")) return `\n\t${trimmed}\n`;
  return bodyOnNextLine ? ` ${trimmed}` : ` ${trimmed};`;
}

function quote(text: string): string {
  return JSON.stringify(text.length > 80 ? `${text.slice(0, 77)}...` : text);
}
