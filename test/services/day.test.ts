import assert from "node:assert/strict";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { test } from "node:test";
import { Fleet } from "../../bench/watch/fleet.js";
import type { WatchEvent } from "../../src/model/results/watching.js";
import { DEFAULT_GROWTH, openStore } from "../../src/pipeline/services/history.js";
import { watch } from "../../src/pipeline/services/watch.js";
import { Alerts } from "../../src/report/watch/alerts.js";
import { nanos } from "../../src/model/ids.js";
import { Days } from "../../src/watch/days.js";
import { inspectOptions, named } from "./services.js";

// The whole is docs/fleet/day-in-the-life.md: 200 services for thirty days, forty times.
test("a fleet of twenty services for ten days: who leaks is named, and nobody else", () => {
  const found: string[] = [];
  const leaking: string[] = [];
  for (const [index, service] of new Fleet(1001, 10, 20).services.entries()) {
    const rules = [new Days(DEFAULT_GROWTH), new Days(DEFAULT_GROWTH)] as const;
    for (const { name, leaks } of service.groups) if (leaks) leaking.push(`${index} ${name}`);
    for (let minute = 0; minute < 10 * 1440; minute++) {
      service.step(minute);
      const counts = new Map(service.groups.map(({ name, count }) => [name, count]));
      rules[0].add(minute * 60_000, counts, new Map(service.groups.map(({ name, stayed }) => [name, stayed])));
      rules[1].add(minute * 60_000, counts);
      for (const rule of rules) for (const name of rule.growing().keys()) if (!found.includes(`${index} ${name}`)) found.push(`${index} ${name}`);
    }
  }
  assert.equal(leaking.length, 3);
  assert.deepEqual(found.sort(), leaking.sort());
});

/** A dump as a service writes it at `minute`: a leak every four minutes, requests by day, main. */
function dump(minute: number): string {
  const one = (id: number, wait: number, fn: string, line: number): string => `goroutine ${id} [chan receive${wait > 0 ? `, ${wait} minutes` : ""}]:\n${fn}(0x1)\n\t/app/main.go:${line} +0x1\ncreated by main.main in goroutine 1\n\t/app/main.go:9 +0x1\n\n`;
  const leaked = Math.floor(minute / 4);
  const requests = Math.round(60 * (1 - Math.cos((2 * Math.PI * minute) / 1440)));
  return [
    `goroutine 1 [select (no cases)${minute > 0 ? `, ${minute} minutes` : ""}]:\nmain.main()\n\t/app/main.go:5 +0x1\n\n`,
    ...Array.from({ length: leaked }, (_, i) => one(100 + i, minute - 4 * (i + 1), "main.leak", 20)),
    ...Array.from({ length: requests }, (_, i) => one(50_000 + i, 0, "main.serve", 30)),
  ].join("");
}

test("a watch for two days of a clock: both rise, the leak alone is named, and only that is an alert", async () => {
  let minute = 0;
  const server = createServer((_, response) => void response.end(dump(minute))).listen(0, "127.0.0.1");
  await new Promise((done) => server.once("listening", done));
  const store = await openStore(undefined);
  assert.ok(store.ok);
  const events: WatchEvent[] = [];
  const stop = new AbortController();
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/`;
  const summary = await watch(named([url]), {
    ...inspectOptions({ debug: 2, signal: stop.signal }), now: () => nanos(BigInt(minute) * 60_000_000_000n),
    store: store.value, intervalMs: 1, keepMs: 1e9, onEvent: (event) => void events.push(event),
    growth: { window: 12, minRise: 10, minShare: 0.1, maxFalls: 0.1 }, alarm: "day",
    onView: () => {
      if ((minute += 10) > 40 * 60) stop.abort();
    },
  });
  server.close();
  const told = (kind: "rising" | "growing"): readonly (readonly [string, number])[] => events.flatMap((event) => (event.kind === kind ? [[event.group.frame.function, Math.floor(event.at / 3_600_000)] as const] : []));
  assert.deepEqual(new Set(told("rising").map(([name]) => name)), new Set(["main.leak", "main.serve"]));
  // The hour in which nobody had waited for one yet, a day, and four hours.
  assert.deepEqual(told("growing"), [["main.leak", 29]]);
  assert.deepEqual(summary.growing.map(({ group }) => [group.frame.function, group.growth.how]), [["main.leak", "stays"]]);
  const alerts = new Alerts("/");
  assert.deepEqual(events.flatMap((event) => alerts.of(event)).map(({ labels, status }) => [labels["function"], status]), [["main.leak", "firing"]]);
});
