// Row 19: three queries answer into a channel with room for all three, and the first answer wins.
import { Chan, go, runtime, time } from "../../src/index.js";

export async function main(args: readonly string[]): Promise<void> {
  const answers = new Chan<string>(3);
  for (let i = 1; i <= 3; i++) {
    go(async () => {
      await time.sleep(i * time.second);
      await answers.send(`db-${i}`);
    });
  }
  console.log("first:", await answers.recv());
  if (args.includes("-wait")) {
    await time.sleep(5 * time.second);
    console.log("goroutines", runtime.numGoroutine());
  }
}
