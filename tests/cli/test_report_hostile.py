"""No text, name or file of a package can add anything to its page, leave it, or make it endless."""

from __future__ import annotations

import json
import os
import re
from base64 import b64encode
from hashlib import sha256
from html.parser import HTMLParser
from pathlib import Path

import pytest
from lxml import html

from archtool.report.package_page import limits
from browsers import complaints, needs_chromium, requests
from command_line import archtool
from packages import make_package
from report_pages import HOSTILE, Page, make, report
from unit.bagit.bag_builders import bag_files, with_tag_manifest, write_bag

TEXT = f"שלום לכולם\n{HOSTILE}\n\n</div></style><style>*{{display:none}}</style>\n".encode()


def hostile_description() -> str:
    """Return a description in which every text is hostile; JSON strings are YAML."""
    evil = json.dumps(HOSTILE)
    return f"""\
archtool: 1
title: {evil}
genre: {evil}
place: {evil}
abstract: {evil}
date: 1932-05
note: {evil}
collection: {evil}
creators:
  - name: {evil}
    role: author
    note: {evil}
    id: "javascript:alert(1)"
    attribution: {{ status: attributed, note: {evil}, by: {{ name: {evil} }}, basis: [one] }}
addressees: [{{ name: {evil}, id: "https://example.org/a?b=1" }}]
original: {{ language: ru, medium: {evil}, held-by: {{ name: {evil} }}, shelfmark: {evil}, note: {evil} }}
translation: {{ from: ru, to: he, credit: {evil}, translators: [{{ name: {evil} }}], note: {evil} }}
transcription:
  - {{ file: text.txt, id: one, language: he, title: {evil}, credit: {evil}, note: {evil} }}
source: {evil}
annexes:
  - title: {evil}
    id: two
    number: {evil}
    language: ar
    status: reproduced
    according-to: {evil}
    note: {evil}
    within: {{ file: text.txt, from-line: 2, to-line: 2 }}
    enclosures: [{{ title: {evil}, status: lost }}]
custody: [{{ event: transfer, label: {evil}, by: {{ name: {evil} }}, place: {evil}, evidence: [two] }}]
files: [{{ file: scans/, role: facsimile, title: {evil}, note: {evil}, of: one }}]
rights: {{ original: {evil}, package: CC0-1.0 }}
x-own: {{ key: {evil} }}
"""


@pytest.fixture(name="page")
def hostile_page(tmp_path: Path) -> Page:
    scan = b"\xff\xd8\xff<script>alert(3)</script>"
    names = {
        f"scans/{HOSTILE.replace('/', '-').replace(chr(7), '')}.jpg": scan,
        "scans/a'b\".svg": b"<svg onload=x>",
    }
    package = make(tmp_path, hostile_description(), {"text.txt": TEXT, **names})
    page = report(package, "--images")
    assert page.run.code == 0, page.run.err
    return page


def test_hostile_texts_add_no_element_and_no_attribute(page: Page) -> None:
    tree = page.tree
    assert tree.xpath("//script | //img | //iframe | //object | //embed | //form | //base | //link") == []
    assert len(tree.xpath("//style")) == 2  # of the page, and of the picture
    names = {name for element in tree.iter() if isinstance(element.tag, str) for name in element.attrib}
    assert not {name for name in names if name.startswith("on")}
    assert "style" not in names


def test_hostile_texts_are_on_the_page_as_they_are_written(page: Page) -> None:
    assert "<script>alert(1)</script><img src=x onerror=alert(2)>\\u202egnp.exe\\u2066{{" in page.text
    assert "{{ 7*7 }}{% raw %}" in page.text
    assert not set("\u202e\u2066\x07\x1b") & set(page.source)


def test_only_addresses_of_the_web_are_links_and_each_shows_its_target(page: Page) -> None:
    links = page.tree.xpath("//a[not(starts-with(@href, '#'))]")
    assert [(link.get("href"), link.text) for link in links] == [("https://example.org/a?b=1",) * 2]


def test_every_link_inside_the_page_has_a_target_and_no_id_is_twice(page: Page) -> None:
    ids = page.tree.xpath("//@id")
    assert len(ids) == len(set(ids))
    assert {link[1:] for link in page.tree.xpath("//a/@href[starts-with(., '#')]")} <= set(ids)


def test_the_policy_allows_the_styles_of_the_page_and_nothing_else(page: Page) -> None:
    policy = page.tree.xpath("string(//meta[@http-equiv]/@content)")
    digests = [
        b64encode(sha256(style.text.encode()).digest()).decode() for style in page.tree.xpath("//style")
    ]
    styles = " ".join(f"'sha256-{digest}'" for digest in digests)
    assert policy == (
        f"default-src 'none'; style-src {styles}; img-src data:; base-uri 'none'; form-action 'none'"
    )
    assert page.tree.xpath("//meta[@name='referrer']/@content") == ["no-referrer"]


