import { Chan, go, runtime } from "unpark";

await runtime.main(async () => {
  const ch = new Chan<number>();
  go(async function lost() {
    await ch.send(1);
  });
  console.log("main exit", process.argv.slice(2).join(" "));
});
console.log("not reached: main's return ends the program");
