"""Records with odd values: each value is in the draft, offered or pointed at, or in the library."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from command_line import archtool

LONG = "word " * 3000
RIS = """outside this line
TY  - ODDTYPE
ID  - key1
AU  - Veld, Anna
A4  - Translator, Tom
TI  - Title one
TI  - Title two
PY  - sometime in spring
DA  - 1911/05/12/
Y2  - 2020/01/02/
SP  - 31
EP  - 33
IS  - issue7
M1  - other8
SN  - 978-serial
KW  - first keyword
KW  - second keyword
LA  - Klingonish
AB  - abstract one
N2  - abstract two
ZZ  - unknown tag
ER  -
TY  - JOUR
T2  - Journal name
IS  - 12
SN  - 1234-5678
EP  - 99
ER  -
TY  - GEN
TI  - never ended
"""
BIBTEX = """@comment{a comment}
@string{pub = "Publisher name"}
@preamble{"preamble text"}
@book{one, title={Title {\\'E}t{\\'e}}, author={Veld, Anna and {Port Lorne Bakers} and others},
  editor={Ed Itor}, translator={Tom Translator}, publisher=pub, year={about 1911}, month=may, pages={31--33},
  language={french}, note={a note}, abstract={abstract words}, keywords={k1, k2}, oddfield={odd value},
  doi={10.1/x}, isbn={978}, urldate={2020-01-02}, origdate={1911-05-12}, title={second title}}
