// What a test can see of its process and of those that it starts; printed, to be compared with and without Unpark.
import { fork, spawnSync } from "node:child_process";
import { test } from "node:test";
import { Worker } from "node:worker_threads";
import vm from "node:vm";

const program = new URL("program.mjs", import.meta.url);
const output = (child) => new Promise((resolve) => {
  let text = "";
  child.stdout.on("data", (part) => (text += part));
  child.on("close", (code) => resolve([code, text]));
});

test("what is seen", async () => {
  const worker = new Worker(program, { argv: ["throw"] });
  const seen = {
    execArgv: process.execArgv,
    options: process.env.NODE_OPTIONS,
    listeners: process.eventNames().filter((name) => typeof name === "string").sort().map((name) => [name, process.listenerCount(name)]),
    global: vm.runInNewContext("typeof gc") + typeof gc,
    worker: await new Promise((resolve) => worker.on("error", ({ message }) => resolve(message)).on("exit", (code) => resolve(code))),
    forked: await output(fork(program, { silent: true })),
    failed: await output(fork(program, ["throw"], { silent: true })).then(([code]) => code),
    spawned: spawnSync(process.execPath, [...process.execArgv, program.pathname], { encoding: "utf8" }).stdout,
  };
  console.log(`seen ${JSON.stringify(seen)}`);
});
