"""Forms of records that few files have: each value gets its place, or is left over."""

from __future__ import annotations

from typing import Any

import pytest
from lxml import etree

from archtool.errors import InputError
from archtool.records import xml_tree
from archtool.records.bibtex import read_bibtex
from archtool.records.csl_json import read_csl_json
from archtool.records.csl_values import month_number, written_name
from archtool.records.dublin_core import read_dublin_core
from archtool.records.ris import read_ris
from archtool.records.tei import read_tei
from archtool.records.xml_tree import parse_xml

DC = "<record xmlns:dc='http://purl.org/dc/elements/1.1/'>{}</record>"
HEADER = "<TEI xmlns='http://www.tei-c.org/ns/1.0'><teiHeader><fileDesc>{}</fileDesc>{}</teiHeader>{}</TEI>"
TEXT = "<text><body><p>Words.</p></body></text>"


def bibtex(entry: str) -> dict[str, Any]:
    return read_bibtex(entry).records[0].item


def labels(found: Any) -> list[str]:
    return [one.label for record in found.records for one in record.leftovers]


def test_the_number_of_a_bibtex_entry_means_what_its_kind_means() -> None:
    assert bibtex("@article{a, title={T}, number={3}}")["issue"] == "3"
    assert bibtex("@book{a, title={T}, series={S}, number={4}}")["collection-number"] == "4"
    assert bibtex("@techreport{a, title={T}, number={5}}")["number"] == "5"


@pytest.mark.parametrize(
    ("fields", "parts"),
    [
        ("year={1911}", [1911]),
        ("year={1911}, month=may", [1911, 5]),
        ("year={1911}, month={5}, day={2}", [1911, 5, 2]),
        ("year={1911}, day={2}", [1911]),
        ("date={1911-05-02}, year={1912}", [1911, 5, 2]),
    ],
)
def test_dates_of_bibtex_are_read_in_both_ways(fields: str, parts: list[int]) -> None:
    assert bibtex(f"@book{{a, title={{T}}, {fields}}}")["issued"] == {"date-parts": [parts]}


def test_an_entry_without_title_inherits_from_one_without_title() -> None:
    found = read_bibtex("@incollection{a, author={Veld, Anna}, crossref={b}}\n@book{b, publisher={P}}")
    assert "title" not in found.records[0].item
    assert found.records[0].item["publisher"] == "P"


def test_a_year_in_words_stays_as_it_is() -> None:
    assert bibtex("@book{a, title={T}, year={about 1911}}")["issued"] == {"literal": "about 1911"}


def test_one_item_of_csl_json_needs_no_list() -> None:
    assert len(read_csl_json(b'{"title": "T"}', "a.json").records) == 1
    found = read_csl_json(b'{"items": [{"id": "a"}, 5, {"x": 1}]}', "a.json")
    assert (len(found.records), len(found.leftovers)) == (1, 2)
    with pytest.raises(InputError, match="is not a list of CSL-JSON items"):
        read_csl_json(b'"T"', "a.json")


def test_months_and_names_are_read_in_all_forms() -> None:
    assert [month_number(text) for text in ("5", "May.", "13", "mai")] == [5, 5, None, None]
    assert written_name("Anna Veld") == "Anna Veld"
    assert written_name({"family": "Veld", "given": "Anna", "suffix": "Jr."}) == "Anna Veld Jr."


def test_dublin_core_can_lack_nearly_everything() -> None:
    found = read_dublin_core(etree.fromstring(DC.format("<dc:title>T</dc:title><dc:format/>")))
    assert found is not None
    assert found.records[0].item == {"type": "document", "title": "T"}
    found = read_dublin_core(
        etree.fromstring(
            DC.format("<dc:identifier>4711</dc:identifier><dc:identifier>http://a.example/1</dc:identifier>")
        )
    )
    assert found is not None
    assert found.records[0].item["URL"] == "http://a.example/1"
    assert labels(found) == ["identifier"]


def test_the_day_of_a_ris_date_completes_its_year() -> None:
    (record,) = read_ris("TY  - BOOK\nTI  - T\nPY  - 1911\nDA  - 1911/05/02\nER  - \n").records
    assert record.item["issued"] == {"date-parts": [[1911, 5, 2]]}
    found = read_ris("TY  - BOOK\nTI  - T\nPY  - 1911\nDA  - 1911/05/02/spring\nER  - \n")
    assert found.records[0].item["issued"] == {"date-parts": [[1911]]}
    assert labels(found) == ["DA"]


def tei(file_description: str, profile: str = "", body: str = TEXT) -> Any:
    found = read_tei(etree.fromstring(HEADER.format(file_description, profile, body)))
    assert found is not None
    return found


def test_the_source_of_a_tei_text_can_be_a_chapter_with_its_translator() -> None:
    bibliography = (
        "<biblStruct><analytic><title level='a'>Part</title><author>Veld, Anna</author></analytic>"
        "<monogr><title level='m'>Book</title><editor role='translator'>Quill, Mary</editor>"
        "<imprint><date>1911</date><biblScope unit='page'>3-4</biblScope></imprint></monogr></biblStruct>"
    )
    item = (
        tei(f"<titleStmt><title>T</title></titleStmt><sourceDesc>{bibliography}</sourceDesc>").records[0].item
    )
    assert (item["type"], item["title"], item["container-title"]) == ("chapter", "Part", "Book")
    assert item["translator"] == [{"family": "Quill", "given": "Mary"}]


def test_the_source_of_a_tei_text_can_be_a_book() -> None:
    titles = "<title>Book</title><title level='s'>Series</title>"
    source = f"<sourceDesc><bibl>{titles}, <author>A. Veld</author></bibl></sourceDesc>"
    item = tei(f"<titleStmt><title>T</title></titleStmt>{source}").records[0].item
    assert (item["type"], item["title"], item["collection-title"]) == ("book", "Book", "Series")
    nothing = tei(
        "<titleStmt><title>T</title></titleStmt><sourceDesc><bibl><note>None</note></bibl></sourceDesc>"
    )
    assert "None" in nothing.records[0].about.source


@pytest.mark.parametrize(
    ("attributes", "date"),
    [
        ("when='1911-05'", "1911-05"),
        ("notBefore='1911' notAfter='1912'", "1911/1912"),
        ("from='1911'", "1911/.."),
        ("to='1912'", "../1912"),
        ("", "in May"),
    ],
)
def test_the_date_of_a_tei_text_is_taken_from_its_attributes_first(attributes: str, date: str) -> None:
    profile = f"<profileDesc><creation><date {attributes}>in May</date></creation></profileDesc>"
    assert tei("<titleStmt><title>T</title></titleStmt>", profile).records[0].about.date == date


def test_further_titles_and_texts_of_a_tei_file_are_left_over() -> None:
    titles = "".join(f"<title>Title {number}</title>" for number in range(1, 5))
    found = tei(f"<titleStmt>{titles}</titleStmt>", body=f"{TEXT}<facsimile><desc>A scan</desc></facsimile>")
    assert {"title 3", "title 4", "facsimile"} <= set(labels(found))


def test_a_tei_text_can_lack_its_header() -> None:
    found = read_tei(etree.fromstring(f"<TEI xmlns='http://www.tei-c.org/ns/1.0'>{TEXT}</TEI>"))
    assert found is not None
    assert found.records[0].text.strip() == "Words."


def test_xml_with_too_many_elements_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(xml_tree, "MAX_XML_ELEMENTS", 2)
    with pytest.raises(InputError, match="has more than 2 elements"):
        parse_xml(b"<a><b/><c/></a>", "a.xml")
