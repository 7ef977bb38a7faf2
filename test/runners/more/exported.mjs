import { Chan, go } from "unpark";

export async function main(value = 1) {
  const ch = new Chan(1);
  go(() => ch.send(value));
  console.log(await ch.recv());
}
