import type { GoRun } from "../run/go-run.js";
import type { GuestMemory } from "../guest/guest-memory.js";
import { EPOCH, TICK } from "../../control/virtual-time.js";

/** The guest's monotonic clock before control begins: init functions and TestMain run on it, naturally. */
export interface TimeSource {
  mono: number;
}

const REALTIME = 0;
const SUBSCRIPTION = 48;
const EVENT_SIZE = 32;
const ABSOLUTE = 1;

/** What the guest reads from its clock, in nanoseconds. */
export const readClock = (time: TimeSource, run: GoRun | undefined): number => Math.round(run?.readClock() ?? (time.mono += TICK));

/** WASI's clocks, waiting and randomness: virtual, and a function of the choices alone. */
export function timeCalls(
  memory: GuestMemory,
  time: TimeSource,
  run: () => GoRun | undefined,
  randomState: () => number | undefined,
): Record<string, (...args: never[]) => number> {
  let startSeed = 0x12345678;
  return {
    clock_time_get: (id: number, _precision: bigint, result: number): number => {
      const now = readClock(time, run());
      if (id === REALTIME) memory.setU64(result, EPOCH + BigInt(now));
      else memory.setLong(result, now);
      return 0;
    },
    clock_res_get: (_id: number, result: number): number => {
      memory.setU64(result, 1000n);
      return 0;
    },
    poll_oneoff: (subscriptions: number, events: number, count: number, written: number): number => {
      const view = new DataView(memory.all().buffer);
      let earliest: { at: number; userdata: bigint } | undefined;
      for (let i = 0; i < count; i++) {
        const one = (subscriptions >>> 0) + SUBSCRIPTION * i;
        if (view.getUint8(one + 8) !== 0) continue; // a file: always ready, and read without waiting
        const timeout = Number(view.getBigUint64(one + 24, true));
        const at = (view.getUint16(one + 40, true) & ABSOLUTE) !== 0 ? timeout : time.mono + timeout;
        if (earliest === undefined || at < earliest.at) earliest = { at, userdata: view.getBigUint64(one, true) };
      }
      if (earliest) {
        time.mono = Math.max(time.mono, earliest.at);
        memory.mark(events >>> 0, EVENT_SIZE);
        new Uint8Array(view.buffer, events >>> 0, EVENT_SIZE).fill(0);
        view.setBigUint64(events >>> 0, earliest.userdata, true);
      }
      memory.mark(written >>> 0, 4);
      view.setUint32(written >>> 0, earliest ? 1 : 0, true);
      return 0;
    },
    random_get: (address: number, length: number): number => {
      const bytes = memory.bytes(address, length);
      const state = randomState();
      const view = new DataView(memory.all().buffer);
      let seed = state === undefined ? startSeed : view.getUint32(state, true);
      for (let i = 0; i < bytes.length; i++) {
        seed = (Math.imul(seed, 1664525) + 1013904223) >>> 0; // Numerical Recipes' LCG; its high byte
        bytes[i] = seed >>> 24;
      }
      if (state === undefined) startSeed = seed;
      else {
        memory.mark(state, 4);
        view.setUint32(state, seed, true);
      }
      return 0;
    },
  };
}
