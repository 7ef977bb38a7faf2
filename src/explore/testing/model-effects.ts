import type { ObjectId } from "../../model/ids.js";
import type { Access } from "../../model/run/operation.js";
import type { Op } from "./model-operations.js";
import { cellOf, channelOf, type ModelGoroutine, type ModelState } from "./model-state.js";

/** Whether an operation other than a channel's can go on. */
export function canGo(world: ModelState, op: Op): boolean {
  switch (op.op) {
    case "lock":
      return cellOf(world, op.object).value === 0;
    case "rlock":
    case "wlock":
      return cellOf(world, op.object).writer === 0;
    case "wacquire":
    case "wgwait":
      return cellOf(world, op.object).value === 0;
    default:
      return true;
  }
}

/** Does a goroutine's own operation, other than a select or a send and receive that meet. Adds what it touched. */
export function perform(world: ModelState, g: ModelGoroutine, op: Op, touched: Access[]): void {
  switch (op.op) {
    case "send":
    case "recv":
    case "close":
      channel(world, g, op.op, op.object, op.op === "send" ? op.value : 0, touched);
      return;
    case "wgadd": {
      const cell = cellOf(world, op.object);
      touched.push({ object: op.object, op: "wgadd", before: cell.value, delta: op.value });
      cell.value += op.value;
      if (cell.value < 0) world.panic = "sync: negative WaitGroup counter";
      return;
    }
    case "condwait": {
      touched.push({ object: op.object, op: "condwait" }, { object: op.mutex, op: "unlock" });
      cellOf(world, op.mutex).value = 0;
      g.waiting = true;
      world.waiters.set(op.object, [...(world.waiters.get(op.object) ?? []), g.name]);
      return;
    }
    case "sleep":
      touched.push({ object: 0 as ObjectId, op: "load" });
      g.until = world.now + op.value;
      return;
    case "timerreset":
      touched.push({ object: 0 as ObjectId, op: "load" }, { object: op.object, op: "timerreset" });
      world.timers.set(op.object, world.now + op.value);
      return;
    case "timerstop":
      touched.push({ object: op.object, op: "timerstop" });
      world.timers.delete(op.object);
      return;
    case "yield":
    case "select":
    case "random":
    case "spawn":
    case "unless":
    case "panic":
      return;
    default:
      touched.push({ object: op.object, op: op.op });
      synchronise(world, g, op);
  }
}

/** A channel operation by itself: on a buffer, or on a closed channel. */
export function channel(
  world: ModelState, g: ModelGoroutine, op: "send" | "recv" | "close", object: ObjectId, value: number, touched: Access[],
): void {
  const c = channelOf(world, object);
  touched.push({ object, op, before: c.values.length, capacity: c.capacity });
  if (op === "recv") {
    g.log.push(c.values.shift() ?? 0);
  } else if (c.closed) {
    world.panic = op === "send" ? "send on closed channel" : "close of closed channel";
  } else if (op === "send") {
    c.values.push(value);
  } else {
    c.closed = true;
  }
}

function synchronise(world: ModelState, g: ModelGoroutine, op: Extract<Op, { readonly object: ObjectId }>): void {
  const cell = cellOf(world, op.object);
  switch (op.op) {
    case "lock":
      cell.value = 1;
      return;
    case "trylock":
      g.log.push(cell.value);
      cell.value = 1;
      return;
    case "unlock":
      if (cell.value === 0) world.panic = "unlock of unlocked mutex";
      cell.value = 0;
      return;
    case "rlock":
      cell.value++;
      return;
    case "runlock":
      if (cell.value-- === 0) world.panic = "RUnlock of unlocked RWMutex";
      return;
    case "wlock":
    case "wacquire":
      cell.writer++;
      return;
    case "wunlock":
      if (cell.writer !== 2) world.panic = "Unlock of unlocked RWMutex";
      cell.writer = 0;
      return;
    case "condsignal":
    case "condbroadcast":
      wake(world, op.object, op.op === "condsignal" ? 1 : Infinity);
      return;
    case "load":
      g.log.push(cell.value);
      return;
    case "rmw":
      g.log.push(cell.value++);
      return;
    case "store":
      cell.value = op.value;
      return;
    default:
      return; // wgwait sees nothing but that it may go on
  }
}

function wake(world: ModelState, object: ObjectId, count: number): void {
  const waiters = world.waiters.get(object) ?? [];
  for (const name of waiters.splice(0, count)) world.goroutines.find((g) => g.name === name)!.waiting = false;
}
