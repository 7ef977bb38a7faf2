import type { Patch } from "../../overlay/patch.js";
import { address, enter, PC } from "./hook.js";

/** The functions of sync/atomic that are not written anew (go/sync/atomic). */
export function atomicHooks(): readonly Patch[] {
  return [
    ...["StorePointer", "SwapPointer", "CompareAndSwapPointer"].map((name) =>
      enter(
        "runtime/atomic_pointer.go",
        `sync_atomic_${name}`,
        `unparkPoint(${name === "StorePointer" ? "unparkStore" : "unparkRMW"}, ${address("ptr")}, 0, ${PC})`,
        "an atomic is visible",
      ),
    ),
    { file: "runtime/atomic_pointer.go", edit: { kind: "import", path: "internal/runtime/sys" }, why: "who calls the atomic" },
    ...["Load", "Store", "Swap", "CompareAndSwap"].map((name) =>
      enter("sync/atomic/value.go", `(*Value).${name}`, point(name === "Load" ? "unparkLoad" : "unparkRMW", "v"), "a Value is one object, whatever it does inside"),
    ),
    { file: "sync/atomic/value.go", edit: { kind: "import", path: "internal/runtime/sys" }, why: "who calls it" },
    ...["Load", "Store", "Swap", "CompareAndSwap"].map((name) =>
      enter(
        "sync/atomic/type.go",
        `(*Pointer).${name}`,
        point(name === "Load" ? "unparkLoad" : name === "Store" ? "unparkStore" : "unparkRMW", "&x.v"),
        "in generic code it is called, not inlined: its caller is then not the one of the function within",
      ),
    ),
    { file: "sync/atomic/type.go", edit: { kind: "import", path: "internal/runtime/sys" }, why: "who calls it" },
  ];
}

const point = (op: string, object: string): string => `unparkPoint(${op}, ${address(object)}, 0, ${PC})`;
