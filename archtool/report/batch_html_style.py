"""The style sheet of the page of a batch: for a window, light or dark, and for paper."""

STYLE = """
:root { color-scheme: light dark; --line: #8886; --bad: #b3261e; --good: #2e6b34; --quiet: #6b6b6b; }
@media (prefers-color-scheme: dark) { :root { --bad: #ff8a80; --good: #8fd19e; --quiet: #aaa; } }
body { font: 1rem/1.5 system-ui, sans-serif; max-width: 80rem; margin: 2rem auto; padding: 0 1rem; }
h1 { font-size: 1.4rem; overflow-wrap: anywhere; } a { color: inherit; }
h2, summary { font-size: 1.1rem; font-weight: bold; margin: 2.5rem 0 .5rem; } summary { cursor: pointer; }
dl { display: flex; flex-wrap: wrap; gap: 1rem 2.5rem; margin: 1.5rem 0; }
dt { color: var(--quiet); font-size: .85rem; } dd { margin: 0; font-size: 1.6rem; }
table { border-collapse: collapse; width: 100%; } caption { text-align: left; color: var(--quiet); }
th, td { text-align: left; vertical-align: top; padding: .4rem .8rem .4rem 0; }
td, th { border-top: 1px solid var(--line); }
td, code { overflow-wrap: anywhere; } td:first-child { min-width: 14ch; } th, .number { white-space: nowrap; }
.number { text-align: right; font-variant-numeric: tabular-nums; }
ul { list-style: none; margin: 0; padding: 0; } li + li { margin-top: .5rem; }
.hint, .place, .head { color: var(--quiet); } .head { font-size: .85rem; }
.bad, .error { color: var(--bad); } .good { color: var(--good); }
@media print {
  body { max-width: none; margin: 0; font-size: 10pt; } thead { display: table-header-group; }
  tr, dl { break-inside: avoid; } h2, summary { break-after: avoid; }
}
"""
