// Prints the path of a Chromium; installs Debian's where there is none (needs root). `node scripts/browser.mjs`
import { installed } from "./apt.mjs";

console.log(installed("Chromium", ["chromium", "chromium-browser", "google-chrome"], "chromium"));
