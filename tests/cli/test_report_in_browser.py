"""Pages of packages in a real browser: narrow and wide, light and dark, with the keyboard, and in print."""

from __future__ import annotations

from itertools import pairwise
from pathlib import Path

import pytest
from pypdf import PdfReader

from browsers import complaints, layout, needs_axe, needs_chromium, print_page, requests, violations
from cli.test_report_hostile import TEXT, hostile_description
from image_files import png
from packages import ARCHIVIST, EXAMPLES, write_allowed_signers
from report_pages import Page, make, report
from unit.bagit.bag_builders import bag_files, with_tag_manifest, write_bag

SCANS = "files: [{ file: scans/, role: facsimile, of: text }]"
WIDTHS = (360, 768, 1280)


def appeal(folder: Path) -> Page:
    """Return the page of the document of 1932, with two facsimiles, as its archivist would make it."""
    example = EXAMPLES / "rakovsky-1932"
    description = (example / "description.yaml").read_text(encoding="utf-8")
    description = description.replace(
        "custody:", "files: [{ file: scans/, role: facsimile, of: text }]\ncustody:"
    )
    texts = {path.name: path.read_bytes() for path in example.glob("*.txt")}
    package = make(folder, description, {**texts, "scans/1.png": png(400, 600), "scans/2.png": png(400, 600)})
    return report(package, "--images", "--trust", write_allowed_signers(folder, ARCHIVIST))


def hostile(folder: Path) -> Page:
    """Return a page in which every text is hostile."""
    package = make(
        folder, hostile_description(), {"text.txt": TEXT + b"w" * 3000, "scans/1.png": png(4000, 20)}
    )
    return report(package, "--images")


def large(folder: Path) -> Page:
    """Return the page of a bag of another tool with 3,000 files that are all damaged."""
    files = {f"data/{'deep/' * 9}{number:05}.txt": b"x" for number in range(3000)}
    package = write_bag(
        folder / "bag", with_tag_manifest(bag_files(payload=files, info="Title: " + "x" * 500))
    )
    for path in package.rglob("data/**/*.txt"):
        path.write_bytes(b"y")
    return report(package)


PAGES = pytest.mark.parametrize("make_page", [appeal, hostile, large])


@needs_chromium
@PAGES
def test_nobody_scrolls_sideways_on_any_screen(make_page: object, tmp_path: Path) -> None:
    assert callable(make_page)
    page = make_page(tmp_path)
    for width in WIDTHS:
        measured = layout(page.path, width)
        assert (measured.window, measured.page) == (width, width)


@needs_chromium
@PAGES
def test_the_browser_has_nothing_to_complain_of_and_asks_for_nothing(
    make_page: object, tmp_path: Path
) -> None:
    assert callable(make_page)
    page = make_page(tmp_path)
    assert complaints(page.path) == []
    assert requests(page.path) == []


@needs_axe
@PAGES
@pytest.mark.parametrize("is_dark", [False, True], ids=["light", "dark"])
def test_readers_with_other_tools_than_eyes_are_not_shut_out(
    make_page: object, tmp_path: Path, *, is_dark: bool
) -> None:
    assert callable(make_page)
    page = make_page(tmp_path)
    for width in (500, 1280):
        assert violations(page.path, width, is_dark=is_dark) == []


@needs_axe
def test_the_check_for_other_tools_finds_what_is_wrong(tmp_path: Path) -> None:
    wrong = tmp_path / "wrong.html"
    grey = "<p style='color: #ccc; background: #fff'>Grey words on white paper.</p>"
    wrong.write_text(f"<!doctype html><title>x</title><main><h1>x</h1><img src='data:,'>{grey}</main>")
    assert {found.rule for found in violations(wrong)} >= {"image-alt", "html-has-lang", "color-contrast"}


@needs_chromium
def test_a_printed_page_has_the_text_its_line_numbers_and_the_digests(tmp_path: Path) -> None:
    page = appeal(tmp_path)
    pdf = PdfReader(print_page(page.path))
    words = " ".join(" ".join(sheet.extract_text() for sheet in pdf.pages).split())
    assert "CE FICHIER" in words
    assert "Résumé de l'annexe (OGPU, no 178/c" in words
    assert "from (text)" in words  # in a part that is folded on the screen
    assert 4 < len(pdf.pages) < 20


def test_headings_go_down_one_level_at_a_time(tmp_path: Path) -> None:
    levels = [int(one.tag[1]) for one in appeal(tmp_path).tree.iter("h1", "h2", "h3", "h4")]
    assert levels[0] == 1
    assert levels.count(1) == 1
    assert all(after - before <= 1 for before, after in pairwise(levels))


def test_the_keyboard_reaches_the_content_first_and_everything_in_reading_order(tmp_path: Path) -> None:
    tree = appeal(tmp_path).tree
    reached = tree.xpath("//a[@href] | //summary | //*[@tabindex]")
    assert reached[0].get("href") == "#main"
    assert {one.get("tabindex") for one in reached} <= {None, "0"}
    regions = tree.xpath("//*[@tabindex]")
    assert [(one.get("role"), one.get("aria-label")) for one in regions] == [
        ("region", "Facsimiles of this text"),
        ("region", "Picture of the history"),
    ]
