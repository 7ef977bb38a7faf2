import { basename, relative } from "node:path";
import { pathToFileURL } from "node:url";
import { parseSchedule } from "../model/run/schedule.js";
import { secondCopy } from "../runtime/core/current-runtime.js";
import { mainHook } from "../runtime/core/main-hook.js";
import { setTraceback } from "../runtime/api/runtime.js";
import { eachKey, runnerRequest, writeExamination, writeFailure, type RunnerRequest } from "../pipeline/typescript/runner-protocol.js";
import { examineTs, replayTs, type ExamineTsOptions } from "../pipeline/typescript/examine-ts.js";

/**
 * The process that `unpark run program.ts` starts, on the program's own copy of Unpark: loads the program, takes what it
 * hands to `runtime.main` (or its exported `main`), explores that, and tells what it found. Exit code 2: it cannot.
 */
async function run(file: string, by: RunnerRequest): Promise<void> {
  setTraceback(true);
  const main = await mainOf(file);
  const second = secondCopy();
  if (second !== undefined) throw new Error(second);
  const body = (): unknown => main(); // without arguments, as in production: what explore gives to a test's body is not for a program
  const output = (stream: "stdout" | "stderr", bytes: Uint8Array): void => void process[stream].write(bytes);
  const path = relative(by.cwd, file);
  const options: ExamineTsOptions = { budget: 10_000, ...by.options, ...by.each?.[eachKey({ package: path, name: basename(file) })], scope: "main", name: basename(file), package: path, output };
  if (by.replay === undefined) return writeExamination(by, await examineTs(body, options));
  const schedule = parseSchedule(by.replay.schedule);
  const done = schedule.ok ? await replayTs(body, schedule.value, options) : schedule;
  if (!done.ok) throw new Error(done.error);
  writeExamination(by, done.value);
}

async function mainOf(file: string): Promise<() => unknown> {
  const taken = new Promise<() => unknown>((resolve) => {
    mainHook.take = (body) => {
      resolve(body);
      return new Promise(() => undefined); // what stands behind it would run when main has returned
    };
  });
  const loaded = import(pathToFileURL(file).href).then((module: Readonly<Record<string, unknown>>) => {
    if (typeof module["main"] === "function") return module["main"] as () => unknown;
    throw new Error("it neither calls runtime.main(…) nor exports a function main: give it one, in which it makes all its channels and locks");
  });
  return Promise.race([taken, loaded]);
}

const file = process.argv[2];
const by = runnerRequest();
if (file !== undefined && by !== undefined) {
  process.argv.splice(1, 2, file);
  const alive = setInterval(() => undefined, 60_000); // a main that waits for nothing outside keeps no process alive
  run(file, by)
    .catch((error: unknown) => {
      writeFailure(by, error instanceof Error ? error.message : String(error));
      process.exitCode = 2;
    })
    .finally(() => {
      clearInterval(alive);
      process.exit();
    });
}
