import { Chan, go, time } from "unpark";

export async function main() {
  const ch = new Chan();
  go(() => ch.send(1));
  console.log("printed"); // the first use of standard output, while a goroutine is left
  await time.sleep(time.nanosecond);
}
