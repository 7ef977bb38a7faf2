// Row 04: a goroutine that simply comes to its end.
import { go, time } from "../../src/index.js";

export async function main(): Promise<void> {
  go(() => console.log("goroutine exit"));
  await time.sleep(time.second);
  console.log("main exit");
}
