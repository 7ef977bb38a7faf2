// What esbuild leaves: oxc removes and joins statements that it does not (2 % of the package's bytes). It may take a function
// away that is called once, so it is not for files whose frames a user may see.
import { minifySync } from "oxc-minify";

/** The same module, shorter. `path` is for its message. */
export function compressed(path, text) {
  const { code, errors } = minifySync(path, text, { module: true, compress: { target: "esnext" }, mangle: { toplevel: true } });
  if (errors.length > 0) throw new Error(`${path}: ${errors.map(({ message }) => message).join("; ")}`);
  return code;
}
