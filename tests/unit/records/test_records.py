"""Records of other programs are read completely: what fits no key is left over, with its line."""

from __future__ import annotations

import pytest

from archtool.errors import InputError
from archtool.records.bibtex import read_bibtex
from archtool.records.csl_json import read_csl_json
from archtool.records.csl_values import csl_date, ris_date
from archtool.records.dublin_core import read_dublin_core
from archtool.records.model import RecordFile
from archtool.records.ris import read_ris
from archtool.records.tei import read_tei
from archtool.records.xml_tree import parse_xml
from pages_to_import import BIBTEX, DUBLIN_CORE, RIS, TEI

MANY = "<dc:title>{}</dc:title>"


def left(found: RecordFile) -> list[tuple[str, str, int | None]]:
    """Return all leftovers of a file."""
    everything = [*found.leftovers, *(one for record in found.records for one in record.leftovers)]
    return [(one.label, one.value, one.line) for one in everything]


def test_every_entry_of_a_bibtex_file_is_read_and_the_rest_is_left_over() -> None:
    found = read_bibtex(BIBTEX)
    assert [(record.item["title"], record.line) for record in found.records] == [
        ("Aux typographes", 2), ("Letters", 12), ("Leaflets", 13),
    ]  # fmt: skip
    assert left(found) == [
        ("text that is no entry", "@comment{made by hand}", 1),
        ("an entry that is not BibTeX", "@misc{broken, title = {Never closed", 14),
        ("shelf", "B 7", 10),
    ]


def test_latex_in_bibtex_becomes_letters() -> None:
    (record,) = read_bibtex(
        r"@book{a, title={Der {\"U}bergang -- 50% {\emph{mehr}}}, author={M{\"u}ller, Jan}}"
    ).records
    assert record.item["title"] == "Der Übergang – 50% mehr"
    assert record.item["author"] == [{"family": "Müller", "given": "Jan"}]


def test_names_of_organisations_stay_whole() -> None:
    (record,) = read_bibtex(
        "@book{a, title={T}, author={{Guild of Bakers and Millers} and Veld, Anna}}"
    ).records
    assert record.item["author"] == [
        {"literal": "Guild of Bakers and Millers"}, {"family": "Veld", "given": "Anna"},
    ]  # fmt: skip


def test_an_entry_takes_what_it_lacks_from_the_one_that_it_names() -> None:
    text = "@incollection{a, title={T}, crossref={b}}\n@book{b, title={Book}, publisher={P}, year={1911}}"
    first = read_bibtex(text).records[0].item
    assert (first["container-title"], first["publisher"]) == ("Book", "P")


@pytest.mark.parametrize("value", ["{" * 50_000 + "}" * 50_000, "$" + r"\frac{" * 2000 + "}" * 2000 + "$"])
def test_braces_without_end_are_no_crash(value: str) -> None:
    (record,) = read_bibtex(f"@book{{a, title={{{value}}}}}").records
    assert record.item["title"] == value


def test_a_ris_record_is_read_and_unknown_tags_are_left_over() -> None:
    found = read_ris(RIS)
    assert found.records[0].item == {
        "type": "chapter",
        "author": [{"family": "Garance", "given": "Émile"}],
        "title": "Aux typographes",
        "container-title": "Écrits",
        "publisher": "Éditions du Môle",
        "publisher-place": "Valcroix",
        "issued": {"date-parts": [[1931]]},
        "page": "12-14",
    }
    assert left(found) == [("C7", "a lost tag", 10)]


def test_ris_records_without_an_end_and_with_broken_lines_are_read() -> None:
    found = read_ris("loose\nTY  - BOOK\nTI  - A long\ntitle\nTY  - BOOK\nTI  - B\nTI  - C\n")
    assert [record.item["title"] for record in found.records] == ["A long title", "B"]
    assert left(found) == [("a line outside of a record", "loose", 1), ("TI", "C", 7)]


def test_tei_gives_its_header_and_its_text() -> None:
    found = read_tei(parse_xml(TEI.encode(), "letter.tei"))
    assert found is not None
    (record,) = found.records
    about = record.about
    assert (about.title, about.date, about.language) == ("Lettre aux tonneliers", "1909-02", "fr")
    assert (about.creators, about.transcribers) == ([("Émile Garance", "author")], ["A. Copiste"])
    assert record.item["container-title"] == "Écrits"
    assert record.text == (
        "Lettre aux tonneliers\n\nLe chêne [note 1: de la forêt] est [struck out: bon] cher.\n\n"
        "Un cercle,\ndeux cercles.\n"
    )
    assert left(found) == [("fileDesc/publicationStmt/publisher", "Archives du Môle", 5)]


