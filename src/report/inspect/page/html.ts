import type { Inspection } from "../../../model/results/inspection.js";
import { escapeHtml, htmlPage } from "../../shared/page.js";
import { pageElement } from "../../shared/page-element.js";
import { grouped } from "../words.js";
import { mountChips } from "./chips-client.js";
import { mountInspection } from "./client.js";
import { type PageData, pageData } from "./data.js";
import { groupElements } from "./group-rows-client.js";
import { pageWords } from "./page-words.js";
import { mountSuspects } from "./suspects-client.js";

/** Functions go into the page by their text. */
const parts = { el: pageElement, groupElements, mountChips, mountSuspects, pageWords };

/** The page of one inspection: one file, nothing from the network, its data and script inside. */
export function inspectionPage(inspection: Inspection): string {
  const data = pageData(inspection);
  return htmlPage({
    title: `${data.source}: ${grouped(data.total)} goroutines`,
    style: STYLE,
    body: [
      header(data),
      '<section id="suspects" aria-label="Suspects"></section>',
      `<div id="tools"><input id="search" type="search" placeholder="Search functions, files, states, labels, #id; -word excludes" aria-label="Search" autofocus>
    <label><input id="hide-std" type="checkbox"> hide Go's own frames</label> <button id="unfold">Unfold</button> <button id="fold">Fold all</button> <span id="status" role="status"></span></div>`,
      '<div id="states" aria-label="States"></div><div id="labels" aria-label="Labels" hidden><label>by label <select id="label-key"></select></label></div><main id="groups"></main><div id="end"></div>',
    ].join("\n"),
    data,
    script: `(${mountInspection.toString()})(JSON.parse(document.getElementById("data").textContent), { ${Object.entries(parts).map(([name, part]) => `${name}: ${part.toString()}`).join(", ")} })`,
  });
}

function header({ source, how, at, total, groups, message, losses }: PageData): string {
  const lines = [`<header><h1>${escapeHtml(source)}</h1><p>${grouped(total)} goroutines in ${grouped(groups.length)} groups <span class="quiet">(${escapeHtml(how)}${at === "" ? "" : `, ${escapeHtml(at.slice(0, 19))}Z`})</span></p>`];
  if (message !== "") lines.push(`<p class="message">${escapeHtml(message)}</p>`);
  for (const loss of losses.slice(0, 20)) lines.push(`<p class="loss">${escapeHtml(loss)}</p>`);
  return `${lines.join("\n")}</header>`;
}

const STYLE = `
:root { color-scheme: light dark; --bg: #fff; --fg: #1b1f24; --quiet: #667; --line: #dde1e6; --bar: #dbe7f6; --red: #b3261e; --amber: #8a5a00; --card: #f6f8fa; --user: #0b4f9e; }
@media (prefers-color-scheme: dark) { :root { --bg: #14171a; --fg: #e4e7ea; --quiet: #98a1ab; --line: #2b3138; --bar: #20344d; --red: #ff8a80; --amber: #ffcb6b; --card: #1b2026; --user: #8ec5ff; } }
* { box-sizing: border-box; }
body { margin: 0 auto; max-width: 1200px; padding: 16px; background: var(--bg); color: var(--fg); font: 14px/1.45 system-ui, sans-serif; }
h1 { font-size: 20px; margin: 0; overflow-wrap: anywhere; } header p { margin: 4px 0; }
.quiet { color: var(--quiet); } .message { color: var(--red); font-weight: 600; } .loss { color: var(--amber); }
button, input { font: inherit; color: inherit; }
#suspects { display: grid; grid-template-columns: repeat(auto-fill, minmax(320px, 1fr)); gap: 10px; margin: 14px 0; }
.suspect { align-self: start; text-align: left; background: var(--card); border: 1px solid var(--line); border-left: 4px solid var(--amber); border-radius: 6px; padding: 10px; cursor: pointer; }
.suspect.high, .suspect.proved { border-left-color: var(--red); }
.rest { align-self: start; text-align: left; background: none; border: 1px dashed var(--line); border-radius: 6px; padding: 10px; cursor: pointer; color: var(--quiet); }
.suspect .fn { font-weight: 600; } .fact { font-size: 13px; } .fact::before { content: "– "; }
.fn, .file, .state, .count, .age, .source { font-family: ui-monospace, monospace; font-size: 13px; overflow-wrap: anywhere; }
.file { color: var(--quiet); margin-left: 8px; }
#tools { position: sticky; top: 0; background: var(--bg); padding: 8px 0; z-index: 2; display: flex; flex-wrap: wrap; gap: 8px; align-items: center; border-bottom: 1px solid var(--line); }
#search { flex: 1 1 320px; padding: 6px 8px; border: 1px solid var(--line); border-radius: 6px; background: var(--card); }
#tools button, .chip { background: var(--card); border: 1px solid var(--line); border-radius: 6px; padding: 4px 10px; cursor: pointer; }
#states, #labels:not([hidden]) { margin: 8px 0; align-items: center; display: flex; flex-wrap: wrap; gap: 6px; } .chip { opacity: .45; text-decoration: line-through; } .chip.on { opacity: 1; text-decoration: none; }
.group { border-bottom: 1px solid var(--line); content-visibility: auto; contain-intrinsic-size: auto 30px; }
.head { position: relative; display: grid; grid-template-columns: 80px 76px 170px minmax(0, 1fr) auto; gap: 8px; width: 100%; text-align: left; background: none; border: 0; padding: 5px 4px; cursor: pointer; }
.head:hover, .head:focus-visible { background: var(--card); } .head > span { position: relative; }
.head .bar { position: absolute; left: 0; bottom: 0; height: 100%; background: var(--bar); z-index: 0; }
.count, .age { text-align: right; } .age { color: var(--quiet); }
.details { padding: 6px 12px 12px 24px; } .frame.o0 .fn { color: var(--user); font-weight: 600; } .frame.o2 { opacity: .65; }
.source { display: block; background: var(--card); border-radius: 4px; padding: 4px 8px; margin-bottom: 6px; } .ids { overflow-wrap: anywhere; margin-top: 6px; font-size: 12px; }
@media (max-width: 700px) { .head { grid-template-columns: 60px 110px minmax(0, 1fr); } .head .age, .head .file { display: none; } }
`;
