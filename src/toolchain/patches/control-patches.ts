import type { PatchSet } from "../overlay/patch.js";
import { addedFiles } from "./control/added-files.js";
import { atomicHooks } from "./control/atomic-hooks.js";
import { channelHooks } from "./control/channel-hooks.js";
import { fileHooks, permissionHooks, mappingHooks, pipeHooks } from "./control/file-hooks.js";
import { firstUses } from "./control/first-uses.js";
import { lockHooks } from "./control/lock-hooks.js";
import { mapHooks } from "./control/map-hooks.js";
import { memoryHooks } from "./control/memory-hooks.js";
import { schedulerHooks } from "./control/scheduler-hooks.js";
import { socketHooks, rawSocketHooks } from "./control/socket-hooks.js";
import { testingHooks } from "./control/testing-hooks.js";
import { timeHooks, chanceHooks } from "./control/time-hooks.js";

/**
 * The hooks of the controlled mode: what is put into the user's own standard library so that every visible operation
 * stops at a point where the host decides (go/runtime/unpark.go). One row per hook, with its reason. Supported and
 * tried in tests: Go 1.24 to 1.27.
 */
export function controlPatches(): PatchSet {
  const patches = [...channelHooks(), ...lockHooks(), ...atomicHooks(), ...mapHooks(), ...schedulerHooks(), ...timeHooks(), ...chanceHooks(), ...memoryHooks(), ...testingHooks(), ...socketHooks(), ...rawSocketHooks(), ...fileHooks(), ...permissionHooks(), ...mappingHooks(), ...pipeHooks(), ...firstUses()];
  return { name: "control", patches, files: addedFiles() };
}
