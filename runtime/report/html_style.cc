#include "runtime/report/html.h"

namespace twoway::report::html {

const std::string_view style = R"css(
:root {
  color-scheme: light dark;
  --page: #f6f7f9; --card: #ffffff; --text: #1b2430; --quiet: #5b6776; --line: #dfe4ea; --stripe: #f9fafb;
  --good: #0d7a4a; --good-back: #e5f6ed; --attention: #8a5a00; --attention-back: #fdf3dc;
  --bad: #b3261e; --bad-back: #fdeceb; --rows: #3b6fd4; --migrate: #0e8f8f; --verify: #8fc9c4;
}
@media (prefers-color-scheme: dark) {
  :root {
    --page: #12161c; --card: #1a2029; --text: #e6eaf0; --quiet: #98a4b3; --line: #2c3541; --stripe: #1e252f;
    --good: #5fd39a; --good-back: #14301f; --attention: #f0c060; --attention-back: #33290f;
    --bad: #ff8a80; --bad-back: #3a1b19; --rows: #6f9cf0; --migrate: #35b5b0; --verify: #23605f;
  }
}
* { box-sizing: border-box; }
body {
  margin: 0; padding: 2rem 1rem 4rem; background: var(--page); color: var(--text);
  font: 15px/1.5 system-ui, -apple-system, "Segoe UI", Roboto, "Helvetica Neue", Arial, sans-serif;
}
main { max-width: 78rem; margin: 0 auto; }
h1 { font-size: 1.05rem; font-weight: 600; color: var(--quiet); margin: 0 0 .75rem; }
h2 { font-size: 1.1rem; margin: 0 0 .75rem; }
h3 { font-size: .95rem; margin: 1.25rem 0 .4rem; }
h3:first-of-type { margin-top: 0; }
p { margin: .3rem 0; }
code { font: .875em ui-monospace, "SF Mono", Menlo, Consolas, "DejaVu Sans Mono", monospace; overflow-wrap: anywhere; }
.verdict { border-radius: .75rem; padding: 1.25rem 1.5rem; margin-bottom: 1.25rem; border-left: .4rem solid; }
.verdict p { margin: 0; font-size: 1.45rem; font-weight: 650; line-height: 1.3; text-wrap: balance; }
.verdict p + p { font-size: .95rem; font-weight: 400; margin-top: .35rem; color: var(--quiet); }
.good { background: var(--good-back); border-color: var(--good); } .good p:first-child { color: var(--good); }
.attention { background: var(--attention-back); border-color: var(--attention); }
.attention p:first-child { color: var(--attention); }
.bad { background: var(--bad-back); border-color: var(--bad); } .bad p:first-child { color: var(--bad); }
section {
  background: var(--card); border: 1px solid var(--line); border-radius: .75rem; padding: 1.25rem 1.5rem;
  margin-bottom: 1.25rem;
}
dl { display: grid; grid-template-columns: max-content 1fr; gap: .3rem 1.25rem; margin: 0; }
dt { color: var(--quiet); } dd { margin: 0; overflow-wrap: anywhere; }
.scroll { overflow-x: auto; }
td code { overflow-wrap: break-word; } td:first-child { max-width: 16rem; overflow-wrap: break-word; }
.digests { columns: 2; column-gap: 2rem; list-style: none; margin: 0; padding: 0; font-size: .9rem; }
.digests li { break-inside: avoid; overflow-wrap: anywhere; }
table { border-collapse: collapse; width: 100%; font-size: .9rem; }
th, td { padding: .32rem .6rem; text-align: left; border-bottom: 1px solid var(--line); vertical-align: top; }
th { color: var(--quiet); font-weight: 600; border-bottom-width: 2px; white-space: nowrap; }
th:first-child, td:first-child { padding-left: 0; } th:last-child, td:last-child { padding-right: 0; }
tbody tr:nth-child(even) { background: var(--stripe); }
tbody tr:last-child td { border-bottom: 0; }
td.number, th.number { text-align: right; font-variant-numeric: tabular-nums; white-space: nowrap; }
tr.total td { font-weight: 650; border-top: 2px solid var(--line); background: var(--card); }
td code, td { unicode-bidi: isolate; }
.none { color: var(--quiet); opacity: .55; } .alarm { color: var(--bad); font-weight: 650; }
.quiet { color: var(--quiet); font-size: .93em; }
svg { display: block; width: 100%; min-width: 46rem; height: auto; font: 12px system-ui, sans-serif; }
svg text { fill: var(--text); } svg .note { fill: var(--quiet); }
.bar-rows { fill: var(--rows); } .bar-migrate { fill: var(--migrate); } .bar-verify { fill: var(--verify); }
footer { color: var(--quiet); font-size: .85rem; text-align: center; }
@media (max-width: 40rem) {
  .digests { columns: 1; }
  dl { grid-template-columns: 1fr; gap: 0; } dd { margin-bottom: .5rem; }
}
@media print {
  :root {
    --page: #fff; --card: #fff; --text: #000; --quiet: #444; --line: #bbb; --stripe: #fff; --good: #064; --bad: #900;
    --attention: #640; --good-back: #fff; --bad-back: #fff; --attention-back: #fff; --rows: #555; --migrate: #555;
    --verify: #bbb;
  }
  @page { margin: 15mm; }
  body { padding: 0; font-size: 10pt; }
  section { border: 0; border-top: 1px solid var(--line); border-radius: 0; padding: .75rem 0; margin: 0; }
  .verdict { border: 2px solid; border-radius: 0; }
  .scroll { overflow: visible; } svg { min-width: 0; } table { font-size: 8pt; } th, td { padding: .15rem .3rem; }
  tr, svg { break-inside: avoid; } thead { display: table-header-group; } h2, h3 { break-after: avoid; }
  svg rect { print-color-adjust: exact; -webkit-print-color-adjust: exact; }
}
)css";

}  // namespace twoway::report::html
