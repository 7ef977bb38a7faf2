import { DEFAULT_GROWTH } from "../../pipeline/services/history.js";
import { serve } from "../../pipeline/services/serve.js";
import { CLEAN } from "../../report/exit-code.js";
import { watchEventText } from "../../report/watch/text.js";
import { withFlags, type Command } from "../command.js";
import { type FlagSpecs, usageText } from "../flags/flags.js";
import { complain } from "../io.js";
import { listenAddress, toldAddress } from "../listen.js";
import { undelivered } from "../flags/outlet-flags.js";
import { done, openKept, timesOf, WATCHING_FLAGS, watchingOf } from "../watching.js";

const FLAGS = {
  listen: { type: "string", never: "who may see the page is not for a file that comes with a repository; give it on the command line", value: "HOST:PORT", help: "where the page is (127.0.0.1:6070); beyond this machine it asks for a token (UNPARK_TOKEN, else a random one)" },
  interval: { type: "string", kind: "time", usual: "10s", value: "TIME", help: "pause between two looks (10s)" },
  store: { type: "string", kind: "output", value: "FILE|postgres://…|none", help: "where to keep what was seen (the user's state folder); watches that share a PostgreSQL database share the targets, too" },
  keep: { type: "string", kind: "time", usual: "720h", value: "TIME", help: "how long to keep it (720h)" },
  ...WATCHING_FLAGS,
} as const satisfies FlagSpecs;

const ABOUT = `Watches running services as 'unpark watch' does, and shows them on a page, growing ones first: what a group's count did, its
stack, what changed between two moments, and who waits for which lock. The page is live, and changes nothing. Prometheus scrapes /metrics of the same address.`;

export const command: Command = {
  name: "serve",
  summary: "Watches running services, and shows them on a page that stays open.",
  flags: FLAGS,
  usage: usageText("serve [flags] SOURCE...", ABOUT, FLAGS, ["unpark serve http://127.0.0.1:6060 http://127.0.0.1:6061", "unpark serve --listen 127.0.0.1:0 --store none http://127.0.0.1:6060"]),
  run: withFlags(FLAGS, async ({ flags, positionals }, io) => {
    const watching = await watchingOf("serve", positionals, flags, io);
    if (!watching.ok) return complain(io, watching.error);
    const { common, targets, outlets } = watching.value;
    const listen = listenAddress("--listen", flags.listen ?? "127.0.0.1:6070", io);
    if (!listen.ok) return complain(io, listen.error);
    const times = timesOf({ interval: flags.interval ?? "10s", keep: flags.keep ?? "720h" });
    if (!times.ok) return complain(io, times.error);
    const { interval: intervalMs = 0, keep: keepMs = 0 } = times.value;
    const store = await openKept(flags.store, intervalMs, io);
    if (!store.ok) return complain(io, store.error);
    const served = await done(serve(targets, {
      ...common, debug: common.debug ?? 0, store: store.value, intervalMs, keepMs, growth: DEFAULT_GROWTH, alarm: "day",
      host: listen.value.host, port: listen.value.port, token: listen.value.token, outlets,
      onListening: (url) => io.stdout.write(`${toldAddress(url, listen.value)}\n`),
      onEvent: (event) => {
        const text = event.kind === "failed" && event.inARow > 1 ? undefined : watchEventText(event, { colour: false, cwd: io.cwd, columns: io.columns });
        if (text !== undefined) io.stderr.write(`${text}\n`);
      },
    }), store.value);
    if (!served.ok) return complain(io, served.error);
    undelivered(served.value.undelivered, io);
    return CLEAN;
  }),
};
