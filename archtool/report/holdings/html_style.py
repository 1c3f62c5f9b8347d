"""The style sheet of the pages of a report: what the page of a batch has, and pictures and faults."""

from __future__ import annotations

from archtool.report.batch_html_style import STYLE as BATCH_STYLE

_OWN = """
:root { --late: #8a5a00; --blue: #48739c; }
@media (prefers-color-scheme: dark) { :root { --late: #e8b860; --blue: #8fb4d8; } }
h2 { border-top: 2px solid var(--line); padding-top: .8rem; }
h3 { font-size: 1rem; margin: 1.5rem 0 .3rem; } h3, p { overflow-wrap: anywhere; }
nav { display: flex; flex-wrap: wrap; gap: .3rem 1.2rem; } .result { font-size: 1.3rem; margin: .5rem 0; }
.late { color: var(--late); } .quiet { color: var(--quiet); } .scroll { overflow-x: auto; }
article { border-left: 4px solid var(--line); padding: .1rem 0 .1rem .9rem; margin: 1.2rem 0; }
article.new { border-color: var(--bad); } article p, article ul { margin: .2rem 0; }
article h3 { margin: 0; } article li + li { margin-top: .1rem; } .first { font-weight: bold; }
.pictures { display: grid; grid-template-columns: repeat(auto-fit, minmax(13rem, 1fr)); gap: 1.5rem 2rem; }
figure { margin: 0; break-inside: avoid; } figure svg { display: block; width: 100%; height: 6rem; }
figure.wide svg { height: 9rem; } figcaption { margin-bottom: .3rem; } figcaption span { display: block; }
.axis { display: flex; justify-content: space-between; font-size: .85rem; color: var(--quiet); }
svg { border-bottom: 1px solid var(--line); overflow: visible; } svg.key { border: 0; }
path { fill: none; stroke-width: 2; vector-effect: non-scaling-stroke; }
path.good { stroke: var(--good); } path.bad { stroke: var(--bad); }
path.late { stroke: var(--late); } path.quick { stroke: var(--blue); }
rect.good { fill: var(--good); } rect.bad { fill: var(--bad); }
rect.late { fill: var(--late); } rect.quick { fill: var(--blue); }
.legend { display: flex; flex-wrap: wrap; gap: .2rem 1.2rem; margin: .5rem 0; }
figure svg.key { display: inline-block; width: .8rem; height: .8rem; margin-right: .3rem; }
h2 + details summary, p + details summary, .twin summary { font-size: 1rem; margin: 1rem 0 .3rem; }
.time { white-space: nowrap; } table.small { width: auto; min-width: min(30rem, 100%); }
.scroll td, .scroll code { min-width: 8ch; }
.scroll td > code { display: inline-block; min-width: 16ch; }
@media (max-width: 40rem) {
  body { margin: 1rem auto; } dd { font-size: 1.3rem; } dl { gap: .8rem 1.6rem; }
  table.stack thead { display: none; }
  table.stack tr { display: block; padding: .5rem 0; border-top: 1px solid var(--line); }
  table.stack td { display: block; border: 0; padding: 0; text-align: left; }
  table.stack td[data-head]::before { content: attr(data-head) ": "; color: var(--quiet); }
}
@media print {
  article { break-inside: avoid; } .scroll { overflow: visible; } nav { display: none; }
  th, td { padding: .25rem .5rem .25rem 0; }
}
"""
STYLE = BATCH_STYLE + _OWN
