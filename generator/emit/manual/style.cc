#include "generator/emit/manual/html.h"

namespace twowayc {

// Custom properties have fallbacks, for programs that show the picture without knowing them.
const std::string_view diagram_style = R"css(
svg.diagram { font: 12px system-ui, -apple-system, "Segoe UI", Roboto, "DejaVu Sans", sans-serif; }
.box rect { fill: var(--card, #fff); stroke: var(--line, #c9d1da); }
.box text { fill: var(--text, #1b2430); }
.box text.name { font-weight: 650; font-size: 13px; }
.box .detail, .level { fill: var(--quiet, #5b6776); font-size: 11px; }
.box .place { fill: var(--quiet, #5b6776); font-size: 11px; text-anchor: end; }
.box .hub { fill: var(--accent, #3b6fd4); font-size: 11px; text-anchor: end; }
.edge { fill: none; stroke: var(--quiet, #8794a3); stroke-width: 1.2; opacity: .55; }
.deferred { stroke-dasharray: 4 3; }
.box .edge { opacity: 0; pointer-events: none; }
.box:hover .edge, .box:focus-within .edge { stroke: var(--accent, #3b6fd4); stroke-width: 2.2; opacity: 1; }
.box:hover rect, .box:focus-within rect { stroke: var(--accent, #3b6fd4); stroke-width: 2; }
)css";

const std::string_view manual_style = R"css(
:root {
  color-scheme: light dark;
  --page: #f6f7f9; --card: #fff; --text: #1b2430; --quiet: #5b6776; --line: #dfe4ea; --stripe: #f9fafb;
  --accent: #2f62c4; --iso: #0d7a4a; --iso-back: #e5f6ed; --residue: #3b5fa8; --residue-back: #e7eefb;
  --mirror: #6a4bb0; --mirror-back: #efe9fb; --lossy: #8a5a00; --lossy-back: #fdf3dc; --purge: #b3261e;
  --purge-back: #fdeceb;
}
@media (prefers-color-scheme: dark) {
  :root {
    --page: #12161c; --card: #1a2029; --text: #e6eaf0; --quiet: #98a4b3; --line: #2c3541; --stripe: #1e252f;
    --accent: #7aa7ff; --iso: #5fd39a; --iso-back: #14301f; --residue: #8fb4ff; --residue-back: #1b2942;
    --mirror: #b79cff; --mirror-back: #2a2143; --lossy: #f0c060; --lossy-back: #33290f; --purge: #ff8a80;
    --purge-back: #3a1b19;
  }
}
* { box-sizing: border-box; }
html { scroll-padding-top: 1rem; }
body {
  margin: 0; background: var(--page); color: var(--text); display: grid; grid-template-columns: 15rem minmax(0, 1fr);
  font: 15px/1.5 system-ui, -apple-system, "Segoe UI", Roboto, "DejaVu Sans", sans-serif;
}
nav {
  position: sticky; top: 0; height: 100vh; overflow-y: auto; padding: 1.5rem 1rem; border-right: 1px solid var(--line);
  font-size: .87rem;
}
nav ol { list-style: none; margin: .5rem 0 0; padding: 0; counter-reset: place; }
nav li { counter-increment: place; }
nav li::before { content: counter(place); display: inline-block; width: 1.9em; color: var(--quiet); }
nav strong { display: block; }
main { padding: 1.5rem 2rem 4rem; max-width: 92rem; }
a { color: var(--accent); text-decoration: none; } a:hover { text-decoration: underline; }
h1 { margin: 0 0 .25rem; font-size: 1.6rem; }
h2 { margin: 0; font-size: 1.2rem; } h3 { margin: 1.25rem 0 .4rem; font-size: .95rem; }
p { margin: .3rem 0 .6rem; }
section {
  background: var(--card); border: 1px solid var(--line); border-radius: .75rem; padding: 1.25rem 1.5rem;
  margin-top: 1.25rem;
}
section:target { border-color: var(--accent); }
code { font: .87em ui-monospace, "SF Mono", Menlo, Consolas, "DejaVu Sans Mono", monospace; overflow-wrap: anywhere; }
.quiet { color: var(--quiet); } .source { float: right; color: var(--quiet); font-size: .8rem; }
.scroll { overflow-x: auto; } #all code, .name code { white-space: nowrap; }
.words { min-width: 15rem; }
table { border-collapse: collapse; width: 100%; font-size: .9rem; }
th, td { padding: .3rem .6rem; text-align: left; vertical-align: top; border-bottom: 1px solid var(--line); }
th { color: var(--quiet); font-weight: 600; border-bottom-width: 2px; white-space: nowrap; }
tbody tr:nth-child(even) { background: var(--stripe); }
tbody tr:last-child td { border-bottom: 0; }
.sides th { text-align: center; border-bottom: 0; text-transform: uppercase; letter-spacing: .06em; font-size: .75rem; }
.type { color: var(--quiet); white-space: nowrap; }
.between { border-left: 1px solid var(--line); border-right: 1px solid var(--line); white-space: nowrap; }
td.number, th.number { text-align: right; font-variant-numeric: tabular-nums; }
.class { display: inline-block; border-radius: 1em; padding: 0 .6em; font-size: .8rem; font-weight: 600; }
.iso { color: var(--iso); background: var(--iso-back); }
.residue { color: var(--residue); background: var(--residue-back); }
.mirror, .derived { color: var(--mirror); background: var(--mirror-back); }
.lossy { color: var(--lossy); background: var(--lossy-back); }
.purge { color: var(--purge); background: var(--purge-back); }
.sides-by-side { display: grid; grid-template-columns: repeat(auto-fit, minmax(24rem, 1fr)); gap: 0 2rem; }
ul { margin: 0; padding-left: 1.1rem; font-size: .9rem; } dl { margin: 0; font-size: .9rem; }
dt { float: left; clear: left; width: 6.5rem; color: var(--quiet); } dd { margin: 0 0 .25rem 6.5rem; }
svg.diagram { display: block; max-width: 100%; height: auto; }
@media (max-width: 60rem) {
  body { display: block; } nav { position: static; height: auto; max-height: 12rem; border: 0; }
  main { padding: 1rem; } section { padding: 1rem; }
  svg.diagram { max-width: none; }
  .sides-by-side { grid-template-columns: minmax(0, 1fr); }
}
@media print {
  body { display: block; font-size: 10pt; } nav { display: none; } main { padding: 0; }
  section { border: 0; border-radius: 0; padding: .5rem 0; break-inside: auto; } tr { break-inside: avoid; }
  h2, h3 { break-after: avoid; } .scroll { overflow: visible; }
}
)css";

}  // namespace twowayc
