// Row 42: a slow and a fast source are asked, and the first answer wins, unless both take longer than a second. The leak
// is there only in schedules in which a ready goroutine has to wait for its turn.
import { Chan, go, recv, runtime, select, time } from "../../src/index.js";

export async function main(): Promise<void> {
  console.log(await first(time.second));
  await time.sleep(time.second);
  console.log("goroutines", runtime.numGoroutine());
}

async function first(limit: time.Duration): Promise<string | undefined> {
  const answers = new Chan<string>(1);
  const ask = async (source: string, takes: time.Duration): Promise<void> => {
    await time.sleep(takes);
    await answers.send(source); // want: leaked abandoned-sender x1
  };
  go(ask, "slow", 500 * time.millisecond);
  go(ask, "fast", 100 * time.millisecond);
  const got = await select(recv(answers), recv(time.after(limit)));
  return got.index === 0 ? got.value : "timed out";
}
