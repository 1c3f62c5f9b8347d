"""Formats the report of a register as one HTML page, without scripts or external files.

Every value passes `_escaped_value`, also in a template that forgets it: markup becomes entities, control and
bidi characters become their codes.
"""

from __future__ import annotations

from base64 import b64encode
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from hashlib import sha256
from typing import Any

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup

from archtool.holdings.reporting.model import HoldingDetail, HoldingsReport
from archtool.printable import show_steering
from archtool.report.holdings import report_words as words
from archtool.report.holdings.charts import HEIGHT, SERIES, WIDTH, history_charts, month_chart
from archtool.report.holdings.html_style import STYLE
from archtool.report.holdings.marks import GENERATOR
from archtool.report.numbers import counted, format_size

_POLICY = f"default-src 'none'; style-src 'sha256-{b64encode(sha256(STYLE.encode()).digest()).decode()}'"
_MAX_OPEN = 50  # faults that are seen when the page is opened
_PARTS_TOGETHER = 200  # of a page that are written with one call


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
        is_bad=bool(report.counts.known_bad),
    )


def format_detail_page(
    report: HoldingsReport, page: DetailPage, details: Iterable[HoldingDetail]
) -> Iterator[str]:
    """Yield the page with the details of some holdings in parts."""
    title = page.first if page.holdings == 1 else f"{page.first} – {page.last}"
    return _format("details.html.jinja", report=report, page=page, details=details, title=title)


def _format(template: str, **values: Any) -> Iterator[str]:
    stream = _environment().get_template(template).stream(values)
    stream.enable_buffering(_PARTS_TOGETHER)
    return iter(stream)


def _escaped_value(value: Any) -> Any:
    """Return what the template shows for a value; the template then escapes markup."""
    if value is None:
        return ""
    return show_steering(value) if isinstance(value, str) and not isinstance(value, Markup) else value


@cache
def _environment() -> Environment:
    environment = Environment(
        loader=PackageLoader("archtool.report.holdings"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        finalize=_escaped_value,
        auto_reload=False,
    )
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
        "style": Markup(STYLE),  # noqa: S704 - a constant
        "generator": Markup(GENERATOR),  # noqa: S704 - a constant
        "policy": _POLICY,
        "max_open": _MAX_OPEN,
        "counted": counted,
        "ordered_states": words.ordered_states,
        "chart": {"width": WIDTH, "height": HEIGHT, "series": SERIES},
    }
    return environment
