import { before } from "node:test";
import { buildFixture, fixtureFolder, loadFixture } from "../../test/guest-fixture.js";
import { seamConformance } from "../control/testing/seam-conformance.js";

let wasm: Uint8Array;

before(async () => {
  wasm = await buildFixture(fixtureFolder("seam"), "main");
});

seamConformance("compiled Go", (program) => loadFixture(wasm, [program]).program());
