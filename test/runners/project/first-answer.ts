import { Chan, go, recv, select, time } from "unpark";

/** Asks, and gives up after a second. With room for one answer nobody is left behind. */
export async function firstAnswer(room: number): Promise<string> {
  const answer = new Chan<string>(room);
  go(async function ask() {
    await time.sleep(900 * time.millisecond);
    await answer.send("late"); // guilty
  });
  const got = await select(recv(answer), recv(time.after(time.second)));
  return got.index === 0 ? got.value! : "none";
}
