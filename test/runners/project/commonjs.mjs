// jest's transform: esbuild takes the types out and leaves a source map (ts-jest, @swc/jest and babel-jest do, too).
import { transformSync } from "esbuild";

export default {
  process: (source, sourcefile) => {
    const { code, map } = transformSync(source, { sourcefile, loader: "ts", format: "cjs", target: "node20", sourcemap: "external", sourcesContent: true });
    return { code, map };
  },
};
