import type { Choice } from "../../model/run/choice.js";
import type { ObjectId } from "../../model/ids.js";
import { CLOCK_OBJECT, type Access } from "../../model/run/operation.js";
import { channel, perform } from "./model-effects.js";
import type { Op } from "./model-operations.js";
import { channelOf, goroutineOf, nextTime, type ModelGoroutine, type ModelState } from "./model-state.js";
import { accessesOf } from "./model-view.js";

/** Does a choice. Adds what it touched; returns the goroutines that go on. */
export function act(world: ModelState, choice: Choice, touched: Access[]): ModelGoroutine[] {
  switch (choice.kind) {
    case "clock":
      return moveClock(world, touched);
    case "meet": {
      const [sender, receiver] = [goroutineOf(world, choice.sender), goroutineOf(world, choice.receiver)];
      const offer = caseOf(sender.code[sender.pc]!, choice.sendCase);
      touched.push({ object: offer.object, op: "send", before: 0, capacity: 0 });
      touched.push({ object: offer.object, op: "recv", before: 0, capacity: 0 });
      if (choice.sendCase !== undefined) sender.log.push(choice.sendCase);
      if (choice.recvCase !== undefined) receiver.log.push(choice.recvCase);
      receiver.log.push(offer.value);
      sender.pc++;
      receiver.pc++;
      return [sender, receiver];
    }
    case "value": {
      const g = goroutineOf(world, choice.goroutine);
      g.log.push(choice.value);
      g.pc++;
      return [g];
    }
    case "go": {
      const g = goroutineOf(world, choice.goroutine);
      const op = g.code[g.pc]!;
      if (op.op === "select") selectCase(world, g, op, choice.case!, touched);
      else perform(world, g, op, touched);
      if (g.until === undefined) g.pc++;
      return [g];
    }
  }
}

function selectCase(
  world: ModelState, g: ModelGoroutine, op: Extract<Op, { readonly op: "select" }>, index: number, touched: Access[],
): void {
  g.log.push(index);
  if (index < 0) touched.push(...accessesOf(op));
  else channel(world, g, op.cases[index]!.direction, op.cases[index]!.object, caseOf(op, index).value, touched);
}

function moveClock(world: ModelState, touched: Access[]): ModelGoroutine[] {
  const time = nextTime(world)!;
  world.now = time;
  touched.push({ object: CLOCK_OBJECT, op: "clock" });
  for (const [object, at] of world.timers) {
    if (at > time) continue;
    world.timers.delete(object);
    touched.push({ object, op: "clock" });
    const c = channelOf(world, object);
    if (c.values.length < c.capacity) c.values.push(time);
  }
  const due = world.goroutines.filter((g) => g.until !== undefined && g.until <= time);
  for (const g of due) {
    g.until = undefined;
    g.pc++;
  }
  return due;
}

function caseOf(op: Op, index: number | undefined): { readonly object: ObjectId; readonly value: number } {
  if (op.op === "select") {
    const c = op.cases[index!]!;
    return { object: c.object, value: c.direction === "send" ? c.value : 0 };
  }
  return { object: (op as { object: ObjectId }).object, value: op.op === "send" ? op.value : 0 };
}
