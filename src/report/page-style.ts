/** Style sheet of the reports: light, dark, narrow and printed. The page's script reads the colours from here. */
export const pageStyle = `
:root {
  color-scheme: light dark;
  --paper: #ffffff; --panel: #f4f6f8; --ink: #1b2430; --muted: #586474; --line: #d5dbe2;
  --link: #0b5cad; --first: #0b6fb8; --second: #c2410c; --guide: #6b21a8; --alert: #b42318; --alert-paper: #fdecea;
}
@media (prefers-color-scheme: dark) {
  :root:not(.printing) {
    --paper: #12171d; --panel: #1b222b; --ink: #e6ebf0; --muted: #9eabb9; --line: #35404c;
    --link: #7cc0ff; --first: #5fb3f2; --second: #fb923c; --guide: #d0a5ff; --alert: #ff9c92; --alert-paper: #3a1d1b;
  }
}
* { box-sizing: border-box; }
body {
  margin: 0 auto; padding: 1.5rem clamp(0.75rem, 3vw, 2.5rem) 3rem; max-width: 84rem;
  background: var(--paper); color: var(--ink); font: 1rem/1.5 system-ui, sans-serif;
}
h1 { margin: 0; font-size: 1.75rem; line-height: 1.2; }
h2 { margin: 2.25rem 0 0.75rem; font-size: 1.25rem; }
p { max-width: 48rem; }
a { color: var(--link); }
:focus-visible { outline: 3px solid var(--link); outline-offset: 2px; }
.subtitle { margin: 0.25rem 0 0; color: var(--muted); }
.disclaimer {
  display: inline-block; margin: 1rem 0 0; padding: 0.35rem 0.75rem; border-left: 4px solid var(--alert);
  background: var(--alert-paper); font-weight: 600;
}
.tiles { display: grid; grid-template-columns: repeat(auto-fit, minmax(8.5rem, 1fr)); gap: 0.75rem; margin: 1.25rem 0 0; padding: 0; }
.tiles div { padding: 0.7rem 0.9rem; border-radius: 0.5rem; background: var(--panel); }
.tiles dt { color: var(--muted); font-size: 0.85rem; }
.tiles dd { margin: 0; font-size: 1.5rem; font-weight: 600; font-variant-numeric: tabular-nums; }
.banner { margin: 1rem 0 0; padding: 0.5rem 0.75rem; background: var(--alert); color: var(--paper); font-weight: 700; }
.remark { max-width: 60rem; margin: 0.75rem 0 0; }
.tiles .alert dd { color: var(--alert); }
.facts { display: grid; grid-template-columns: max-content 1fr; gap: 0.15rem 1.25rem; margin: 0; }
.facts dt { color: var(--muted); }
.facts dd { margin: 0; overflow-wrap: anywhere; }
.charts { display: grid; grid-template-columns: repeat(auto-fit, minmax(min(100%, 24rem), 1fr)); gap: 1rem; }
.chart { margin: 0; padding: 0.75rem; border-radius: 0.5rem; background: var(--panel); min-width: 0; }
.chart figcaption { color: var(--muted); font-size: 0.9rem; }
.plot { min-height: 20rem; overflow: hidden; }
.plot .u-legend { font-size: 0.85rem; width: auto; }
.plot .u-legend :is(th, td) { padding: 0 0.4rem; border: 0; font-weight: normal; }
.tools { display: flex; flex-wrap: wrap; gap: 0.5rem 1.25rem; align-items: center; margin: 0 0 0.75rem; }
.tools input[type="search"] {
  padding: 0.35rem 0.6rem; border: 1px solid var(--muted); border-radius: 0.35rem; width: min(18rem, 60vw);
  background: var(--paper); color: var(--ink); font: inherit;
}
.scroll { overflow-x: auto; }
table { border-collapse: collapse; width: 100%; font-variant-numeric: tabular-nums; }
th, td { padding: 0.4rem 0.6rem; border-bottom: 1px solid var(--line); text-align: left; vertical-align: middle; }
thead th { background: var(--panel); font-size: 0.9rem; }
th.number, td.number { text-align: right; }
td.number { white-space: nowrap; }
td.number small { display: inline-block; white-space: normal; }
td.file { min-width: 11rem; max-width: 26rem; overflow-wrap: anywhere; }
td.issues { min-width: 8rem; font-size: 0.85rem; }
td.issues p { margin: 0.25rem 0 0; }
td small { color: var(--muted); }
tr.abnormal td { background: color-mix(in srgb, var(--alert-paper) 55%, transparent); }
.verdict { font-weight: 600; color: var(--alert); }
.thumbnail { display: block; width: 4.5rem; height: 4.5rem; object-fit: contain; background: #000; border-radius: 0.25rem; }
.cases { display: grid; grid-template-columns: repeat(auto-fit, minmax(min(100%, 30rem), 1fr)); gap: 1rem; padding: 0; margin: 0; list-style: none; }
.cases figure { margin: 0; }
.cases img { display: block; width: 100%; height: auto; background: #000; border-radius: 0.25rem; }
.cases figcaption { color: var(--muted); font-size: 0.9rem; overflow-wrap: anywhere; }
.volume { margin: 0 0 2rem; }
.volume h3 { margin: 0 0 0.25rem; font-size: 1.05rem; overflow-wrap: anywhere; }
.volume table { width: auto; }
.scroller { display: inline-block; margin: 0.5rem 0; padding: 0.75rem; border-radius: 0.5rem; background: var(--panel); }
.scroller img { display: block; max-width: 100%; background: #000; border-radius: 0.25rem; }
.scroller .slice { width: min(32rem, 88vw); height: auto; object-fit: contain; }
.scroller figcaption { display: flex; gap: 0.75rem; align-items: center; margin-top: 0.5rem; }
.scroller figcaption[hidden] { display: none; }
.scroller input { flex: 1; }
.scroller output { min-width: 6rem; font-variant-numeric: tabular-nums; }
.key { display: inline-block; width: 0.85em; height: 0.85em; margin-right: 0.35em; border: 1px solid var(--muted); vertical-align: -0.05em; }
.metrics td { vertical-align: top; }
.metrics td:last-child { min-width: 12rem; }
footer { margin-top: 3rem; color: var(--muted); font-size: 0.9rem; }
@media (min-width: 80rem) {
  .scroll { overflow: visible; }
  .sortable thead th { position: sticky; top: 0; z-index: 1; }
}
@media (max-width: 30rem) {
  .facts { grid-template-columns: 1fr; }
  .facts dd { margin-bottom: 0.4rem; }
}
@media print {
  body { max-width: none; padding: 0; font-size: 9pt; }
  .tools, noscript { display: none; }
  .scroll { overflow: visible; }
  .charts { grid-template-columns: 1fr 1fr; }
  .plot { min-height: 0; }
  .plot :is(.uplot, .u-wrap, canvas) { width: 100% !important; height: auto !important; }
  .chart, .cases li, tr { break-inside: avoid; }
  h2 { break-after: avoid; }
  thead { display: table-header-group; }
  .sortable thead th { position: static; }
  .thumbnail { width: 3rem; height: 3rem; }
}
`;
