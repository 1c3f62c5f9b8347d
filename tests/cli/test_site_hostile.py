"""Sites about hostile packages: no value of a package becomes markup, a name or an address."""

from __future__ import annotations

import json
import os
import re
import shutil
from pathlib import Path

import pytest

from command_line import archtool
from embedded_metadata import read_item
from report_pages import HOSTILE
from sites import Site, add_package, describe, make_site, meta
from unit.bagit.bag_builders import bag_files, write_bag

_TITLE = json.dumps(HOSTILE)
_MORE = f"""\
genre: {_TITLE}
place: {_TITLE}
abstract: {_TITLE}
collection: {_TITLE}
creators: [{{ name: {_TITLE}, type: person, role: author }}]
addressees: [{{ name: {_TITLE} }}]
annexes: [{{ title: {_TITLE}, status: lost }}]
"""
_SOURCE = f"source: {{ type: chapter, container-title: {_TITLE}, publisher: {_TITLE}, pages: {_TITLE} }}\n"


@pytest.fixture
def site(tmp_path: Path) -> Site:
    """A site about a package in which every value is hostile, and about a bag with a hostile name."""
    collection = tmp_path / "collection"
    add_package(collection, "evil", describe("evil", _MORE, _SOURCE, title=HOSTILE), text=HOSTILE)
    write_bag(
        collection / "<b>'bag\"\u202e",
        bag_files(info=f"Title: {HOSTILE}\nExternal-Identifier: ../../{HOSTILE}\n"),
    )
    made = make_site(
        collection, "--title", HOSTILE, "--base-url", "https://a.example/", target=tmp_path / "site"
    )
    assert made.run.code == 0, made.run.said()
    return made


def test_no_value_becomes_an_element_or_an_attribute(site: Site) -> None:
    for page in site.pages:
        tree = site.tree(page)
        scripts = [s for s in tree.xpath("//script") if s.get("type") != "application/ld+json"]
        assert [s.get("src") for s in scripts] == (
            ["search-index.js", "search.js"] if page == "search.html" else []
        )
        assert tree.xpath("//img | //b[not(ancestor::ul[@class='answers'])] | //iframe | //object") == []
        assert tree.xpath("//@*[starts-with(name(), 'on')]") == []
        addresses = [str(a) for a in tree.xpath("//@href | //@src | //@action")]
        assert [a for a in addresses if a.startswith(("javascript:", "data:"))] == []


def test_no_file_has_a_character_that_turns_the_direction_of_a_text(site: Site) -> None:
    for path in site.path.rglob("*"):
        if path.is_file():
            text = path.read_text(encoding="utf-8")
            assert re.findall("[\u202a-\u202e\u2066-\u2069\u0000-\u0008]", text) == [], path.name


def test_the_data_for_search_engines_stays_inside_its_element(site: Site) -> None:
    (data,) = site.tree("packages/" + _evil(site)).xpath("//script[@type='application/ld+json']/text()")
    assert "</" not in data
    assert json.loads(data)["name"] == " ".join(HOSTILE.split())


def test_the_tags_of_the_head_have_the_value_and_no_more(site: Site) -> None:
    tree = site.tree("packages/" + _evil(site))
    (title,) = meta(tree, "citation_title")
    assert title == HOSTILE.replace("\u202e", "").replace("\u2066", "")
    assert read_item((site.path / "packages" / _evil(site)).read_bytes()).fields["title"] == title


def test_the_search_index_is_a_list_of_texts_and_nothing_else(site: Site) -> None:
    rows = site.search_index
    assert len(rows) == 2
    assert all(isinstance(value, str) for row in rows for value in row)
    assert any(row[1] == HOSTILE for row in rows)


def test_the_names_of_files_are_plain_whatever_the_packages_are_called(site: Site) -> None:
    names = [str(path.relative_to(site.path)) for path in site.path.rglob("*") if path.is_file()]
    assert [name for name in names if not re.fullmatch(r"(packages/)?[a-z0-9][a-z0-9-]*\.[a-z]+", name)] == []


