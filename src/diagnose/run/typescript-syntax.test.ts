import assert from "node:assert/strict";
import { it } from "node:test";
import { asGo } from "./typescript-syntax.js";

const TABLE: readonly (readonly [typescript: string, go: string])[] = [
  ["await answers.send(query(i));", "answers <- query(i);"],
  ["const got = await this.#in.recv();", "const got = <-this.#in;"],
  ["for await (const text of texts) {", "for text := range texts {"],
  ["await done.close();", "close(done);"],
  ["const got = await select(send(out, 1), recv(ctx.done()));", "const got = await select(out <- 1, <-ctx.Done());"],
  ["defer(() => tasks.done());", "defer tasks.Done()"],
  ["defer(async () => {", "defer func() {"],
  // Go's own lines stay as they are.
  ["c.close()", "c.close()"],
  ["x := recv(ch)", "x := recv(ch)"],
  ["defer wg.Done()", "defer wg.Done()"],
];

for (const [typescript, go] of TABLE) it(`reads '${typescript}'`, () => assert.equal(asGo(typescript), go));
