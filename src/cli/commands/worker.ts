import { availableParallelism, hostname } from "node:os";
import { runWorker } from "../../pipeline/queue/run-worker.js";
import { count } from "../../report/exploration/verdict-words.js";
import { CLEAN } from "../../report/exit-code.js";
import { withFlags, type Command } from "../command.js";
import { type FlagSpecs, usageText } from "../flags/flags.js";
import { complain } from "../io.js";
import { queueOf, QUEUE_FLAG, tell } from "../flags/queue-flag.js";

const FLAGS = {
  queue: QUEUE_FLAG,
  workers: { type: "string", kind: "positive", usual: "one for each core", value: "N", help: "threads that work (default: one for each core)" },
} as const satisfies FlagSpecs;

const ABOUT = `Takes work from any 'unpark test --queue' on the same NATS server: whole tests, and parts of those that have too many
schedules for one machine. It may be started and ended at any time, on any number of machines; what it had begun is
done by others. It runs the tests of whoever may write to the queue, under control: they have no network and no files of this machine.`;

export const command: Command = {
  name: "worker",
  summary: "Explores for commands on other machines, over a NATS server.",
  flags: FLAGS,
  usage: usageText("worker --queue URL [flags]", ABOUT, FLAGS, ["unpark worker --queue nats://queue.example:4222", "UNPARK_QUEUE=tls://queue.example NATS_CREDS=ci.creds unpark worker --workers 4"]),
  run: withFlags(FLAGS, async ({ flags, positionals }, io) => {
    if (positionals.length > 0) return complain(io, `'${positionals[0]}': a worker takes no names of tests; it does what others ask for on the queue`);
    const queue = queueOf(flags.queue, io);
    if (queue === undefined) return complain(io, "--queue is missing: where is the work? For example --queue nats://queue.example:4222");
    if (flags.workers !== undefined && !/^[1-9]\d{0,3}$/.test(flags.workers)) return complain(io, `--workers takes a whole number from 1 to 9999, but got '${flags.workers}'`);
    const threads = flags.workers === undefined ? availableParallelism() : Number(flags.workers);
    const shown = { at: 0 };
    const ended = await runWorker({
      url: queue.url, env: io.env, threads, signal: io.signal, say: queue.say,
      ready: (name) => tell(`${hostname()} works on ${name} with ${count(threads, "thread")}`, io),
      progress: ({ tasks, schedules, busy }) => {
        const text = `${count(tasks, "task")}, ${count(schedules, "schedule")}, ${busy} of ${threads} busy`;
        if (io.isTTY.stderr) io.stderr.write(`\r\u001b[2K${text}`);
        else if (tasks >= shown.at * 2) {
          shown.at = tasks;
          io.stderr.write(`unpark: ${text}\n`);
        }
      },
    });
    return ended.ok ? CLEAN : complain(io, ended.error);
  }),
};
