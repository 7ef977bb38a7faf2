import type { Patch } from "../../overlay/patch.js";

/** The operation's caller, as Go's text. */
export const PC = "sys.GetCallerPC()";
/** The address of what a Go expression points to. */
export const address = (pointer: string): string => `uintptr(unsafe.Pointer(${pointer}))`;

/** `text` becomes the first statement of the function. */
export function enter(file: string, name: string, text: string, why: string, versions: { since?: string; before?: string } = {}): Patch {
  return { file, function: name, edit: { kind: "enter", text }, why, ...versions };
}

/** `old`, which stands there once, becomes `text`. */
export function replace(file: string, name: string, old: string, text: string, why: string, versions: { since?: string; before?: string } = {}): Patch {
  return { file, function: name, edit: { kind: "replace", old, new: text }, why, ...versions };
}
