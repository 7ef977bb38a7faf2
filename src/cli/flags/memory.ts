import { totalmem } from "node:os";
import { err, ok, type Result } from "../../base/result.js";

/** Mebibytes. WebAssembly's memory has 32-bit addresses; Go's own runtime needs some before a program begins. */
const LEAST = 16;
const MOST = 4096;
/** What every machine is taken to have, and what no program needs without somebody knowing it. */
const DEFAULT = { least: 512, most: 2048 } as const;

/** `--memory`, in mebibytes: `512MiB`, `2GiB`, `1536M`. */
export function readMemory(text: string): Result<number, string> {
  const [, number, unit] = /^(\d{1,6}(?:\.\d{1,3})?)\s*([MG])(?:i?B)?$/i.exec(text) ?? [];
  if (number === undefined || unit === undefined) return err(`expected a size such as 512MiB or 2GiB, but got '${text}'`);
  const size = Math.floor(Number(number) * (unit.toUpperCase() === "G" ? 1024 : 1));
  return size < LEAST || size > MOST ? err(`from ${LEAST}MiB to 4GiB (WebAssembly has no more), but got '${text}'`) : ok(size);
}

/** A program's memory, a copy of its start, and saved states beside it: a quarter of each thread's share. */
export const defaultMemory = (machine: number, workers: number): number => Math.floor(Math.min(DEFAULT.most, Math.max(DEFAULT.least, machine / workers / 4)));

/** Mebibytes that this process may use: of the machine, or of the container that it is in. */
export function machineMemory(): number {
  const bound = process.constrainedMemory();
  const total = totalmem();
  return (bound > 0 && bound < total ? bound : total) / 1_048_576;
}
