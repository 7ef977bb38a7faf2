// What the explorer pays for the guest's files at every choice: `node dist/bench/file-system.js`.
// Output kept in file-system.txt.
import { cpus } from "node:os";
import { FileSystemGuest } from "../src/host/testing/file-system-guest.js";
import { OFLAG } from "../src/host/wasi/flags.js";

function measure(what: string, body: () => void): void {
  for (let i = 0; i < 2000; i++) body();
  const rounds = 20_000;
  const times = Array.from({ length: 5 }, () => {
    const start = process.hrtime.bigint();
    for (let i = 0; i < rounds; i++) body();
    return Number(process.hrtime.bigint() - start) / rounds / 1000;
  }).sort((a, b) => a - b);
  console.log(`${times[2]!.toFixed(2).padStart(9)} µs  ${what}`);
}

console.log(`node ${process.version}, ${cpus()[0]?.model ?? "unknown processor"}; median of 5`);
for (const count of [0, 100, 1000]) {
  const guest = new FileSystemGuest();
  for (let i = 0; i < count; i++) guest.writeFile(`tmp/${i}`, "some text");
  const state = guest.files.save();
  const having = `${count} files made before`;
  measure(`save, restore; nothing changed; ${having}`, () => {
    guest.files.save();
    guest.files.restore(state);
  });
  measure(`restore, then create and write a file; ${having}`, () => {
    guest.files.restore(state);
    guest.writeFile("tmp/new", "text");
  });
}
const guest = new FileSystemGuest();
guest.writeFile("tmp/f", "some text");
measure("stat", () => guest.stat("tmp/f"));
measure("stat of what is not there", () => guest.stat("tmp/none"));
measure("open, read, close", () => guest.readFile("tmp/f"));
measure("print a line", () => guest.write(1, "a line of output\n"));
const fd = guest.open("tmp/log", OFLAG.CREATE, "w");
if (typeof fd === "number") measure("append a line to an open file", () => guest.write(fd, "x\n"));
