import type { Patch } from "../../overlay/patch.js";
import { address, enter, PC, replace } from "./hook.js";

/** sync.Map, as it is from Go 1.24 on. */
export function mapHooks(): readonly Patch[] {
  return [
    ...maps("sync/map.go", ["Delete"], { since: "1.26" }),
    ...maps("sync/hashtriemap.go", [], { before: "1.26" }), // there Delete calls LoadAndDelete
    replace("internal/sync/hashtriemap.go", "(*indirect).empty", "i.children[j].Load() != nil", "*(*unsafe.Pointer)(unsafe.Pointer(&i.children[j])) != nil", "who deletes holds the node's lock: the sixteen loads are no points (4 % of a test's end)"),
  ];
}

function maps(file: string, more: readonly string[], versions: { since?: string; before?: string }): readonly Patch[] {
  const reads = ["Load", "Range"];
  const changes = ["Store", "Swap", "LoadOrStore", "LoadAndDelete", "CompareAndSwap", "CompareAndDelete", "Clear"];
  return [
    ...[...reads, ...changes, ...more].map((name) =>
      enter(
        file,
        `(*Map).${name}`,
        `unparkPoint(${reads.includes(name) ? "unparkLoad" : "unparkRMW"}, ${address("m")}, 0, ${PC})`,
        "a Map is one object, whatever it does inside",
        versions,
      ),
    ),
    { file, edit: { kind: "import", path: "unsafe" }, why: "the object's address", ...versions },
    { file, edit: { kind: "import", path: "internal/runtime/sys" }, why: "who calls it", ...versions },
  ];
}
