/** Of every page that draws schedules: light, dark, print, narrow. Lane colours keep 4.5:1 on their background. */
export const PICTURE_STYLE = `
:root { color-scheme: light dark; --bg: #fff; --fg: #1b1f24; --quiet: #5b6570; --line: #dde1e6; --card: #f6f8fa; --red: #b3261e; --amber: #8a5a00; --mark: #fff3c4; --sel: #dbe7f6;
  --lane0: #0b4f9e; --lane1: #8a3ffc; --lane2: #00695c; --lane3: #9c4a00; --lane4: #a5164a; --lane5: #35632a; --lane6: #5d4037; --lane7: #37548f; }
@media (prefers-color-scheme: dark) { :root { --bg: #14171a; --fg: #e4e7ea; --quiet: #a3acb6; --line: #2b3138; --card: #1b2026; --red: #ff8a80; --amber: #ffcb6b; --mark: #4a3f12; --sel: #20344d;
  --lane0: #8ec5ff; --lane1: #d0b3ff; --lane2: #6fd6c4; --lane3: #ffb77a; --lane4: #ff9fc0; --lane5: #a3d68a; --lane6: #d8bfa8; --lane7: #b3c7ff; } }
* { box-sizing: border-box; }
body { margin: 0 auto; max-width: 1600px; padding: 16px; background: var(--bg); color: var(--fg); font: 14px/1.45 system-ui, sans-serif; }
h1 { font-size: 20px; margin: 0 0 4px; overflow-wrap: anywhere; } h2 { font-size: 16px; margin: 20px 0 6px; } .now { font-weight: 600; margin: 0 0 6px; } .source + .now, .stack + .now, .where-all .now { margin-top: 12px; } .heard { position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%); white-space: pre; }
p { margin: 4px 0; overflow-wrap: anywhere; } .quiet { color: var(--quiet); } .verdict { color: var(--red); font-weight: 600; } .note { color: var(--amber); font-weight: 600; }
code, pre { font: 12px/1.5 ui-monospace, SFMono-Regular, Menlo, Consolas, monospace; }
button, input, select { font: inherit; color: inherit; background: var(--card); border: 1px solid var(--line); border-radius: 6px; padding: 3px 8px; }
:focus-visible { outline: 2px solid var(--lane0); outline-offset: 1px; }
.bar { display: flex; flex-wrap: wrap; gap: 8px; align-items: center; margin: 8px 0; } .bar .search { flex: 1 1 200px; min-width: 0; } .choose { max-width: 240px; }
.toggle[aria-pressed=true] { background: var(--sel); }
.columns { display: grid; grid-template-columns: minmax(0, 3fr) minmax(0, 2fr); gap: 14px; align-items: start; }
.steps { position: relative; overflow: auto; max-height: 70vh; border: 1px solid var(--line); border-radius: 6px; }
.lanes { position: sticky; top: 0; height: 26px; background: var(--bg); border-bottom: 1px solid var(--line); z-index: 2; }
.lane { position: absolute; top: 3px; padding: 0 1px; border: 0; background: none; font-size: 11px; cursor: pointer; white-space: nowrap; max-width: 60px; overflow: hidden; }
.lane.subject { font-weight: 700; text-decoration: underline; }
.canvas { position: relative; } .drawing { position: absolute; left: 0; z-index: 1; pointer-events: none; }
.row { position: absolute; left: 0; right: 0; height: 24px; line-height: 24px; white-space: nowrap; overflow: hidden; text-overflow: ellipsis; cursor: pointer; display: flex; gap: 8px; }
.row:hover { background: var(--card); } .row.current { background: var(--sel); } .row.fold { color: var(--quiet); font-style: italic; } .row.clock .text { color: var(--quiet); }
.row.end .text, .row.end .who { color: var(--red); font-weight: 600; } .row.parts { border-top: 2px dashed var(--amber); }
.number { position: absolute; left: 4px; width: 36px; text-align: right; color: var(--quiet); font-size: 11px; }
.who { font-weight: 600; flex: none; } .text { flex: none; } .where { color: var(--quiet); flex: none; } .code { line-height: 24px; overflow: hidden; text-overflow: ellipsis; }
.life { stroke-width: 2; } .life.subject { stroke-width: 3; } .wall { fill: var(--red); } .rule { stroke: var(--line); stroke-dasharray: 2 3; }
.arrow { fill: none; stroke: var(--quiet); stroke-width: 1; opacity: .55; } .arrow.hot { opacity: 1; stroke-width: 1.6; stroke: var(--fg); } .arrow.start { stroke-dasharray: 3 2; } .head { fill: none; stroke: var(--fg); stroke-width: 1.4; }
.detail { max-height: 70vh; overflow: auto; } .source { background: var(--card); border: 1px solid var(--line); border-radius: 6px; padding: 6px; overflow: auto; } .source .file { color: var(--quiet); font-size: 12px; overflow-wrap: anywhere; }
.source pre { margin: 4px 0 0; } .line { white-space: pre; } .line.here { background: var(--mark); font-weight: 600; } .line .n { display: inline-block; width: 42px; color: var(--quiet); text-align: right; padding-right: 10px; }
.stack { margin: 6px 0; } .frame, .values { font: 12px/1.6 ui-monospace, monospace; overflow-wrap: anywhere; }
.at { display: flex; gap: 8px; width: 100%; text-align: left; background: none; border: 0; padding: 2px 4px; cursor: pointer; white-space: nowrap; overflow: hidden; } .at:hover, .at.on { background: var(--card); } .at .text { overflow: hidden; text-overflow: ellipsis; flex: 1 1 auto; } .at.subject .text { color: var(--red); } .at .holds { flex: 0 0 auto; max-width: 50%; overflow: hidden; text-overflow: ellipsis; font-weight: 600; }
.aligned { width: 100%; border-collapse: collapse; table-layout: fixed; border: 1px solid var(--line); } .aligned th { text-align: left; color: var(--quiet); font-weight: 600; } .aligned td, .aligned th { padding: 2px 8px; border-left: 1px solid var(--line); vertical-align: top; overflow-wrap: anywhere; }
.aligned .step { color: var(--quiet); font-size: 11px; min-width: 36px; display: inline-block; text-align: right; } .aligned button.step { padding: 0 4px; } .aligned .common td, .aligned .fold td { color: var(--quiet); } .aligned .parts td { border-top: 2px dashed var(--amber); background: var(--mark); } .aligned .mark { color: var(--amber); font-weight: 600; } .aligned .none { background: var(--card); } .aligned .end td { border-top: 1px solid var(--line); font-weight: 600; } .aligned .end td:first-child { color: var(--red); }
.parted { color: var(--amber); font-weight: 600; } .keys { font-size: 12px; color: var(--quiet); } kbd { border: 1px solid var(--line); border-radius: 3px; padding: 0 4px; font-size: 11px; }
.why { margin: 8px 0; padding-left: 18px; } .commands code { background: var(--card); padding: 2px 6px; border-radius: 4px; overflow-wrap: anywhere; }
@media (max-width: 820px) { body { padding: 8px; } .columns { grid-template-columns: minmax(0, 1fr); } .steps { max-height: 55vh; } .row .code { display: none; } }
@media print { .bar, .keys { display: none; } .columns { grid-template-columns: 1fr; } .steps, .detail { max-height: none; overflow: visible; border: 0; } }
`;
