// Wrong use does not compile: each line below `@ts-expect-error` is one. Checked by every build (tsc fails where such a
// line does compile); nothing here is run.
/* eslint-disable @typescript-eslint/no-unsafe-call, @typescript-eslint/await-thenable -- what does not compile has no type */
import { Chan, context, func, go, otherwise, recv, select, send, sync, time, type RecvChan, type SendChan } from "../src/index.js";
import { explore } from "../src/testing.js";

export async function neverRun(): Promise<void> {
  const numbers = new Chan<number>();
  const sendOnly: SendChan<number> = numbers;
  const recvOnly: RecvChan<number> = numbers;

  // @ts-expect-error a string into a channel of numbers
  await numbers.send("1");
  // @ts-expect-error receiving from chan<-
  await sendOnly.recv();
  // @ts-expect-error sending into <-chan
  await recvOnly.send(1);
  // @ts-expect-error closing <-chan
  await recvOnly.close();
  // @ts-expect-error a channel of numbers is no channel of strings to send into
  const strings: SendChan<string> = numbers;
  // @ts-expect-error ranging over chan<-
  for await (const _ of sendOnly) break;
  // @ts-expect-error what is received may be undefined: the channel may be closed
  const value: number = await numbers.recv();

  // @ts-expect-error an argument of another type
  go((n: number) => n, "1");
  // @ts-expect-error an argument too few
  go((n: number) => n);
  go((signal) => numbers.recv({ signal }));
  go((n: number, signal: AbortSignal) => numbers.send(n, { signal }), 1);
  go((mode: "a" | "b", all: number[]) => [mode, all], "a", [1]);
  // @ts-expect-error an argument of another type, beside the signal
  go((n: number, signal: AbortSignal) => numbers.send(n, { signal }), "1");
  // @ts-expect-error a handle gives what the body returns
  const joinedText: string = await go(() => Promise.resolve(1)).join();
  const joined: number = await go(() => Promise.resolve(1)).join();

  // @ts-expect-error a case that sends into <-chan
  await select(send(recvOnly, 1));
  // @ts-expect-error a case that receives from chan<-
  await select(recv(sendOnly));
  // @ts-expect-error no case, but a channel
  await select(numbers);
  const got = await select(recv(numbers), recv(new Chan<string>()), otherwise);
  // @ts-expect-error there is no fourth case
  if (got.index === 3) return;
  if (got.index === 0) {
    // @ts-expect-error the first case gives a number, or undefined
    const word: string = got.value;
    if (got.ok) void (got.value satisfies number);
    void word;
  }
  if (got.index === 1 && got.ok) void (got.value satisfies string);
  const cases = [numbers, numbers].map((ch) => recv(ch));
  const any = await select(...cases);
  if (any.ok) void (any.value satisfies number);
  void (any.index satisfies number);
  const [received, ok] = await numbers.recvOk();
  // @ts-expect-error only where ok is true
  received.toFixed();
  if (ok) received.toFixed();

  // @ts-expect-error a Cond needs its lock
  new sync.Cond();
  // @ts-expect-error WaitGroup counts with numbers
  await new sync.WaitGroup().add("1");
  // @ts-expect-error a text without a unit
  await time.sleep("1");
  // @ts-expect-error a text with a unit that there is not
  await time.sleep("1 fortnight");
  const limit = 500;
  // @ts-expect-error half a microsecond: milliseconds were meant
  await time.sleep(limit);
  // @ts-expect-error the same
  context.withTimeout(context.background(), 30_000);
  // @ts-expect-error the same
  time.after(0.5);
  // @ts-expect-error the same
  await time.newTimer(time.hour).reset(999_999);
  const measured: number = Date.now();
  const text: "1.5s" | "1h30m" = measured > 0 ? "1.5s" : "1h30m";
  await Promise.all([time.sleep(text), time.sleep(0), time.sleep(-1), time.sleep(1e30), time.sleep(1_000_000), time.sleep(time.nanosecond)]);
  await Promise.all([time.sleep(measured), time.sleep(limit * time.millisecond), time.sleep(time.ms(limit)), time.sleep(Infinity)]);
  // @ts-expect-error the parent is missing
  context.withCancel();
  // @ts-expect-error nobody sends into ctx.done()
  await context.background().done().send(1);
  // @ts-expect-error recover gives what anybody may have thrown
  await func(({ recover }) => void (recover() satisfies Error));
  // @ts-expect-error explore takes a function, not a promise
  await explore(Promise.resolve());
  const budget = measured > 0 ? 5 : undefined;
  await explore(() => undefined, { budget, schedules: undefined, strict: undefined });
  // @ts-expect-error there is no such clock
  await explore(() => undefined, { clock: "fast" });
  void [strings, value, joined, joinedText];
}
