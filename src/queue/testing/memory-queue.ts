import type { Prng } from "../../base/prng.js";
import type { Answer, Lease, News, Queue, Task } from "../queue.js";

/** What goes wrong, each one time in so many; 0: never. */
export interface QueueFaults {
  /** A worker dies when it has done a task, before anybody hears of it. */
  readonly deaths: number;
  /** A worker dies when its answer is there, before it has acknowledged the task; or its lease was over: the task is done again. */
  readonly redeliveries: number;
  /** An answer comes twice. */
  readonly duplicates: number;
}

/** A queue in this process, for tests: takes and answers in any order, and what goes wrong with real ones goes wrong here. */
export class MemoryQueue implements Queue {
  readonly name = "memory";
  readonly #prng: Prng;
  readonly #faults: QueueFaults;
  readonly #tasks: Task[] = [];
  readonly #dead = new Set<string>();
  readonly #answers: Answer[] = [];
  readonly #objects = new Map<string, Uint8Array>();
  readonly #hearing = new Map<string, (answer: Answer) => void>();
  readonly #news: ((news: News) => void)[] = [];
  #delivering = false;
  /** How often what went wrong. */
  readonly happened = { deaths: 0, redeliveries: 0, duplicates: 0 };

  constructor(prng: Prng, faults: QueueFaults) {
    this.#prng = prng;
    this.#faults = faults;
  }

  publish(task: Task): Promise<void> {
    this.#tasks.push(task);
    return Promise.resolve();
  }

  async lease(): Promise<Lease | undefined> {
    await new Promise((resolve) => setImmediate(resolve));
    if (this.#tasks.length === 0) return undefined;
    const task = this.#tasks.splice(this.#prng.below(this.#tasks.length), 1)[0]!;
    const back = (): void => void this.#tasks.push(task);
    return {
      task,
      times: 1,
      renew: () => undefined,
      ack: () => {
        if (this.#dead.delete(task.id)) back();
        else if (this.#strikes("redeliveries")) back();
        return Promise.resolve();
      },
      giveBack: back,
    };
  }

  answer(answer: Answer): Promise<void> {
    if (this.#strikes("deaths")) this.#dead.add(answer.id);
    else {
      this.#answers.push(answer);
      if (this.#strikes("duplicates")) this.#answers.push(answer);
      this.#deliver();
    }
    return Promise.resolve();
  }

  answers(session: string, heard: (answer: Answer) => void): Promise<void> {
    this.#hearing.set(session, heard);
    return Promise.resolve();
  }

  withdraw(session: string, program?: string): Promise<void> {
    const kept = this.#tasks.filter((task) => task.session !== session || (program !== undefined && task.program !== program));
    this.#tasks.splice(0, Infinity, ...kept);
    return Promise.resolve();
  }

  async forget(session: string): Promise<void> {
    await this.withdraw(session);
    this.#hearing.delete(session);
  }

  put(hash: string, bytes: () => Uint8Array): Promise<boolean> {
    if (this.#objects.has(hash)) return Promise.resolve(false);
    this.#objects.set(hash, bytes());
    return Promise.resolve(true);
  }

  get(hash: string): Promise<Uint8Array | undefined> {
    return Promise.resolve(this.#objects.get(hash));
  }

  tell(news: News): void {
    for (const heard of this.#news) setImmediate(() => heard(news));
  }

  onNews(heard: (news: News) => void): void {
    this.#news.push(heard);
  }

  traffic(): { readonly sent: number; readonly received: number } {
    return { sent: 0, received: 0 };
  }

  close(): Promise<void> {
    return Promise.resolve();
  }

  /** One answer at each turn of the event loop, any of them. */
  #deliver(): void {
    if (this.#delivering || this.#answers.length === 0) return;
    this.#delivering = true;
    setImmediate(() => {
      this.#delivering = false;
      const [answer] = this.#answers.splice(this.#prng.below(this.#answers.length), 1);
      this.#hearing.get(answer!.session)?.(answer!);
      this.#deliver();
    });
  }

  #strikes(what: keyof QueueFaults): boolean {
    const one = this.#faults[what];
    if (one === 0 || this.#prng.below(one) > 0) return false;
    this.happened[what]++;
    return true;
  }
}
