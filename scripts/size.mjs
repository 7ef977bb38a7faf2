// What a program pays for in bytes: a bundle of one import each, by esbuild, minified and compressed.
// `node scripts/build.mjs && node scripts/size.mjs > bench/runtime/size.txt`
import { gzipSync, brotliCompressSync } from "node:zlib";
import { build, version } from "esbuild";

const IMPORTS = [
  ["an import that is not used", `import { go, Chan } from "unpark";`],
  ["go, Chan", `import { go, Chan } from "unpark"; go(() => new Chan());`],
  ["go, Chan, select", `import { go, Chan, select, recv, send, otherwise } from "unpark"; go(() => select(recv(new Chan()), send(new Chan(), 1), otherwise));`],
  ["sync", `import { sync } from "unpark"; console.log(sync.Mutex, sync.RWMutex, sync.WaitGroup, sync.Once, sync.Cond);`],
  ["Mutex of unpark/sync", `import { Mutex } from "unpark/sync"; console.log(Mutex);`],
  ["time", `import { time } from "unpark"; console.log(time);`],
  ["context", `import { context } from "unpark"; console.log(context);`],
  ["runtime", `import { runtime } from "unpark"; console.log(runtime);`],
  ["everything", `import * as unpark from "unpark"; console.log(unpark);`],
];

const rows = [];
for (const [name, contents] of IMPORTS) {
  const { outputFiles } = await build({
    stdin: { contents, resolveDir: new URL("..", import.meta.url).pathname },
    bundle: true, minify: true, format: "esm", platform: "neutral", target: "es2022", write: false,
  });
  const bytes = outputFiles[0].contents;
  rows.push([name, bytes.length, gzipSync(bytes, { level: 9 }).length, brotliCompressSync(bytes).length]);
}
console.log(`esbuild ${version}, minified, es2022; bytes\n`);
console.log(`${"".padEnd(28)}${["minified", "gzip", "brotli"].map((word) => word.padStart(10)).join("")}`);
for (const [name, ...sizes] of rows) console.log(`${name.padEnd(28)}${sizes.map((n) => String(n).padStart(10)).join("")}`);
