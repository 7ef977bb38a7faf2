// Row 20: queryAll asks three databases and returns the first answer. The channel has no room for the two others.
import { Chan, go, runtime, time } from "../../src/index.js";

export async function main(): Promise<void> {
  for (let i = 0; i < 4; i++) {
    await queryAll();
    await time.sleep(time.second);
    console.log("goroutines:", runtime.numGoroutine());
  }
}

async function queryAll(): Promise<number | undefined> {
  const answers = new Chan<number>();
  for (let i = 1; i <= 3; i++) {
    go(async () => {
      const answer = await query(i);
      await answers.send(answer); // want: leaked abandoned-sender x8
    });
  }
  return answers.recv();
}

async function query(database: number): Promise<number> {
  await time.sleep(database * 10 * time.millisecond);
  return database;
}
