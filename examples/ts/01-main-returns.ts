// Row 01 in TypeScript: main returns while a goroutine still sleeps; what it would print is never printed.
import { go, time } from "../../src/index.js";

export function main(): void {
  go(async () => {
    await time.sleep(time.second);
    console.log("goroutine exit");
  });
  console.log("main exit");
}
