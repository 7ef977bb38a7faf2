import { optional } from "../../base/optional.js";
import type { GoroutineName } from "../../model/ids.js";
import type { Outcome } from "../../model/run/outcome.js";
import type { Frame } from "../../model/goroutine/stack.js";

/**
 * What an exit in the middle of a run was: os.Exit, or a crash that Go has described on stderr
 * (`panic: …` or `fatal error: …`, an empty line, `goroutine 7 [running]:`, then two lines a frame).
 */
export function crashOutcome(code: number, stderr: string, goroutine: GoroutineName | undefined): Outcome {
  const start = stderr.search(/^(panic: |fatal error: |runtime: )/m);
  if (code !== 2 || start < 0) return { kind: "exit", exitCode: code };
  const text = stderr.slice(start);
  const end = text.search(/\n\s*\n(goroutine|runtime stack)/);
  const message = (end < 0 ? text : text.slice(0, end)).trim();
  if (/out of memory|cannot allocate memory/.test(message)) {
    return { kind: "unsupported", what: `the program needs more memory than it may have under control: raise --memory (at most 4GiB); a test runs without that limit natively (unpark test --native): ${message.split("\n")[0]}` };
  }
  return { kind: "panic", message, ...optional({ goroutine }), stack: framesOf(text) };
}

/** The frames of the first goroutine: `main.f(0x1, …)` and a line with a tab, `file:line +0x1d`. */
function framesOf(text: string): readonly Frame[] {
  const lines = text.split("\n");
  const start = lines.findIndex((line) => /^goroutine \d+/.test(line));
  const frames: Frame[] = [];
  for (let i = start + 1; start >= 0 && i + 1 < lines.length && lines[i] !== ""; i += 2) {
    const place = /^\t(.+):(\d+)/.exec(lines[i + 1]!);
    if (!place) break;
    const name = lines[i]!.replace(/^created by /, "").replace(/ in goroutine \d+$/, "").replace(/\([^()]*\)$/, "");
    if (lines[i]!.startsWith("created by ")) break;
    frames.push({ function: name, file: place[1]!, line: Number(place[2]) });
  }
  return frames.filter(({ function: name }) => !/^(panic|runtime\.)/.test(name));
}
