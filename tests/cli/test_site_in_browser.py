"""A site in a real browser, opened from the disk: no request, no complaint, no sideways scrolling."""

from __future__ import annotations

import json
import re
from html import unescape
from itertools import pairwise
from pathlib import Path

import pytest

from browsers import chromium, complaints, layout, needs_axe, needs_chromium, requests, violations
from packages import EXAMPLES, pack
from report_pages import HOSTILE
from sites import Site, add_package, describe, make_collection, make_site
from unit.bagit.bag_builders import bag_files, write_bag

KINDS = ("index.html", "authors.html", "bibliography.html", "search.html", "problems.html", "package")
WIDTHS = (360, 768, 1280)


def small(folder: Path) -> Site:
    """Return a site about three letters and the document of 1932."""
    collection = make_collection(folder)
    description = EXAMPLES / "rakovsky-1932" / "description.yaml"
    assert pack(description, collection / "rakovsky").code == 0
    return make_site(collection, "--title", "Letters of the bureau", target=folder / "site")


def hostile(folder: Path) -> Site:
    """Return a site about packages with hostile and very long values, one of them unreadable."""
    collection = folder / "collection"
    add_package(collection, "evil", describe("evil", f"abstract: {json.dumps(HOSTILE)}\n", title=HOSTILE))
    add_package(collection, "long", describe("long", f"genre: {'w' * 300}\n", title="t" * 900))
    add_package(collection, "arabic", describe("arabic", "language: ar\n", title="رسالة إلى الرفاق"))
    write_bag(collection / ("n" * 200), bag_files(info=f"Title: {'T' * 900}\n"))
    (collection / f"{'broken' * 30}.zip").write_bytes(b"PK\x03\x04")
    return make_site(collection, "--title", "x" * 200, target=folder / "site")


SITES = {"small": small, "hostile": hostile}
_WIDE_AND_NARROW = [(name, page, width) for name in SITES for page in KINDS for width in WIDTHS]


@pytest.fixture(scope="module")
def sites(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Site]:
    """The sites, each made once."""
    return {name: make(tmp_path_factory.mktemp(name)) for name, make in SITES.items()}


def page_of(site: Site, kind: str) -> Path:
    """Return a page of a site; `package` is the page of its first package."""
    first = next(page for page in site.pages if page.startswith("packages/"))
    return site.path / (first if kind == "package" else kind)


@needs_chromium
@pytest.mark.parametrize(("name", "kind", "width"), _WIDE_AND_NARROW)
def test_nobody_scrolls_sideways_on_any_screen(
    sites: dict[str, Site], name: str, kind: str, width: int
) -> None:
    measured = layout(page_of(sites[name], kind), width)
    assert (measured.window, measured.page) == (width, width)


@needs_chromium
@pytest.mark.parametrize("name", SITES)
@pytest.mark.parametrize("kind", ["index.html", "search.html", "package"])
def test_the_browser_has_nothing_to_complain_of_and_asks_for_nothing(
    sites: dict[str, Site], name: str, kind: str
) -> None:
    page = page_of(sites[name], kind)
    assert complaints(page) == []
    assert requests(page) == []


def results_of(site: Site, question: str) -> str:
    """Open the search page from the disk with a question; return its elements."""
    flags = ("--virtual-time-budget=5000", "--dump-dom")
    return chromium(site.path / "search.html", *flags, query=f"?q={question}").stdout


def found_by(site: Site, question: str) -> tuple[str, list[str]]:
    """Search for something; return what the page says and the pages that it found."""
    dom = results_of(site, question)
    status = re.search(r'id="status"[^>]*>([^<]*)<', dom)
    assert status is not None
    listed = dom[dom.index('id="results"') :]
    return unescape(status[1]), re.findall(r'<a href="([^"]*)" class="title"', listed)


@needs_chromium
@pytest.mark.parametrize(
    ("question", "pages"),
    [
        ("rakovsky%20bolcheviks-leninistes", ["packages/rakovsky-1932-appel.html"]),
        ("OTVET", ["packages/reply.html"]),
        ("%D0%BE%D1%82%D0%B2%D0%B5%D1%82", ["packages/reply.html"]),
        ("barnaul", ["packages/appeal.html"]),
        ("nothing-of-the-kind", []),
    ],
)
def test_the_search_works_from_the_disk(sites: dict[str, Site], question: str, pages: list[str]) -> None:
    status, found = found_by(sites["small"], question)
    assert found == pages
    assert status == f"{len(pages)} document{'' if len(pages) == 1 else 's'}."


@needs_chromium
def test_the_form_of_the_first_page_leads_to_the_search_from_the_disk(sites: dict[str, Site]) -> None:
    page = sites["small"].path / "index.html"
    text = page.read_text(encoding="utf-8").replace("default-src", "script-src 'unsafe-inline'; default-src")
    asking = "<script>question.value = 'otvet'; document.getElementById('search').submit()</script></body>"
    asked = page.with_name("asked.html")
    asked.write_text(text.replace("</body>", asking), encoding="utf-8")
    dom = chromium(asked, "--virtual-time-budget=5000", "--dump-dom").stdout
    assert "form-action &#39;self&#39;" in text
    assert re.findall(r'<a href="([^"]*)" class="title"', dom) == ["packages/reply.html"]


@needs_chromium
def test_a_hostile_title_is_a_text_among_the_results_too(sites: dict[str, Site]) -> None:
    dom = results_of(sites["hostile"], "script")
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in dom
    assert "<img" not in dom


@needs_axe
@pytest.mark.parametrize(("name", "width", "is_dark"), [("small", 1280, False), ("hostile", 500, True)])
@pytest.mark.parametrize("kind", KINDS)
def test_readers_with_other_tools_than_eyes_are_not_shut_out(
    sites: dict[str, Site], name: str, width: int, kind: str, *, is_dark: bool
) -> None:
    assert violations(page_of(sites[name], kind), width, is_dark=is_dark) == []


@pytest.mark.parametrize("kind", KINDS)
def test_the_keyboard_reaches_the_content_first_then_the_site_then_the_page(
    sites: dict[str, Site], kind: str
) -> None:
    page = page_of(sites["small"], kind).relative_to(sites["small"].path)
    tree = sites["small"].tree(str(page))
    stops = [str(a) for a in tree.xpath("//a/@href")]
    assert stops[0] == "#main", page
    assert tree.xpath("//*[@tabindex and @tabindex > 0]") == []
    assert [h.tag for h in tree.xpath("//h1")] == ["h1"]
    levels = [int(h.tag[1]) for h in tree.xpath("//h1 | //h2 | //h3 | //h4")]
    assert all(after - before <= 1 for before, after in pairwise(levels)), page
