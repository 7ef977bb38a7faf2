import { Chan, go, runtime } from "unpark";

await runtime.main(async () => {
  const answers = new Chan<string>(1);
  go(() => answers.send(process.argv.slice(2).join(" ")));
  console.log(await answers.recv());
});
