"""The style sheet of a page about two texts, on top of that of a package's page.

Each kind of difference has its own line (struck out, underlined, dotted), so colours are not needed.
"""

from __future__ import annotations

from archtool.report.package_page.style import STYLE as PAGE_STYLE

_OWN = """
.page { max-width: 84rem; }
table.compare { table-layout: fixed; }
table.compare td.text { font: 1.0625rem/1.5 "Iowan Old Style", "Palatino Linotype", Palatino, "Noto Serif",
  "Liberation Serif", Georgia, serif; }
table.compare col.line { width: 4.5rem; } table.compare col.kind { width: 8rem; }
del, ins, mark { color: inherit; background: var(--soft); padding: 0 .1em; border-radius: .15em; }
del { color: var(--bad); text-decoration: line-through; }
ins { color: var(--good); text-decoration: underline; }
mark { border-bottom: 2px solid var(--late); } mark b { background: var(--line); white-space: pre-wrap; }
dl.facts + table { margin-top: 1.5rem; }
mark.moved { border-bottom: 2px dotted var(--link); }
table.compare td.number { padding-right: .9rem; }
@media (max-width: 40rem) {
  table.compare, table.compare tbody { display: block; } table.compare colgroup { display: none; }
}
"""
STYLE = PAGE_STYLE + _OWN
