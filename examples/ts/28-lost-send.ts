// Row 28: a function starts a goroutine that sends one value, receives nothing and returns. Nothing is printed.
import { Chan, go, time } from "../../src/index.js";

export async function main(): Promise<void> {
  forget();
  await time.sleep(time.second);
}

function forget(): void {
  const result = new Chan<number>();
  go(async () => {
    await result.send(42); // want: leaked send-without-receiver x1
  });
}
