// `unpark watch` on a real terminal (a pseudo-terminal of Python's pty): a screen that holds still, at two sizes and while it changes
// from one to the other; lines where nobody looks. What was written is put onto a small model of a terminal.
import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { BIN } from "../../src/cli/testing/bin.js";
/** argv: rows, columns, and again for after a while; what follows is started. Prints what came in base64, a line for each size. */
const PTY = `
import base64, fcntl, os, pty, select, signal, struct, sys, termios, time

sizes = [tuple(map(int, one.split("x"))) for one in sys.argv[1].split(",")]
pid, fd = pty.fork()
if pid == 0:
    time.sleep(0.2)
    os.execvp(sys.argv[2], sys.argv[2:])
for rows, columns in sizes:
    fcntl.ioctl(fd, termios.TIOCSWINSZ, struct.pack("HHHH", rows, columns, 0, 0))
    seen, end = b"", time.time() + (60 if (rows, columns) == sizes[-1] else 3)
    while time.time() < end:
        if not select.select([fd], [], [], 0.05)[0]: continue
        try: piece = os.read(fd, 65536)
        except OSError: break
        if not piece: break
        seen += piece
    print(base64.b64encode(seen).decode(), flush=True)
try: os.kill(pid, signal.SIGKILL)
except OSError: pass
os.waitpid(pid, 0)
`;
const skip: string | false = spawnSync("python3", ["-c", "import pty"]).status === 0 ? false : "python3 with its module pty makes the terminal, and is not here";

let folder: string;
before(() => {
  folder = mkdtempSync(join(tmpdir(), "unpark-terminal-"));
  const stacks = Array.from({ length: 30 }, (_, i) => `goroutine ${i + 1} [select]:\nexample.net/shop.serve${i}(0x1)\n\t/src/shop/${"a-long-folder/".repeat(6)}${i}.go:41 +0x1d\n`);
  writeFileSync(join(folder, "one.txt"), stacks.join("\n"));
  writeFileSync(join(folder, "世界.txt"), stacks.slice(0, 2).join("\n"));
});
after(() => rmSync(folder, { recursive: true, force: true }));

function onTerminal(sizes: readonly (readonly [rows: number, columns: number])[], env: Readonly<Record<string, string>> = {}): readonly string[] {
  const { stdout, stderr } = spawnSync("python3", ["-c", PTY, sizes.map((one) => one.join("x")).join(","), process.execPath, BIN, "watch", "--store", "none", "--interval", "100ms", "--until", `${3 * sizes.length - 1}s`, "one.txt", "世界.txt", "gone.txt"], { cwd: folder, encoding: "utf8", timeout: 120_000, maxBuffer: 1 << 26, env: { PATH: process.env["PATH"] ?? "", HOME: folder, TERM: "xterm", ...env } });
  assert.equal(stderr, "");
  return stdout.trim().split("\n").map((line) => Buffer.from(line, "base64").toString());
}

/** A terminal as far as the screen needs it: rows of text, a cursor, whether anything scrolled. */
class Terminal {
  readonly #rows: number;
  readonly #columns: number;
  #grid: string[];
  #row = 0;
  #column = 0;
  scrolled = 0;
  wrapped = 0;

  constructor([rows, columns]: readonly [number, number]) {
    [this.#rows, this.#columns] = [rows, columns];
    this.#grid = Array<string>(rows).fill("");
  }

  get lines(): readonly string[] {
    return this.#grid.map((line) => line.trimEnd());
  }

  write(text: string): this {
    for (const [part] of text.matchAll(/\u001b\[[?\d;]*[A-Za-z]|\r|\n|[^\u001b\r\n]/gu)) {
      if (part === "\n") this.#down();
      else if (part === "\r") this.#column = 0;
      else if (part === "\u001b[H") this.#row = this.#column = 0;
      else if (part === "\u001b[2J") this.#grid.fill("");
      else if (part === "\u001b[J") for (let row = this.#row; row < this.#rows; row++) this.#grid[row] = row === this.#row ? this.#grid[row]!.slice(0, this.#column) : "";
      else if (part === "\u001b[K") this.#grid[this.#row] = this.#grid[this.#row]!.slice(0, this.#column);
      else if (/^\u001b\[\d+m$/.test(part)) continue;
      else if (part.startsWith("\u001b")) assert.fail(`an unknown sequence ${JSON.stringify(part)}`);
      else this.#put(part);
    }
    return this;
  }

  #put(character: string): void {
    const width = /[\u2e80-\ua4cf]/.test(character) ? 2 : 1;
    if (this.#column + width > this.#columns) {
      this.wrapped++;
      this.#column = 0;
      this.#down();
    }
    const line = this.#grid[this.#row]!.padEnd(this.#column);
    this.#grid[this.#row] = line.slice(0, this.#column) + character + " ".repeat(width - 1) + line.slice(this.#column + width);
    this.#column += width;
  }

  #down(): void {
    if (this.#row < this.#rows - 1) return void this.#row++;
    this.#grid = [...this.#grid.slice(1), ""];
    this.scrolled++;
  }
}

/** What was on the screen before the summary, which comes below it at the end. */
const screenOf = (text: string): string => text.slice(0, text.lastIndexOf("\u001b[J") + 3);

for (const size of [[24, 80], [12, 44]] as const) {
  test(`a screen of ${size.join(" rows and ")} columns holds still`, { skip }, () => {
    const [text = ""] = onTerminal([size]);
    const frames = screenOf(text).split("\u001b[H").length - 1;
    assert.ok(frames > 3, `${frames} frames`);
    assert.equal(text.split("\u001b[2J").length, 2, "cleared once");
    const terminal = new Terminal(size).write(screenOf(text));
    assert.deepEqual([terminal.scrolled, terminal.wrapped], [0, 0]);
    assert.match(terminal.lines[0]!, /^unpark watch, every 0\.1 s, /);
    assert.equal(terminal.lines.at(-1), "");
    assert.ok(terminal.lines.some((line) => line.startsWith("one.txt  30 goroutines")), terminal.lines.join("\n"));
    assert.ok(text.includes("\u001b[31m") || text.includes("\u001b[1m"), "coloured");
  });
}

test("when the size changes it is painted anew, for the new size", { skip }, () => {
  const [first = "", second = ""] = onTerminal([[30, 100], [14, 50]]);
  const large = new Terminal([30, 100]).write(first);
  assert.deepEqual([large.scrolled, large.wrapped], [0, 0]);
  // What the terminal keeps of the large screen does not matter: it is cleared.
  assert.ok(second.includes("\u001b[2J"));
  const small = new Terminal([14, 50]).write(screenOf(second).slice(second.indexOf("\u001b[2J")));
  assert.deepEqual([small.scrolled, small.wrapped], [0, 0]);
  assert.match(small.lines[0]!, /^unpark watch/);
});

for (const [name, env, lines] of [["NO_COLOR", { NO_COLOR: "1" }, false], ["TERM=dumb", { TERM: "dumb" }, true], ["CI", { CI: "true" }, true]] as const) {
  test(`${name}: ${lines ? "lines" : "the screen without colours"}`, { skip }, () => {
    const [text = ""] = onTerminal([[24, 80]], env);
    assert.equal(text.includes("\u001b[H"), !lines);
    if (name !== "CI") assert.ok(!/\u001b\[\d+m/.test(text));
    if (lines) assert.match(text, /gone\.txt: .*asking again/);
  });
}