@book{one, title={Same key}}
@odd{two, title={Odd type}, date={1911-05/1911-06}, crossref={one}}
@book{three, title={never closed
"""
CSL = [
    {"id": "a", "type": "spaceship", "title": "Title one", "issued": {"literal": "once upon a time"},
     "author": [{"family": "Veld", "given": "Anna", "odd": "oddity"}], "editor": ["plain name"],
     "language": "Klingonish", "custom": {"key": "custom value"}, "page": 31, "note": True,
     "translator": [{"literal": "Tom Translator"}], "abstract": LONG, "accessed": {"date-parts": [["x"]]},
     "submitted": "not a date", "container-title": ["not", "a text"]},
    {"id": "b", "type": "book"},
    {"id": "c", "title": 5},
    "no item",
]  # fmt: skip
TEI = """<TEI xmlns="http://www.tei-c.org/ns/1.0"><teiHeader><fileDesc>
<titleStmt><title>Title one</title><title type="sub">subtitle words</title><author>Anna Veld</author>
<editor role="translator">Tom Translator</editor><editor>Ed Itor</editor>
<respStmt><resp>transcribed by</resp><name>Ruth Scribe</name></respStmt>
<respStmt><resp>odd duty</resp><name>Odd Person</name></respStmt><funder>The funder</funder></titleStmt>
<editionStmt><edition>second edition</edition></editionStmt><extent>3 leaves</extent>
<publicationStmt><publisher>Publisher name</publisher><date when="1999">1999</date>
<availability><licence target="https://example.org/l">licence words</licence></availability></publicationStmt>
<seriesStmt><title>series title</title></seriesStmt><notesStmt><note>note words</note></notesStmt>
<sourceDesc><bibl>Letters and Leaflets, Port Lorne 1948</bibl><p>another source</p></sourceDesc></fileDesc>
<encodingDesc><p>encoding words</p></encodingDesc>
<profileDesc><creation><date>May 12, 1911</date><placeName>Port Lorne</placeName></creation>
<langUsage><language ident="tlh">Klingonish</language><language ident="fr">French</language></langUsage>
<textClass><keywords><term>keyword1</term></keywords></textClass></profileDesc>
<revisionDesc><change>change words</change></revisionDesc></teiHeader>
<facsimile><graphic url="picture.png"/></facsimile>
<text><front><p>front words</p></front><body><pb n="31"/><p>To <choice><sic>teh</sic><corr>the</corr></choice>
bakers<note>margin words</note><lb/>of <gap reason="torn"/>Lorne</p>
<table><row><cell>cell1</cell><cell>cell2</cell></row></table><list><item>item1</item></list>
<lg><l>verse1</l><l>verse2</l></lg></body><back><p>back words</p></back></text></TEI>
"""
DUBLIN_CORE = """<metadata xmlns:dc="http://purl.org/dc/elements/1.1/"
  xmlns:dcterms="http://purl.org/dc/terms/">
<dc:title>Title one</dc:title><dc:title>Title two</dc:title><dc:creator>Veld, Anna</dc:creator>
<dc:contributor>Con Tributor</dc:contributor><dc:date>once upon a time</dc:date><dc:date>1911</dc:date>
<dc:language>Klingonish</dc:language><dc:source>Letters and Leaflets</dc:source>
<dc:rights>rights one</dc:rights>
<dc:rights>rights two</dc:rights><dc:type>Text</dc:type><dc:format>text/plain</dc:format>
<dc:identifier>identifier1</dc:identifier><dc:relation>relation1</dc:relation>
<dc:coverage>coverage1</dc:coverage>
<dc:subject>subject1</dc:subject><dc:description>abstract one</dc:description>
<dc:description>abstract two</dc:description><dc:publisher>Publisher name</dc:publisher>
<dcterms:provenance>provenance words</dcterms:provenance><dcterms:odd>odd term</dcterms:odd></metadata>
"""
FILES = {
    "odd.ris": (RIS, ["Title two", "sometime in spring", "issue7", "unknown tag", "abstract two", "ODDTYPE",
                      "Klingonish", "first keyword", "Journal name", "never ended"]),
    "odd.bib": (BIBTEX, ["odd value", "Tom Translator", "a note", "about 1911", "Odd type"]),
    "odd.json": (json.dumps(CSL), ["oddity", "once upon a time", "Klingonish", "custom value",
                                    "not a date", "spaceship"]),
    "odd.xml": (TEI, ["subtitle words", "Odd Person", "The funder", "second edition", "note words",
                      "Ruth Scribe",
                      "encoding words", "licence words", "series title", "keyword1", "change words"]),
    "record.xml": (DUBLIN_CORE, ["Title two", "once upon a time", "Klingonish", "relation1", "coverage1",
                                 "odd term",
                                 "provenance words", "rights one", "Con Tributor"]),
}  # fmt: skip


@pytest.mark.parametrize("name", FILES)
def test_every_value_of_an_odd_record_is_offered_or_pointed_at(tmp_path: Path, name: str) -> None:
    text, values = FILES[name]
    (tmp_path / name).write_text(text, encoding="utf-8")
    run = archtool("import", tmp_path / name, "-o", tmp_path / "drafts")
    assert run.code in (0, 6), run.said()
    drafts = "".join(
        path.read_text(encoding="utf-8") for path in sorted((tmp_path / "drafts").rglob("description.yaml"))
    )
    told = " ".join((drafts + run.said()).split())
    assert [value for value in values if value not in told] == []


@pytest.mark.parametrize("name", ["odd.ris", "odd.bib", "odd.json"])
def test_a_library_keeps_every_value_of_an_odd_record(tmp_path: Path, name: str) -> None:
    text, values = FILES[name]
    (tmp_path / name).write_text(text, encoding="utf-8")
    library = tmp_path / "library.json"
    run = archtool("import", tmp_path / name, "--library", library)
    assert run.code in (0, 1, 3, 6), run.said()
    if run.code != 3:
        items = json.loads(library.read_text(encoding="utf-8"))
        assert len({item["id"] for item in items}) == len(items)
        told = library.read_text(encoding="utf-8") + run.said()
        assert [value for value in values if value not in " ".join(told.split())] == []


def page(head: str, header: str, body: str = "<p>Bakers! The flour is dear.</p>") -> str:
    return f"<html><head>{head}</head><body>{header}<hr>{body}</body></html>"


PAGES = {
    "two titles, no language": (
        page(
            "<title>Head title</title>",
            "<p><b>Title:</b> First title<br><b>Title:</b> Second title<br>"
            "<b>Translated by:</b> Tom Translator<br><b>Written:</b> on a day nobody knows<br>"
            "<b>Original language:</b> Klingonish<br>"
            "<b>Language:</b> Elvishish<br><b>Source:</b> Letters, 1948</p>",
        ),
        ["First title", "Second title", "Tom Translator", "on a day nobody knows", "Klingonish", "Elvishish"],
    ),
    "two dates and two original languages": (
        page(
            "",
            "<p><b>Written:</b> May 12, 1911<br><b>Written:</b> June 1911<br><b>Source:</b> Letters, 1948<br>"
            "<b>Language:</b> French<br>"
            "<b>Original language:</b> Russian<br><b>Original language:</b> German</p>",
        ),
        ["1911-05-12", "June 1911", "German"],
    ),
    "no title at all": (page("", "<p><b>Source:</b> Letters, 1948</p>"), ["odd", "Letters, 1948"]),
    "a date as a heading": (
        page("<title>T</title>", "<h1>To the bakers</h1><h2>May 12, 1911</h2><p><b>Source:</b> Letters</p>"),
        ["To the bakers", "1911-05-12"],
    ),
    "a translation from a language": (
        page(
            '<meta name="keywords" content="k1"><meta charset="utf-8">',
            "<dl><dt>Written:</dt><dd>1911</dd><dt>Translated from the Russian by:</dt><dd>"
            "Tom Translator</dd><dt>Language:</dt><dd>English</dd>"
            "<dt>Proofread:</dt><dd>Pru Freader</dd></dl>",
            "<table><tr><td>cell1<td>cell2</table><ul><li>item1<ul><li>item2</ul></ul>"
            "<pre>kept\n  blanks</pre>"
            "<img src='p.png' alt='picture words'><sup>1</sup><blockquote>quoted words</blockquote><br><br>"
            "<ol><li>one<li>two</ol><dl><dt>term<dd>meaning</dl><!-- comment --><script>x()</script>",
        ),
        ["Tom Translator", "Pru Freader"],
    ),
}


@pytest.mark.parametrize("name", PAGES)
def test_every_value_of_an_odd_page_is_offered_pointed_at_or_in_the_text(tmp_path: Path, name: str) -> None:
    text, values = PAGES[name]
    (tmp_path / "odd.htm").write_text(text, encoding="utf-8")
    run = archtool("import", tmp_path / "odd.htm", "-o", tmp_path / "draft")
    assert run.code == 0, run.said()
    names = ("description.yaml", "odd.txt")  # what is taken for no header stays in the text
    written = "".join((tmp_path / "draft" / name).read_text(encoding="utf-8") for name in names)
    assert [value for value in values if value not in written] == []


@pytest.mark.parametrize("name", FILES)
def test_a_file_without_a_suffix_is_known_by_its_first_characters(tmp_path: Path, name: str) -> None:
    text, values = FILES[name]
    (tmp_path / "found").write_text(text.removeprefix("outside this line\n"), encoding="utf-8")
    run = archtool("import", tmp_path / "found", "-o", tmp_path / "drafts")
    assert run.code in (0, 6), run.said()
    drafts = [path.read_text(encoding="utf-8") for path in (tmp_path / "drafts").rglob("description.yaml")]
    assert values[0] in " ".join(("".join(drafts) + run.said()).split())


def test_bytes_that_are_no_characters_of_the_named_encoding_are_reported(tmp_path: Path) -> None:
    text = page('<meta charset="windows-1252">', "<p><b>Source:</b> Lettres</p>", "<p>\u00e9t\u00e9 \x81</p>")
    (tmp_path / "odd.htm").write_bytes(text.encode("latin-1"))
    run = archtool("import", tmp_path / "odd.htm", "-o", tmp_path / "draft")
    assert (run.code, "import.damaged-text" in run.said()) == (0, True)


def test_a_page_that_is_utf_8_and_says_otherwise_is_read_as_utf_8(tmp_path: Path) -> None:
    text = page('<meta charset="windows-1252">', "<p><b>Source:</b> Lettres</p>", "<p>\u00e9t\u00e9</p>")
    (tmp_path / "odd.htm").write_text(text, encoding="utf-8")
    run = archtool("import", tmp_path / "odd.htm", "-o", tmp_path / "draft")
    assert (run.code, "its bytes are valid UTF-8" in run.said()) == (0, True)
    assert "\u00e9t\u00e9" in (tmp_path / "draft" / "odd.txt").read_text(encoding="utf-8")


def test_a_library_of_a_folder_names_what_cannot_be_read_and_keeps_the_rest(tmp_path: Path) -> None:
    folder = tmp_path / "records"
    folder.mkdir()
    (folder / "good.json").write_text(
        json.dumps([{"type": "book", "title": "T", "issued": {"raw": "1911"}}] * 2)
    )
    (folder / "bad.json").write_text("{ never closed")
    run = archtool("import", folder, "--library", tmp_path / "library.json")
    assert run.code == 6, run.said()
    assert "bad.json" in run.said()
    assert len(json.loads((tmp_path / "library.json").read_text(encoding="utf-8"))) == 1


def test_half_of_a_surrogate_pair_stays_as_it_is_in_a_library(tmp_path: Path) -> None:
    (tmp_path / "odd.json").write_bytes(b'[{"id": "k", "type": "book", "title": "a\\ud800b"}]')
    run = archtool("import", tmp_path / "odd.json", "--library", tmp_path / "library.json")
    assert run.code == 0
    assert json.loads((tmp_path / "library.json").read_text(encoding="utf-8"))[0]["title"] == "a\ud800b"


def test_no_library_is_written_if_no_file_has_a_record(tmp_path: Path) -> None:
    folder = tmp_path / "records"
    folder.mkdir()
    (folder / "bad.json").write_text("{ never closed")
    run = archtool("import", folder, "--library", tmp_path / "library.json")
    assert run.code == 3, run.said()
    assert not (tmp_path / "library.json").exists()
