import type { AddedFile, Patch, PatchSet } from "../overlay/patch.js";

/**
 * What `--stress` adds to the light or the deep form: delays where goroutines meet (go/native/runtime/unpark_shake.go).
 * The runtime changes, so that everything is compiled again for it, once; on Go 1.24 to 1.27.
 */
export function stressPatches(): PatchSet {
  return { name: "native-stress", patches: HOOKS.map(hook), files: FILES };
}

/** What stands there without `--stress`: nothing. */
export function calmPatches(): PatchSet {
  return { name: "native-calm", patches: [], files: [{ file: "runtime/pprof/unpark_shake.go", source: "native/pprof/unpark_calm.go" }] };
}

const HOOKS = [
  ["runtime/chan.go", "chansend"],
  ["runtime/chan.go", "chanrecv"],
  ["runtime/chan.go", "closechan"],
  ["runtime/select.go", "selectgo"],
  ["runtime/proc.go", "newproc"],
  ["sync/mutex.go", "(*Mutex).Lock"],
  ["sync/rwmutex.go", "(*RWMutex).Lock"],
  ["sync/rwmutex.go", "(*RWMutex).RLock"],
  ["sync/waitgroup.go", "(*WaitGroup).Add"],
] as const;

function hook([file, name]: (typeof HOOKS)[number]): Patch {
  const why = "another order of goroutines";
  // Whoever was started may go before the one that started it.
  if (name === "newproc") return { file, function: name, edit: { kind: "replace", old: "\t\t}\n\t})\n", new: "\t\t}\n\t}); unparkYield()\n" }, why };
  return { file, function: name, edit: { kind: "enter", text: "unparkYield()" }, why };
}

const FILES: readonly AddedFile[] = [
  { file: "runtime/unpark_shake.go", source: "native/runtime/unpark_shake.go" },
  { file: "runtime/unpark_bubble.go", source: "native/runtime/unpark_bubble.go", since: "1.25" },
  { file: "runtime/unpark_bubble.go", source: "native/runtime/unpark_bubble24.go", before: "1.25" },
  { file: "sync/unpark_shake.go", source: "native/sync/unpark_shake.go" },
  { file: "runtime/pprof/unpark_shake.go", source: "native/pprof/unpark_shake.go" },
];
