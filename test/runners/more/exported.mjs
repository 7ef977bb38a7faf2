import { Chan, go } from "unpark";

export async function main() {
  const ch = new Chan(1);
  go(() => ch.send(1));
  console.log(await ch.recv());
}