def test_a_package_whose_name_is_not_utf8_has_a_page(tmp_path: Path) -> None:
    package = add_package(tmp_path / "made", "letter", describe("letter"))
    collection = tmp_path / "collection"
    collection.mkdir()
    package.rename(collection / os.fsdecode(b"l\xe9tter"))
    write_bag(collection / os.fsdecode(b"b\xe4g"), bag_files())
    for _ in range(2):
        site = make_site(tmp_path / "collection", target=tmp_path / "site")
        assert site.run.code == 0, site.run.said()
    assert "packages/letter.html" in site.pages
    assert "0 files written" in site.run.out
    assert "b\\xe4g" in site.words("index.html")


@pytest.mark.parametrize("name", ["con", "NUL", "com1", "Aux.txt"])
def test_no_page_is_named_like_a_device_of_windows(tmp_path: Path, name: str) -> None:
    add_package(tmp_path / "collection", "letter", describe(name))
    site = make_site(tmp_path / "collection", target=tmp_path / "site")
    (page,) = [page for page in site.pages if page.startswith("packages/")]
    stem = page.removeprefix("packages/").partition(".")[0]
    assert stem.upper() not in ("CON", "NUL", "COM1", "AUX")


def test_packages_whose_identifiers_differ_in_case_or_signs_have_pages_of_their_own(tmp_path: Path) -> None:
    for number, identifier in enumerate(["Letter", "letter", "LETTER", "letter.", "letter..", "letter:"]):
        add_package(tmp_path / "collection", f"p{number}", describe(identifier))
    site = make_site(tmp_path / "collection", target=tmp_path / "site")
    pages = [page for page in site.pages if page.startswith("packages/")]
    assert len({page.casefold() for page in pages}) == 6
    assert len(list(site.path.rglob("*.bib"))) == 7  # with the bibliography


def test_a_very_long_title_and_identifier_are_no_trouble(tmp_path: Path) -> None:
    add_package(tmp_path / "collection", "letter", describe("x" * 100, title="word " * 1_000))
    site = make_site(tmp_path / "collection", target=tmp_path / "site")
    assert site.run.code == 0
    assert all(len(path.name) < 100 for path in site.path.rglob("*"))


def test_a_link_to_a_package_elsewhere_is_not_followed(tmp_path: Path) -> None:
    add_package(tmp_path / "collection", "letter")
    shutil.move(add_package(tmp_path / "outside", "secret"), tmp_path / "secret")
    (tmp_path / "collection" / "secret").symlink_to(tmp_path / "secret")
    site = make_site(tmp_path / "collection", target=tmp_path / "site", json_wanted=True)
    assert site.facts["packages"] == 1


def test_a_site_below_the_folder_of_the_packages_is_no_package(tmp_path: Path) -> None:
    collection = tmp_path / "collection"
    add_package(collection, "letter")
    for _ in range(2):
        site = make_site(collection, target=collection / "site")
        assert site.run.code == 0, site.run.said()
    assert "0 files written" in site.run.out


def test_a_citation_that_is_no_csl_leaves_the_page_without_tags(tmp_path: Path) -> None:
    package = add_package(tmp_path / "collection", "letter")
    (package / "metadata" / "citation.json").write_text('[{"id": 1')
    site = make_site(tmp_path / "collection", target=tmp_path / "site")
    assert site.run.code == 1
    assert meta(site.tree("packages/letter.html"), "citation_title") == []
    assert not (site.path / "packages" / "letter.bib").exists()


def _evil(site: Site) -> str:
    (page,) = [p for p in site.pages if p.startswith("packages/") and meta(site.tree(p), "citation_title")]
    return page.removeprefix("packages/")


def test_the_help_leads_with_an_example() -> None:
    said = archtool("site", "--help").out
    assert '\n  archtool site packages -o site --title "Letters of the bureau"\n' in said
    assert said.index("archtool site packages") < said.index("Options:")
