"""What reference managers, search engines and harvesters read on the pages of a site."""

from __future__ import annotations

import json
import shutil
import subprocess
from pathlib import Path
from urllib.parse import parse_qs

import bibtexparser
import pytest
import rispy

from embedded_metadata import read_item
from packages import EXAMPLES, pack
from sites import AUTHOR, BASE_URL, Site, add_package, describe, make_collection, make_site, meta

ARCHIVAL = "source: { type: manuscript, archive: State Archive, archive_location: 'f. 17, op. 2, l. 12' }\n"
ARTICLE = (
    "source: { type: article-journal, container-title: Cahiers, volume: '3', date: 1979-05, pages: 12-14 }\n"
)


@pytest.fixture
def appeal(tmp_path: Path) -> Site:
    """A site about the document of 1932."""
    (tmp_path / "collection").mkdir()
    description = EXAMPLES / "rakovsky-1932" / "description.yaml"
    assert pack(description, tmp_path / "collection" / "rakovsky").code == 0
    return make_site(tmp_path / "collection", "--base-url", BASE_URL, target=tmp_path / "site")


def test_a_reference_manager_reads_a_document_in_a_book(appeal: Site) -> None:
    item = read_item((appeal.path / "packages" / "rakovsky-1932-appel.html").read_bytes())
    assert (item.type, item.creators) == ("bookSection", [("Rakovsky", "Christian")])
    assert item.fields["title"] == "À tous les bolcheviks-léninistes (oppositionnels)"
    assert item.fields["bookTitle"] == "Politburo i Lev Trotskiy. 1923-1940 gg.: Sb. dok. v 2 kn. Kn. 1"
    assert (item.fields["date"], item.fields["pages"], item.fields["language"]) == ("2013", "3-16", "fr")
    assert item.fields["url"] == f"{BASE_URL}packages/rakovsky-1932-appel.html"


@pytest.mark.parametrize(
    ("source", "kind", "field", "value"),
    [
        (ARTICLE, "journalArticle", "publicationTitle", "Cahiers"),
        (ARTICLE, "journalArticle", "date", "1979/05"),
        (ARCHIVAL, "manuscript", "date", "1932/04"),
        ("source: { type: book, title: A book, date: 1950 }\n", "bookSection", "bookTitle", "A book"),
        ('source: "Somewhere, p. 1."\n', "document", "date", "1932/04"),
    ],
)
def test_the_type_follows_from_the_source(
    tmp_path: Path, source: str, kind: str, field: str, value: str
) -> None:
    add_package(tmp_path / "collection", "letter", describe("letter", f"date: 1932-04\n{AUTHOR}\n", source))
    make_site(tmp_path / "collection", target=tmp_path / "site")
    item = read_item((tmp_path / "site" / "packages" / "letter.html").read_bytes())
    assert (item.type, item.fields[field]) == (kind, value)


def test_the_files_beside_the_page_are_linked_in_its_head_and_can_be_imported(appeal: Site) -> None:
    page = appeal.path / "packages" / "rakovsky-1932-appel.html"
    links = read_item(page.read_bytes()).alternates
    text = {
        kind: (page.parent / name).read_text("utf-8") for kind, name in links.items() if "atom" not in kind
    }
    (entry,) = bibtexparser.parse_string(text["application/x-bibtex"]).entries
    (record,) = rispy.loads(text["application/x-research-info-systems"])
    (item,) = json.loads(text["application/vnd.citationstyles.csl+json"])
    assert entry.key == item["id"] == record["id"] == "rakovsky1932tous"
    assert record["title"] == item["title"] == "À tous les bolcheviks-léninistes (oppositionnels)"


