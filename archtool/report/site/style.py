"""The style sheet of the pages of a site, on top of that of a package's page."""

from __future__ import annotations

from archtool.report.package_page.style import STYLE as PAGE_STYLE

_OWN = """
.site { border-bottom: 1px solid var(--line); background: var(--soft); }
.site > div { max-width: 58rem; margin: 0 auto; padding: .7rem 1.25rem; display: flex; flex-wrap: wrap;
  gap: .3rem 1.5rem; align-items: baseline; justify-content: space-between; }
.site .name { font-weight: 600; margin: 0; overflow-wrap: anywhere; }
.site ul { list-style: none; margin: 0; padding: 0; display: flex; flex-wrap: wrap; gap: .2rem 1.1rem; }
.site a { text-decoration: none; display: inline-block; padding: .15rem 0; }
.site a:hover, .site a[aria-current] { text-decoration: underline; }
.site a[aria-current] { color: var(--ink); font-weight: 600; }
.lede { font-size: 1.1rem; max-width: 44rem; }
.ways { display: grid; gap: 1.2rem 2rem; margin-top: 1.5rem;
  grid-template-columns: repeat(auto-fit, minmax(min(16rem, 100%), 1fr)); }
.ways h2 { margin: 0 0 .5rem; font-size: 1.1rem; }
.links { list-style: none; margin: 0; padding: 0; display: flex; flex-wrap: wrap; gap: .25rem .9rem; }
.links li { overflow-wrap: anywhere; max-width: 100%; }
.links .count { color: var(--quiet); font-size: .8125rem; font-variant-numeric: tabular-nums; }
.entries { list-style: none; margin: 0; padding: 0; }
.entries li { padding: .5rem 0; border-top: 1px solid var(--line); overflow-wrap: anywhere; }
.entries li:first-child { border-top: 0; }
.entries .title { font: 1.0625rem/1.4 "Iowan Old Style", "Palatino Linotype", Palatino, "Noto Serif",
  "Liberation Serif", Georgia, serif; }
.entries .about { display: block; color: var(--quiet); font-size: .9375rem; }
.entries p { margin: 0; }
.cited li { padding-left: 1.6rem; text-indent: -1.6rem; } .cited li a { text-indent: 0; }
form.search { display: flex; flex-wrap: wrap; gap: .5rem; margin: 1.2rem 0; }
form.search label { flex: 0 0 100%; }
form.search input { flex: 1 1 14rem; min-width: 0; font: inherit; padding: .5rem .7rem; color: var(--ink);
  background: var(--paper); border: 1px solid var(--quiet); border-radius: .2rem; }
form.search button { font: inherit; padding: .5rem 1.1rem; color: var(--paper); background: var(--link);
  border: 1px solid var(--link); border-radius: .2rem; cursor: pointer; }
form.search input:focus-visible, form.search button:focus-visible { outline: 3px solid var(--link);
  outline-offset: 2px; }
.hidden-words { position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%);
  white-space: nowrap; }
[hidden] { display: none !important; }
.pages { margin: 1.5rem 0; }
.pages a[aria-current] { color: var(--ink); font-weight: 600; text-decoration: none; }
.pages ol { list-style: none; margin: 0; padding: 0; display: flex; flex-wrap: wrap;
  gap: .3rem .9rem; }
@media print { .site, form.search, .pages { display: none; } .entries li { break-inside: avoid; } }
"""
STYLE = PAGE_STYLE + _OWN
