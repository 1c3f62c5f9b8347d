"""The style sheet of the page of a package: for a window, light or dark, narrow or wide, and for paper.

Nothing is loaded: fonts are those of the reader's machine. Line numbers are generated content, so that they
are not copied with the text. A part of a long text is laid out when it comes into sight. Colours have a
contrast of at least 4.5 : 1 (WCAG 2.2 AA) in both schemes.
"""

from __future__ import annotations

_COLOURS = """
:root { color-scheme: light dark; --paper: #fffdf9; --ink: #1d1b18; --quiet: #625c53; --line: #d9d2c5;
  --soft: #f5f0e6; --link: #1f4f82; --good: #23622c; --late: #7d5200; --bad: #a8201a; --annexe: #8a5a17; }
@media (prefers-color-scheme: dark) { :root { --paper: #1a1917; --ink: #ece7de; --quiet: #b0a99d;
  --line: #46423b; --soft: #25231f; --link: #9cc4ee; --good: #8fd19e; --late: #e8b860; --bad: #ff9b92;
  --annexe: #d9a860; } }
"""
_FRAME = """
* { box-sizing: border-box; }
html { scroll-padding-top: 1rem; }
body { margin: 0; background: var(--paper); color: var(--ink); font: 1rem/1.55 system-ui, "Segoe UI", Roboto,
  "Noto Sans", "Liberation Sans", sans-serif; overflow-wrap: break-word; }
.page { max-width: 58rem; margin: 0 auto; padding: 1.5rem 1.25rem 4rem; }
a { color: var(--link); text-underline-offset: .15em; }
a:focus-visible, summary:focus-visible, [tabindex]:focus-visible { outline: 3px solid var(--link);
  outline-offset: 2px; }
h1, h2, h3 { line-height: 1.25; overflow-wrap: anywhere; }
h1 { font: 600 2rem/1.2 "Iowan Old Style", "Palatino Linotype", Palatino, "Noto Serif", "Liberation Serif",
  Georgia, serif; margin: .2rem 0 .6rem; }
h2 { font-size: 1.3rem; margin: 3rem 0 .8rem; padding-top: .9rem; border-top: 2px solid var(--line); }
h3 { font-size: 1.05rem; margin: 1.8rem 0 .4rem; }
p { margin: .5rem 0; } .quiet { color: var(--quiet); } .small { font-size: .875rem; }
.good { color: var(--good); } .late { color: var(--late); } .bad { color: var(--bad); }
.kicker { color: var(--quiet); font-size: .875rem; margin: 0; overflow-wrap: anywhere; }
.skip { position: absolute; left: -100vw; } .skip:focus { left: 1rem; top: .5rem; background: var(--paper); }
.by { font-size: 1.1rem; margin: .2rem 0; }
header nav ul { list-style: none; display: flex; flex-wrap: wrap; gap: .35rem 1.2rem; margin: 1.5rem 0 0;
  padding: .6rem 0; border-block: 1px solid var(--line); }
dl.facts { margin: 0; } dl.facts > div { display: grid; grid-template-columns: 10rem minmax(0, 1fr);
  gap: 0 1rem; padding: .45rem 0; border-top: 1px solid var(--line); }
dl.facts > div:first-child { border-top: 0; }
dt { color: var(--quiet); } dd { margin: 0; overflow-wrap: anywhere; } dd p { margin: 0 0 .15rem; }
dd[dir], p[dir] { white-space: pre-line; } .edge[dir], .range[dir] { white-space: normal; }
.evidence { border-left: 3px solid var(--line); padding-left: .8rem; }
code, pre { font-family: ui-monospace, "Cascadia Mono", Consolas, "DejaVu Sans Mono", monospace;
  font-size: .85em; overflow-wrap: anywhere; }
pre { background: var(--soft); padding: .6rem .8rem; margin: .5rem 0; white-space: pre-wrap; }
.copy { background: var(--soft); border-left: 4px solid var(--line); padding: .8rem 1rem; margin: .6rem 0;
  user-select: all; font-family: "Iowan Old Style", "Palatino Linotype", Palatino, "Noto Serif",
  "Liberation Serif", Georgia, serif; font-size: 1.05rem; overflow-wrap: anywhere; }
summary { cursor: pointer; color: var(--link); margin: .6rem 0; }
.scroll { overflow-x: auto; }
table { border-collapse: collapse; width: 100%; font-size: .9375rem; }
caption { text-align: left; color: var(--quiet); padding-bottom: .4rem; }
th, td { text-align: left; vertical-align: top; padding: .45rem .9rem .45rem 0;
  border-top: 1px solid var(--line); overflow-wrap: anywhere; }
thead th { border-top: 0; color: var(--quiet); font-weight: normal; font-size: .875rem; white-space: nowrap; }
td:not(:first-child):not(.number) { min-width: 5.5rem; } td.when { min-width: 7.5rem; }
.number { text-align: right; white-space: nowrap; font-variant-numeric: tabular-nums; }
.digest { display: block; color: var(--quiet); font-size: .75rem; line-height: 1.35; }
footer { margin-top: 3rem; padding-top: .9rem; border-top: 2px solid var(--line); }
"""
_PARTS = """
.answers { list-style: none; margin: 1.2rem 0 0; padding: 0; display: grid; gap: .6rem;
  grid-template-columns: repeat(auto-fit, minmax(min(15rem, 100%), 1fr)); }
.answers li { background: var(--soft); border-left: 4px solid; padding: .6rem .9rem; }
.answers b, .answers span { display: block; } .answers .name { color: var(--quiet); font-size: .8125rem; }
.answers .meaning { color: var(--ink); font-size: .875rem; }
.alarm { border: 2px solid var(--bad); padding: .6rem 1rem; margin: 1.2rem 0; }
.tree, .tree ul { list-style: none; margin: 0; padding: 0; }
.tree ul { border-left: 1px solid var(--line); padding-left: 1.1rem; margin-left: .3rem; }
.tree ul ul ul ul ul { padding-left: 0; margin-left: 0; border: 0; }
.tree li { padding: .45rem 0; } .tree li > p { margin: .1rem 0; }
.state { display: inline-block; border: 1px solid; border-radius: 1rem; padding: 0 .6rem;
  font-size: .8125rem; }
.state.reproduced { color: var(--good); } .state.lost, .state.not-reproduced { color: var(--late); }
.state.this-document { color: var(--link); }
.text { font: 1rem/1.6 "Iowan Old Style", "Palatino Linotype", Palatino, "Noto Serif",
  "Liberation Serif", Georgia, serif; max-width: 46rem; }
.part { padding-block: .2rem; content-visibility: auto; contain-intrinsic-block-size: auto 5000px; }
.part + .part { border-top: 1px dashed var(--line); }
.lines { position: relative; }
.line { padding-inline-start: 4.6em; text-indent: -1em; position: relative; min-height: 1.6em;
  white-space: pre-wrap; overflow-wrap: anywhere; unicode-bidi: isolate; }
.auto .line { unicode-bidi: plaintext; }
.line::before { content: attr(data-n); content: attr(data-n) / ""; position: absolute; inset-inline-start: 0;
  width: 3.9em; text-align: end; text-indent: 0; color: var(--quiet); font: .75rem/2.13
  system-ui, sans-serif; font-variant-numeric: tabular-nums; user-select: none; }
.line:target { background: var(--soft); outline: 2px solid var(--link); }
.line.leaf { border-top: 1px dotted var(--quiet); margin-top: .8rem; }
.inside { border-inline-start: 4px solid var(--annexe); background: var(--soft); }
.inside.deep { border-inline-start-style: double; border-inline-start-width: 8px; }
.edge { font: .875rem/1.5 system-ui, sans-serif; color: var(--annexe); padding: .5rem .9rem; margin: 0;
  user-select: none; overflow-wrap: anywhere; }
.range { font: .8125rem/1.5 system-ui, sans-serif; color: var(--quiet); user-select: none; margin: .3rem 0;
  text-align: end; }
.contents { margin: .3rem 0 1rem; } .contents ul { list-style: none; margin: 0; padding: 0; }
.contents li { padding: .1rem 0; overflow-wrap: anywhere; }
.beside { display: grid; gap: 1.5rem; grid-template-columns: minmax(0, 1fr); }
.images { display: grid; gap: 1rem; }
figure { margin: 0; } figure img { max-width: 100%; height: auto; border: 1px solid var(--line);
  display: block; background: #fff; }
figcaption { font-size: .875rem; color: var(--quiet); overflow-wrap: anywhere; margin-top: .3rem; }
.drawing { overflow-x: auto; border: 1px solid var(--line); padding: .5rem; }
.drawing svg { display: block; max-width: 100%; min-width: 56rem; height: auto; margin: 0 auto; }
.told p { margin: .15rem 0; } .depth-1 { padding-inline-start: 1rem; }
.depth-2 { padding-inline-start: 2rem; }
.depth-3 { padding-inline-start: 3rem; } .depth-4, .depth-5 { padding-inline-start: 4rem; }
@media (min-width: 64rem) {
  .drawing { width: fit-content; min-width: 100%; max-width: min(84rem, 100vw - 4rem); position: relative;
    left: 50%; transform: translateX(-50%); }
}
@media (min-width: 72rem) {
  .wide { max-width: 84rem; }
  .beside { grid-template-columns: minmax(0, 1.5fr) minmax(0, 1fr); align-items: start; }
  .beside .images { position: sticky; top: 1rem; max-height: calc(100vh - 2rem); overflow-y: auto; }
}
@media (max-width: 40rem) {
  h1 { font-size: 1.5rem; } dl.facts > div { grid-template-columns: minmax(0, 1fr); }
  .text { font-size: 1rem; } .line { padding-inline-start: 3.6em; text-indent: -.6em; }
  .line::before { width: 2.6em; font-size: .6875rem; }
  table.stack thead { display: none; } table.stack tr { display: block; padding: .5rem 0;
    border-top: 1px solid var(--line); }
  table.stack td, table.stack th { display: block; border: 0; padding: 0; text-align: start; }
  table.stack td[data-head]::before { content: attr(data-head) ": "; color: var(--quiet); }
  table.stack td:empty { display: none; }
}
"""
_PRINT = """
@page { margin: 2cm 1.8cm; }
@media print {
  :root { --paper: #fff; --ink: #000; --quiet: #444; --line: #bbb; --soft: #fff; --link: #000; --good: #000;
    --late: #000; --bad: #000; --annexe: #000; }
  body { font-size: 10pt; } .page { max-width: none; padding: 0; } h1 { font-size: 20pt; }
  h2 { margin-top: 1.8rem; }
  h2, h3, summary, .edge, thead { break-after: avoid; } tr, figure, .answers li, dl.facts > div, .alarm
    { break-inside: avoid; }
  nav, .skip, .contents, .told { display: none; } .text { font-size: 10.5pt; max-width: none; }
  .part { content-visibility: visible; } .line { orphans: 3; widows: 3; }
  .beside { display: block; } figure img { max-height: 20cm; width: auto; }
  details.printed::details-content { content-visibility: visible; block-size: auto; }
  .scroll, .drawing { overflow: visible; border: 0; width: auto; position: static; transform: none; }
  .drawing svg { min-width: 0; max-height: 23cm; }
  a { text-decoration: none; } .copy { border-left-color: #000; }
}
"""
STYLE = _COLOURS + _FRAME + _PARTS + _PRINT
