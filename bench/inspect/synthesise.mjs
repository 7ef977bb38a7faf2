// A goroutine profile of GOROUTINES goroutines, each on a stack of its own, in the shape that fixtures/programs/big
// leaves: two frames for each bit of its number. A real process takes minutes to write such a one. Written with Unpark's
// own encoder (its output is read back by `go tool pprof` in src/parse/pprof/encode.test.ts).
// `node bench/inspect/synthesise.mjs GOROUTINES FILE`
import { writeFileSync } from "node:fs";
import { encodeProfile } from "../../dist/src/parse/pprof/encode.js";

const [goroutines, file] = [Number(process.argv[2]), process.argv[3]];
const frame = (name, line) => ({ function: name, file: "/src/example.com/big/main.go", line });
const step = [frame("main.step", 26), frame("main.step", 28)];
const turn = [frame("main.left", 14), frame("main.right", 17)];
const inner = [frame("runtime.gopark", 461), frame("runtime.chanrecv", 667), frame("runtime.chanrecv1", 509), frame("main.step", 23)];
const depth = Math.ceil(Math.log2(goroutines));

function* parked() {
  for (let path = 0; path < goroutines; path++) {
    const stack = [...inner];
    for (let bit = depth - 1; bit >= 0; bit--) stack.push(turn[(path >> bit) & 1], step[(path >> bit) & 1]);
    yield { count: 1, state: "waiting", waitReason: "chan receive", stack };
  }
}
writeFileSync(file, encodeProfile({ provenance: { source: "synthesised", how: "pprof" }, goroutines: parked(), losses: [] }));