def test_dublin_core_has_the_date_of_the_document_its_rights_and_its_collection(tmp_path: Path) -> None:
    make_site(make_collection(tmp_path), target=tmp_path / "site")
    tree = Site(tmp_path / "site", None).tree("packages/appeal.html")  # type: ignore[arg-type]
    assert meta(tree, "DC.date") == ["1932-04-02"]
    assert meta(tree, "DC.type") == ["bookSection", "Text"]
    assert meta(tree, "DC.creator") == ["Rakovsky, Christian"]
    assert meta(tree, "DC.rights") == [
        "original: http://rightsstatements.org/vocab/UND/1.0/",
        "package: https://spdx.org/licenses/CC0-1.0",
    ]
    assert meta(tree, "DCTERMS.isPartOf") == ["Papers"]
    assert meta(tree, "DC.language") == ["fr"]
    assert tree.xpath("//link[@rel='schema.DC']/@href") == ["http://purl.org/dc/elements/1.1/"]


def test_search_engines_read_who_wrote_what_when_and_in_which_book(appeal: Site) -> None:
    (text,) = appeal.tree("packages/rakovsky-1932-appel.html").xpath("//script/text()")
    data = json.loads(text)
    assert (data["@context"], data["@type"]) == ("https://schema.org", "Chapter")
    assert data["author"] == [{"@type": "Person", "name": "Christian Rakovsky"}]
    assert (data["dateCreated"], data["datePublished"], data["inLanguage"]) == ("1932-04", "2013", ["fr"])
    assert data["isPartOf"][0]["name"].startswith("Politburo i Lev Trotskiy")
    assert (data["pageStart"], data["pageEnd"]) == ("3", "16")
    assert data["creditText"] == "Traduction MIA"


def test_rights_that_have_an_address_are_a_licence_for_machines_but_those_of_the_metadata_are_not(
    appeal: Site,
) -> None:
    (text,) = appeal.tree("packages/rakovsky-1932-appel.html").xpath("//script/text()")
    assert json.loads(text)["license"] == ["http://rightsstatements.org/vocab/UND/1.0/"]


def test_an_entry_of_the_bibliography_can_be_taken_alone(tmp_path: Path) -> None:
    site = make_site(make_collection(tmp_path), target=tmp_path / "site")
    spans = site.tree("bibliography.html").xpath("//span[@class='Z3988']/@title")
    taken = {
        parse_qs(str(span))["rft.atitle" if "atitle" in str(span) else "rft.title"][0]: parse_qs(str(span))
        for span in spans
    }
    assert set(taken) == {"À tous", "Ответ", "Letter note"}
    appeal = taken["À tous"]
    assert (appeal["rft.genre"], appeal["rft.btitle"]) == (["bookitem"], ["Documents of the year 1932"])
    assert (appeal["rft.aulast"], appeal["rft.aufirst"]) == (["Rakovsky"], ["Christian"])
    assert (appeal["rft.date"], appeal["rft.pages"]) == (["2013"], ["3-16"])


def test_the_files_of_the_bibliography_have_each_document_once(tmp_path: Path) -> None:
    collection = make_collection(tmp_path)
    shutil.copytree(collection / "note", collection / "copy-of-note")
    site = make_site(collection, target=tmp_path / "site")
    items = json.loads((site.path / "bibliography.json").read_text("utf-8"))
    assert len({item["id"] for item in items}) == len(items) == 3
    assert len(bibtexparser.parse_string((site.path / "bibliography.bib").read_text("utf-8")).entries) == 3
    assert len(rispy.loads((site.path / "bibliography.ris").read_text("utf-8"))) == 3
    assert len([a for a in site.links("bibliography.html") if a.startswith("packages/")]) == 4


@pytest.mark.skipif(shutil.which("xmllint") is None, reason="xmllint is not installed")
def test_the_feed_and_the_sitemap_are_xml(appeal: Site) -> None:
    for name in ("feed.xml", "sitemap.xml"):
        done = subprocess.run(["xmllint", "--noout", appeal.path / name], check=False, capture_output=True)
        assert done.returncode == 0, done.stderr
