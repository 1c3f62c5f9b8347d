"""Formats the page of a package in a site: what `report` makes, with links and citations for machines."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, NamedTuple

from markupsafe import Markup

from archtool.report.html.environment import render
from archtool.report.package_page.format_page import page_environment, page_values
from archtool.report.package_page.languages import is_language_tag
from archtool.report.package_page.model import PackagePage
from archtool.report.site.model import CITATION_FILES, NAVIGATION, Frame
from archtool.report.site.style import STYLE

if TYPE_CHECKING:
    from jinja2 import Environment

GENERATOR = '<meta name="generator" content="archtool site">'


class HeadTag(NamedTuple):
    """A `<meta>` element of the page's head."""

    name: str
    content: str
    language: str | None = None


@dataclass(frozen=True, slots=True)
class PageHead:
    """What machines read in the head of the page; without citation, there are no tags and no files."""

    slug: str
    address: str | None
    tags: tuple[HeadTag, ...] = ()
    schemas: tuple[tuple[str, str], ...] = ()
    """The prefixes of the tags, with the addresses of their vocabularies."""
    json_ld: str = ""
    """JSON in which no character is markup."""


def format_package_page(page: PackagePage, frame: Frame, head: PageHead) -> Iterator[str]:
    """Yield the page in parts; the same values give the same text."""
    return render(
        _environment(),
        "site_package.html.jinja",
        **page_values(page),
        frame=frame,
        head=head,
        schemas=head.schemas,
        json_ld=Markup(head.json_ld),  # noqa: S704 - it has no `<`, `>` and `&`
    )


@cache
def _environment() -> Environment:
    environment = page_environment("archtool.report.site", STYLE, GENERATOR)
    environment.globals |= {"pages_of_site": NAVIGATION, "citation_files": CITATION_FILES}
    environment.tests["language_tag"] = lambda tag: tag is not None and is_language_tag(tag)
    return environment
