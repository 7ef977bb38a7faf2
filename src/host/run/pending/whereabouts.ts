import { hashString } from "../../../base/hash.js";
import type { GuestGoroutine } from "../../guest/guest-goroutine.js";
import { byCode } from "../../guest/op-codes.js";

const HASHES = byCode(hashString);

/** A number for who started it and its operation (PendingTable, T6): below 2^32, so that a million of them can be added up. */
export const whereaboutsOf = ({ ancestry, code }: GuestGoroutine): number => Math.imul(ancestry ^ HASHES[code]!, 0x9e3779b1) >>> 0;