def test_the_text_between_quotation_marks_keeps_its_direction(page: Page) -> None:
    (box,) = page.tree.xpath("//div[contains(@class, 'text')][@lang]")
    assert (box.get("lang"), box.get("dir")) == ("he", "rtl")
    (inside,) = box.xpath(".//div[contains(@class, 'inside')]")
    assert (inside.get("lang"), inside.get("dir")) == ("ar", "rtl")


@needs_chromium
def test_the_browser_refuses_nothing_runs_nothing_and_asks_for_nothing(page: Page) -> None:
    assert complaints(page.path) == []
    assert requests(page.path) == []


def test_names_that_are_not_utf8_are_shown_by_their_bytes(tmp_path: Path) -> None:
    package = make_package(tmp_path)
    with (package / "data" / os.fsdecode(b"caf\xe9.txt")).open("w") as file:
        file.write("x")
    page = report(package)
    assert page.run.code == 1
    assert "data/caf\\xe9.txt" in page.section("files")
    assert "✗ in no manifest" in page.section("files")


def test_a_page_of_ten_thousand_files_is_bounded_and_says_so(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("archtool.operations.package_page.payload_list.MAX_FILES", 100)
    files = {f"data/{number:04}.txt": b"x" for number in range(250)}
    package = write_bag(tmp_path / "bag", with_tag_manifest(bag_files(payload=files)))
    page = report(package)
    assert len(page.tree.xpath("//section[@aria-labelledby='files']//table[@class='stack']/tbody/tr")) == 100
    assert "The first 100 files, with their digests" in page.section("files")
    assert "And 150 more: the manifests in the package list all of them." in page.section("files")
    assert page.tree.xpath("//section[@aria-labelledby='files']//details/@open") == []


def test_a_text_beyond_the_limits_is_cut_and_the_page_says_where_all_of_it_is(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("archtool.operations.package_page.texts.MAX_TEXT_LINES", 30)
    monkeypatch.setattr("archtool.operations.package_page.texts._Room.__init__", _small_room)
    description = """\
archtool: 1
title: Minutes
date: 1932
language: en
transcription: minutes.txt
source: "Cahiers, no 3 (1979), pp. 12-14."
annexes: [{ title: Motion, status: reproduced, within: { file: minutes.txt, from-line: 20 } }]
rights: { original: UND, package: CC0-1.0 }
"""
    package = make(tmp_path, description, {"minutes.txt": b"A line.\n" * 100})
    page = report(package)
    assert page.tree.xpath("//div[@data-n]/@data-n")[-1] == "30"
    assert "only its first 30 lines are shown" in page.section("texts")
    assert "The text goes on: data/minutes.txt in the package has all of it." in page.section("texts")
    assert "End of the annexe" not in page.section("texts")


def _small_room(self: object) -> None:
    self.left_bytes, self.left_lines = 10_000, 30  # type: ignore[attr-defined]


def test_a_thousand_findings_of_one_kind_are_counted(tmp_path: Path) -> None:
    files = {f"data/{number:04}.txt": b"x" for number in range(120)}
    package = write_bag(tmp_path / "bag", with_tag_manifest(bag_files(payload=files)))
    for path in (package / "data").iterdir():
        path.write_bytes(b"y")
    page = report(package)
    assert page.run.code == 1
    assert f"And {120 - limits.MAX_FINDINGS_OF_CODE} more of fixity.digest-mismatch" in page.section("check")


def test_a_package_without_a_readable_description_says_why(tmp_path: Path) -> None:
    package = make_package(tmp_path)
    (package / "metadata" / "description.yaml").write_text("title: [unclosed\n")
    page = report(package)
    assert page.run.code == 1
    assert "its description (metadata/description.yaml) cannot be read" in page.section("document")
    assert page.tree.xpath("//section[@aria-labelledby='texts']") == []


def test_a_broken_signature_is_called_broken(tmp_path: Path) -> None:
    package = make_package(tmp_path)
    info = package / "bag-info.txt"
    info.write_text(info.read_text() + "Contact-Name: Nobody\n")
    page = report(package)
    assert page.run.code == archtool("verify", package).code
    assert "✗ broken" in page.text
    assert "What is shown below may not be what was packed." in page.text


class _Open(HTMLParser):
    """Follows which elements are open; an end without its beginning is a fault."""

    def __init__(self) -> None:
        super().__init__()
        self.open: list[str] = []
        self.faults: list[str] = []

    def handle_starttag(self, tag: str, attrs: object) -> None:  # noqa: ARG002
        if tag not in ("meta", "img", "br"):
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        if not self.open or self.open.pop() != tag:
            self.faults.append(f"{tag} at {self.getpos()}")


def test_every_element_is_closed_where_it_was_opened(page: Page) -> None:
    reader = _Open()
    reader.feed(page.source)
    assert (reader.faults, reader.open) == ([], [])


def test_no_value_of_the_machine_is_on_the_page(tmp_path: Path) -> None:
    page = report(make_package(tmp_path))
    assert str(tmp_path) not in page.source
    assert not re.search(r"file:/|/tmp/|/home/", page.source)
    assert html.fromstring(page.source).get("lang") == "en"
