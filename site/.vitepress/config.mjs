import { readdirSync } from "node:fs";
import { fileURLToPath } from "node:url";

const pages = (folder) => readdirSync(fileURLToPath(new URL(`../pages/${folder}`, import.meta.url))).filter((name) => name.endsWith(".md")).map((name) => name.slice(0, -3)).sort();
const group = (text, folder, names = pages(folder)) => ({ text, collapsed: true, items: names.map((name) => ({ text: name, link: `/${folder}/${name}` })) });
const page = (text, link) => ({ text, link });

/** Without a host: relative to where it is put, and no request leaves the page's own origin. */
export const config = {
  title: "Unpark",
  description: "Finds, proves, explains and prevents goroutine leaks.",
  srcDir: "pages",
  outDir: "dist",
  cacheDir: ".cache",
  lang: "en",
  appearance: true,
  themeConfig: {
    search: { provider: "local" },
    outline: [2, 3],
    sidebar: [
      page("What it is", "/"),
      { text: "Tutorials", items: [page("Tests of a Go module", "/tutorials/tests"), page("A running service", "/tutorials/services"), page("In CI", "/tutorials/ci"), page("TypeScript", "/tutorials/typescript")] },
      { text: "How it works", items: [page("Exploring", "/exploring"), page("Native mode", "/native"), page("Services", "/inspect"), page("Network", "/network"), page("Faults", "/faults"), page("TypeScript", "/typescript"), page("Awaits", "/promises"), { text: "TypeScript, each function", link: "/api/index.html", target: "_self" }] },
      { text: "With other tools", items: [page("CI", "/ci"), page("Editors", "/editors"), page("Agents", "/agents"), page("Settings", "/config"), page("Cache", "/cache")] },
      group("Verdicts", "verdicts"),
      group("Causes", "causes"),
      group("Commands", "reference"),
      { text: "Formats and measurements", collapsed: true, items: [page("JSON report", "/report-schema"), page("Bugs found", "/real-bugs"), page("GoKer", "/goker"), page("Architecture", "/architecture"), page("Security", "/security"), page("Changes", "/changelog")] },
    ],
  },
};

// VitePress asks for a default export.
export { config as default };
