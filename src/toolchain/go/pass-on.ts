import type { Readable } from "node:stream";

/** A promise: the reader is slow, and the program is to wait for it, as it does where it writes to it by itself. */
export type OutputListener = (stream: "stdout" | "stderr", bytes: Uint8Array) => void | Promise<void>;

/** Gives a child's output to the listener as it comes, and no faster than it takes it. */
export function passOn(child: { readonly stdout: Readable; readonly stderr: Readable }, listener: OutputListener): void {
  for (const name of ["stdout", "stderr"] as const) {
    const stream = child[name];
    stream.on("data", (bytes: Buffer) => {
      const slow = listener(name, bytes);
      if (slow === undefined) return;
      stream.pause();
      void slow.then(() => stream.resume());
    });
  }
}
