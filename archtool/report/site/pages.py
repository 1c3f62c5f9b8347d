"""Formats the pages of a site about the collection: the start, indexes, bibliography, search, problems."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from functools import cache
from typing import TYPE_CHECKING, Any, NamedTuple

from archtool.files.paths import shown
from archtool.findings import clip
from archtool.printable import show_in_prose
from archtool.report.html.environment import make_environment, policy_of, render
from archtool.report.numbers import counted
from archtool.report.package_page.languages import language_attributes
from archtool.report.provenance.words.dates import say_date
from archtool.report.site import limits
from archtool.report.site.grouping import (
    UNNAMED,
    Contents,
    by_author,
    by_date,
    by_language,
    by_series,
    contents_of,
    divide,
    entry_key,
)
from archtool.report.site.model import CITATION_FILES, NAVIGATION, Frame, SiteEntry, SiteProblem
from archtool.report.site.package_page import GENERATOR
from archtool.report.site.style import STYLE

if TYPE_CHECKING:
    from jinja2 import Environment

_MORE_POLICY = "; base-uri 'none'; form-action 'self'"
_WITH_SCRIPT = f"; script-src 'self'{_MORE_POLICY}"
_INDEXES = (
    ("dates.html", "By date", by_date),
    ("authors.html", "By author", by_author),
    ("languages.html", "By language", by_language),
    ("series.html", "By collection", by_series),
)


class CitedDocument(NamedTuple):
    """A line of the bibliography."""

    key: str
    text: str
    coins: str
    title: str
    pages: tuple[str, ...]
    """The pages of the packages that hold the document."""


def format_collection_pages(
    frame: Frame, entries: Sequence[SiteEntry], problems: Sequence[SiteProblem]
) -> Iterator[tuple[str, str]]:
    """Yield the names and texts of the start, the indexes, the search page and the list of problems."""
    contents: dict[str, list[Contents]] = {}
    counts: dict[str, int] = {}
    for name, heading, group in _INDEXES:
        groups = group(entries)
        pages = divide(groups)
        contents[name] = contents_of(pages, groups)
        counts[name] = sum(one.anchor != UNNAMED for one in groups)
        for number, on_page in enumerate(pages, 1):
            values = {"heading": heading, "groups": on_page, "contents": contents[name]}
            yield _numbered_page(frame, "site_index.html.jinja", name, (number, len(pages)), values)
    yield "index.html", _start(frame, entries, problems, contents, counts)
    yield (
        "search.html",
        _page(frame, "site_search.html.jinja", "search.html", "Search", policy=_search_policy()),
    )
    yield (
        "problems.html",
        _page(frame, "site_problems.html.jinja", "problems.html", "Problems", problems=problems),
    )


def format_bibliography_pages(frame: Frame, cited: Sequence[CitedDocument]) -> Iterator[tuple[str, str]]:
    """Yield the names and texts of the pages of the bibliography."""
    most = limits.ENTRIES_PER_PAGE
    parts = [cited[at : at + most] for at in range(0, len(cited), most)] or [()]
    for number, part in enumerate(parts, 1):
        values = {"heading": "Bibliography", "cited": part}
        place = (number, len(parts))
        yield _numbered_page(frame, "site_bibliography.html.jinja", "bibliography.html", place, values)


def page_name(name: str, number: int) -> str:
    """Return the name of a page of a list: `dates.html`, `dates-2.html`."""
    return name if number == 1 else f"{name.removesuffix('.html')}-{number}.html"


def _numbered_page(
    frame: Frame, template: str, name: str, place: tuple[int, int], values: dict[str, Any]
) -> tuple[str, str]:
    number, count = place
    heading = values["heading"]
    title = heading if count == 1 else f"{heading}, page {number} of {count}"
    own = page_name(name, number)
    text = _page(frame, template, name, title, own_name=own, number=number, count=count, **values)
    return own, text


def _start(
    frame: Frame,
    entries: Sequence[SiteEntry],
    problems: Sequence[SiteProblem],
    contents: Mapping[str, Sequence[Contents]],
    counts: Mapping[str, int],
) -> str:
    return _page(
        frame,
        "site_start.html.jinja",
        "index.html",
        None,
        entries=sorted(entries, key=entry_key),
        described=sum(entry.is_described for entry in entries),
        problems=len(problems),
        faulty=sum(entry.fault is not None for entry in entries),
        contents={name: [c for c in listed if c.anchor != UNNAMED] for name, listed in contents.items()},
        counts=counts,
    )


def _page(frame: Frame, template: str, current: str, name: str | None, **values: Any) -> str:
    title = frame.title if name is None else f"{name} · {frame.title}"
    values = {"own_name": current, "policy": _policy(), **values}
    return "".join(render(_environment(), template, frame=frame, title=title, current=current, **values))


def _policy() -> str:
    return policy_of(STYLE, more=_MORE_POLICY)


def _search_policy() -> str:
    """Return the policy of the only page that runs something: the two scripts of the site itself."""
    return policy_of(STYLE, more=_WITH_SCRIPT)


@cache
def _environment() -> Environment:
    environment = make_environment(("archtool.report.site",), STYLE, GENERATOR, _policy(), show_in_prose)
    environment.filters |= {
        "number": "{:,}".format,
        "path": shown,
        "lang": language_attributes,
        "said_date": lambda date: say_date(date, "en") if date else "",
        "clipped": lambda text: clip(text, limits.TITLE_CHARACTERS),
    }
    environment.globals |= {
        "counted": counted,
        "limits": limits,
        "page_name": page_name,
        "pages_of_site": NAVIGATION,
        "citation_files": CITATION_FILES,
    }
    return environment
