"""Formats the report of a register as one HTML page, without scripts or external files.

Every value is escaped by the environment that all pages share (`report/html/environment.py`).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, Any

from archtool.holdings.reporting.model import HoldingDetail, HoldingsReport
from archtool.report.batch_html_style import STYLE as BATCH_STYLE
from archtool.report.holdings import report_words as words
from archtool.report.holdings.charts import HEIGHT, SERIES, WIDTH, history_charts, month_chart
from archtool.report.holdings.marks import GENERATOR
from archtool.report.html.environment import make_environment, policy_of, render
from archtool.report.numbers import counted, format_size

if TYPE_CHECKING:
    from jinja2 import Environment

_OWN_STYLE = """
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
.axis.one { justify-content: center; }
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
.scroll td, .scroll code { min-width: 8ch; } .word { white-space: nowrap; }
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
_STYLE = BATCH_STYLE + _OWN_STYLE
_MAX_OPEN = 50  # faults that are seen when the page is opened


@dataclass(frozen=True, slots=True)
class DetailPage:
    """A file with the details of some holdings, in the order of their names."""

    file_name: str
    first: str
    last: str
    holdings: int


def format_page(
    report: HoldingsReport, pages: Sequence[DetailPage] = (), links: Mapping[int, str] | None = None
) -> Iterator[str]:
    """Yield the page in parts; `links` has the file of a holding's details by the holding's key."""
    return _format(
        "report.html.jinja",
        report=report,
        pages=pages,
        links=links or {},
        title=report.archive or report.register,
        history_charts=history_charts(report.history),
        month_chart=month_chart(report.months),
        result=words.result_and_news(report),
        future_words=words.future_words,
        is_bad=bool(report.counts.known_bad),
    )


def format_detail_page(
    report: HoldingsReport, page: DetailPage, details: Iterable[HoldingDetail]
) -> Iterator[str]:
    """Yield the page with the details of some holdings in parts."""
    title = page.first if page.holdings == 1 else f"{page.first} – {page.last}"
    return _format("details.html.jinja", report=report, page=page, details=details, title=title)


def _format(template: str, **values: Any) -> Iterator[str]:
    return render(_environment(), template, **values)


@cache
def _environment() -> Environment:
    environment = make_environment(("archtool.report.holdings",), _STYLE, GENERATOR, policy_of(_STYLE))
    environment.filters |= {
        "size": format_size,
        "number": lambda number: "" if number is None else f"{number:,}",
        "time": words.shown_time,
        "day": words.shown_day,
        "state": words.state_words,
        "meaning": words.state_meaning,
        "event": words.event_words,
        "problem": words.problem_words,
        "elsewhere": words.found_elsewhere,
        "advice": words.advice,
        "known": words.known_words,
        "run": words.run_words,
        "copies": words.copies_words,
    }
    environment.globals |= {
        "max_open": _MAX_OPEN,
        "counted": counted,
        "ordered_states": words.ordered_states,
        "registering": words.registering,
        "accepting": words.accepting,
        "chart": {"width": WIDTH, "height": HEIGHT, "series": SERIES},
    }
    return environment
