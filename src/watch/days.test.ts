import assert from "node:assert/strict";
import { test } from "node:test";
import { Days } from "./days.js";

const RULE = { minRise: 10, minShare: 0.1 };
const DAY = 1440;

/** Of each minute the groups' counts, and how many of them have waited for an hour. After how many hours each is named first. */
function named(days: number, counts: (minute: number) => Readonly<Record<string, number>>, stayed?: (minute: number) => Readonly<Record<string, number>>): Readonly<Record<string, number>> {
  const rule = new Days(RULE);
  const first: Record<string, number> = {};
  for (let minute = 0; minute < days * DAY; minute++) {
    rule.add(minute * 60_000, new Map(Object.entries(counts(minute))), stayed && new Map(Object.entries(stayed(minute))));
    for (const name of rule.growing().keys()) first[name] ??= Math.floor(minute / 60);
  }
  return first;
}

/** 0 at midnight, 1 at noon. */
const sun = (minute: number): number => (1 - Math.cos((2 * Math.PI * minute) / DAY)) / 2;
const since = (minute: number, begin: number, each: number): number => Math.max(0, Math.floor((minute - begin) / each));
const after = (times: number): number => times * 60;

test("a leak is named after a day and four hours, or as soon as the second day has shown enough", () => {
  const found = named(3, (minute) => ({ fast: since(minute, 0, 2), slow: since(minute, 0, 60) }));
  // A day's 24 hours, four more, and one to begin with: 29. Of one an hour n less twice its root is three fifths of n from 25 on:
  // twice 25 hours and one to begin with, and it is there from the second hour on.
  assert.deepEqual(found, { fast: 29, slow: 52 });
});

test("what comes with the load and goes with it, fills up, is a step, or stands still is never named", () => {
  assert.deepEqual(named(6, (minute) => ({
    requests: Math.round(20 + 200 * sun(minute)),
    people: minute % DAY < 480 ? 0 : minute % DAY < 720 ? minute % DAY - 480 : minute % DAY < 1020 ? 240 : Math.max(0, 240 - (minute % DAY - 1020)),
    cache: Math.round(300 * (1 - Math.exp(-minute / (10 * 60)))),
    step: minute < 2000 ? 40 : 400,
    flat: 50,
  })), {});
});

test("a leak by requests is named though there are fewer at the weekend, for the load tells", () => {
  // Five days of 100, then two of 25; it grows from Friday noon on.
  const load = (minute: number): number => (5 + 95 * sun(minute)) * (minute % (7 * DAY) < 5 * DAY ? 1 : 0.25);
  const total = Array.from({ length: 8 * DAY }, () => 0);
  for (let minute = 4.5 * DAY; minute < total.length; minute++) total[minute] = total[minute - 1]! + load(minute) / 600;
  const looks = (minute: number): Record<string, number> => ({ leak: Math.floor(total[minute] ?? 0) });
  const found = named(7, (minute) => ({ ...looks(minute), conns: Math.round(load(minute)) }));
  assert.ok(found["leak"]! < 24 * 7, `${found["leak"]} h`);
  // Without anything that shows the load it is not known yet.
  assert.deepEqual(named(7, looks), {});
});

test("a restart begins anew: nothing is said before another day", () => {
  const reset = (minute: number): Record<string, number> => ({ leak: since(minute % (20 * 60), 0, 2) });
  assert.deepEqual(named(4, reset), {});
});

test("a dump: what leaked below load at the same place is named, from a profile it is not", () => {
  const leaked = (minute: number): number => since(minute, 0, 10);
  const counts = (minute: number): Record<string, number> => ({ query: leaked(minute) + Math.round(100 * sun(minute)) });
  assert.deepEqual(named(3, counts), {});
  assert.deepEqual(Object.keys(named(3, counts, (minute) => ({ main: 1, query: leaked(minute - 60) }))), ["query"]);
});

test("a dump: a process that nobody waited in for an hour is new, and so is what its groups did not have before", () => {
  // From the third day on a cache fills up that was not there before.
  const cache = (minute: number): number => (minute < 2 * DAY ? 0 : Math.round(200 * (1 - Math.exp(-(minute - 2 * DAY) / after(8)))));
  const restarted = (minute: number): boolean => minute >= 2 * DAY && minute < 2 * DAY + 60;
  const counts = (minute: number): Record<string, number> => ({ main: 3, cache: cache(minute) + 1 });
  assert.deepEqual(named(4, counts, (minute) => ({ main: restarted(minute) ? 0 : 3, cache: cache(minute - 60) })), {});
});

test("a watch that was away for some hours goes on; looks of another form begin anew", () => {
  const away = new Days(RULE);
  const mixed = new Days(RULE);
  const first = { away: 0, mixed: 0 };
  for (let minute = 0; minute < 3 * DAY; minute++) {
    const counts = new Map([["leak", since(minute, 0, 2)]]);
    if (minute < after(10) || minute >= after(16)) away.add(minute * 60_000, counts);
    mixed.add(minute * 60_000, counts, minute < after(20) ? undefined : new Map([["leak", since(minute - 60, 0, 2)]]));
    if (away.growing().size > 0) first.away ||= minute / 60;
    if (mixed.growing().size > 0) first.mixed ||= minute / 60;
  }
  assert.ok(first.away > 0 && first.away < 48, String(first.away));
  // From the 20th hour on as above; but four hours' rise of 120 is no tenth of 1,290, five hours' is.
  assert.equal(first.mixed, 20 + 29 + 1);
});
