import { atomic, Chan, go, otherwise, rand, recv, runtime, select, sync, time } from "../../index.js";
import { seamConformance, type SeamProgram } from "../../control/testing/seam-conformance.js";
import { ControlledProgram } from "./controlled-program.js";

const twice = (body: () => unknown): void => {
  go(body);
  go(body);
};

const PROGRAMS: Readonly<Record<SeamProgram, () => unknown>> = {
  meet: async () => {
    const ch = new Chan<number>();
    go(() => ch.send(1));
    await ch.recv();
  },
  buffer: async () => {
    const ch = new Chan<number>(2);
    go(() => ch.send(1));
    await ch.recv();
  },
  "select with default": async () => {
    const [a, b] = [new Chan<number>(), new Chan<number>()];
    go(() => a.send(1));
    await select(recv(a), recv(b), otherwise);
  },
  "select without default": async () => {
    const [a, b] = [new Chan<number>(), new Chan<number>()];
    go(() => a.send(1));
    go(() => b.send(1));
    await select(recv(a), recv(b));
  },
  locks: () => {
    const mu = new sync.Mutex();
    twice(async () => {
      await mu.lock();
      await mu.unlock();
    });
  },
  "wait group": async () => {
    const wg = new sync.WaitGroup();
    await wg.add(1);
    go(() => wg.add(-1));
    await wg.wait();
  },
  "polls in turn": () => {
    const x = new atomic.Int();
    twice(async () => {
      for (let i = 0; i < 20; i++) await x.load();
    });
  },
  "polls until stored": () => {
    const [x, y] = [new atomic.Int(), new atomic.Int()];
    go(async () => {
      for (let i = 0; i < 20; i++) await x.load();
    });
    go(() => y.store(1));
  },
  yields: () => {
    const x = new atomic.Int();
    go(() => runtime.gosched());
    go(() => x.load());
  },
  sleeps: async () => {
    go(() => time.sleep(time.millisecond));
    await time.sleep(time.second);
  },
  draws: () => rand.choose(3),
  deadlock: () => new Chan<number>().recv(),
  "left behind": () => {
    const ch = new Chan<number>();
    go(() => ch.send(1));
  },
  names: () => {
    const ch = new Chan<number>();
    twice(() => {
      go(() => ch.send(1));
      return ch.send(1);
    });
  },
};

seamConformance("TypeScript", (program) => new ControlledProgram(PROGRAMS[program], { name: program }));