def test_tei_with_a_manuscript_as_its_source() -> None:
    text = TEI.replace(TEI[TEI.index("<biblStruct>") : TEI.index("</sourceDesc>")], (
        "<msDesc><msIdentifier><settlement>Valcroix</settlement><repository>Archives</repository>"
        "<idno>F 3</idno></msIdentifier></msDesc>"
    ))  # fmt: skip
    found = read_tei(parse_xml(text.encode(), "letter.tei"))
    assert found is not None
    assert found.records[0].item == {
        "type": "manuscript", "archive-place": "Valcroix", "archive": "Archives", "call-number": "F 3",
    }  # fmt: skip


def test_dublin_core_is_read_and_other_elements_are_left_over() -> None:
    found = read_dublin_core(parse_xml(DUBLIN_CORE.encode(), "letter.xml"))
    assert found is not None
    (record,) = found.records
    assert (record.about.title, record.about.date) == ("Letter to the coopers", "1910-03-02")
    assert record.about.source == "Archive of the Harbour, box 3, folder 9"
    assert left(found) == [("subject", "Coopers", 8)]


def test_each_record_of_a_harvest_has_its_own_header() -> None:
    one = DUBLIN_CORE.replace("Letter to the coopers", "{}")
    records = (f"<record><header>oai:{name}</header>{one.format(name)}</record>" for name in "AB")
    harvest = f"<OAI-PMH><responseDate>2020</responseDate>{''.join(records)}</OAI-PMH>"
    found = read_dublin_core(parse_xml(harvest.encode(), "harvest.xml"))
    assert found is not None
    assert [record.about.title for record in found.records] == ["A", "B"]
    assert [record.leftovers[0].value for record in found.records] == ["oai:A", "oai:B"]
    assert [(one.label, one.value) for one in found.leftovers] == [("responseDate", "2020")]


@pytest.mark.parametrize(
    ("text", "date"),
    [
        ("1931", {"date-parts": [[1931]]}),
        ("1931-05-02T00:00:00Z", {"date-parts": [[1931, 5, 2]]}),
        ("1931/1933", {"date-parts": [[1931], [1933]]}),
        ("1931-13", {"literal": "1931-13"}),
        ("1931/05", {"literal": "1931/05"}),
        ("spring 1931", {"literal": "spring 1931"}),
    ],
)
def test_a_date_keeps_its_parts_or_its_words(text: str, date: dict[str, object]) -> None:
    assert csl_date(text) == date


@pytest.mark.parametrize(
    ("text", "date"),
    [
        ("1931/05/02/", {"date-parts": [[1931, 5, 2]]}),
        ("1931///", {"date-parts": [[1931]]}),
        ("1931///spring", {"literal": "1931///spring"}),
        ("1931", {"date-parts": [[1931]]}),
    ],
)
def test_a_date_of_ris_keeps_its_parts_or_its_words(text: str, date: dict[str, object]) -> None:
    assert ris_date(text) == date


def test_csl_json_stays_as_it_is() -> None:
    found = read_csl_json(b'[{"id": "a", "type": "book", "title": "T", "strange": 1}, 7]', "books.json")
    assert found.records[0].item == {"id": "a", "type": "book", "title": "T", "strange": 1}
    assert [label for label, _, _ in left(found)] == ["item 2, which is no CSL-JSON item"]


@pytest.mark.parametrize(
    "xml",
    [
        '<!DOCTYPE a [<!ENTITY b "c">]><a>&b;</a>',
        '<!DOCTYPE a [<!ENTITY b SYSTEM "file:///etc/hostname">]><a>&b;</a>',
        '<!DOCTYPE a [<!ENTITY x "y"><!ENTITY z "&x;&x;&x;">]><a b="&z;"/>',
        '<!DOCTYPE a SYSTEM "http://127.0.0.1:1/a.dtd"><a>&b;</a>',
        "<a>" * 5000,
        "<a>&nbsp;</a>",
        "<a",
        "",
    ],
)
def test_hostile_and_broken_xml_is_refused(xml: str) -> None:
    with pytest.raises(InputError):
        parse_xml(xml.encode(), "letter.xml")
