// Prints the path of a Neovim; installs Debian's where there is none (needs root). `node scripts/neovim.mjs`
import { installed } from "./apt.mjs";

console.log(installed("Neovim", ["nvim"], "neovim"));
