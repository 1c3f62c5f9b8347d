"""Whatever a description says, its exports are valid, and its title is read back from them."""

from __future__ import annotations

import json
import subprocess
from pathlib import Path

from hypothesis import given, settings
from hypothesis import strategies as st

from archtool.description.model import (
    Agent,
    Annexe,
    AnnexeStatus,
    Attribution,
    Creator,
    CustodyEvent,
    Description,
    Original,
    OtherFile,
    RightsLayer,
    Source,
    TranscriptionFile,
    Translation,
    Within,
)
from archtool.exports.catalogue.datacite import format_datacite
from archtool.exports.catalogue.dublin_core import format_dublin_core
from archtool.exports.catalogue.dublin_core_json import format_dublin_core_json
from archtool.exports.catalogue.ead3 import format_ead3
from archtool.exports.catalogue.mets import format_mets
from archtool.exports.catalogue.mods import format_mods
from archtool.exports.catalogue.record import PayloadFile, Record, Text
from archtool.exports.catalogue.tei.document import format_tei
from archtool.printable import escape_in_json, escape_in_xml
from archtool.xml_text import unescape_text
from budgets import examples
from catalogue_schemas import (
    CATALOGUE,
    assert_datacite,
    assert_ead3,
    assert_mets,
    assert_mods,
    assert_oai_dc,
    needs_catalogue_schemas,
    needs_jing,
    needs_reference_schemas,
    parse,
)
from property.strategies import BOUNDED

OFTEN = settings(BOUNDED, max_examples=examples(40))
TEXTS = st.sampled_from(
    ["a", "<b>&\r\n", " x ", "]]>", "\u202ea", "\x01", "\\u{1}", "\ud800", "a b:c", "é"]
) | st.text(min_size=1, max_size=12)
MAYBE = st.none() | TEXTS
DATES = st.sampled_from(
    (
        "1932", "1932-04", "1932-04-30", "1932~", "1932?", "1932%", "193X", "19XX", "../1932", "1931/..",
        "1931~/1932", "1932-21", "[1931,1932]", "Y-17000", "-0044", "0000", "0000/0001", "1931-02/1931-03-04",
    )
)  # fmt: skip
LANGUAGES = st.sampled_from(["fr", "ru-Latn", "sr-Cyrl-RS", "x-private", "de-1996"])
URIS = (
    st.sampled_from(["https://viaf.org/viaf/1", "urn:x:y", "javascript:<a>", "http://[bad", "a:%zz"]) | TEXTS
)
AGENTS = st.builds(Agent, TEXTS, st.sampled_from([None, "person", "organization"]), st.none() | URIS, MAYBE)
ATTRIBUTIONS = st.builds(
    Attribution, st.sampled_from(["stated", "attributed", "disputed", "rejected"]),
    st.sampled_from([None, "internal", "external", "conjecture"]),
    st.sampled_from([None, "high", "medium", "low", "unknown"]), st.just(("a",)), st.none() | AGENTS, MAYBE,
)  # fmt: skip
ROLES = st.sampled_from(["author", "Author", "editor", "issuing-body", "scribe"]) | TEXTS
CREATORS = st.lists(st.builds(Creator, AGENTS, ROLES, st.none() | ATTRIBUTIONS), max_size=3).map(tuple)
SOME_AGENTS = st.lists(AGENTS, max_size=2).map(tuple)
PARTS = st.builds(
    TranscriptionFile, st.sampled_from(["a.txt", "b c.txt"]), title=MAYBE, language=st.none() | LANGUAGES,
    credit=MAYBE, method=MAYBE, transcribers=SOME_AGENTS, note=MAYBE,
)  # fmt: skip
RANGES = st.builds(Within, st.just("a.txt"), st.integers(1, 9), st.none() | st.integers(1, 12))
FLAT = st.builds(
    Annexe, TEXTS, st.sampled_from(AnnexeStatus), number=MAYBE, date=st.none() | DATES,
    language=st.none() | LANGUAGES, creators=CREATORS, addressees=SOME_AGENTS, according_to=MAYBE,
    file=st.sampled_from([None, "b c.txt"]), within=st.none() | RANGES, note=MAYBE,
)  # fmt: skip
ANNEXES = st.lists(
    st.builds(Annexe, TEXTS, st.sampled_from(AnnexeStatus), within=st.none() | RANGES,
              enclosures=st.lists(FLAT, max_size=2).map(tuple)) | FLAT,
    max_size=3,
).map(tuple)  # fmt: skip
CUSTODY = st.builds(
    CustodyEvent, TEXTS, TEXTS, st.none() | DATES, st.none() | AGENTS, st.none() | AGENTS, MAYBE, note=MAYBE
)
RIGHTS = st.builds(
    RightsLayer,
    st.sampled_from(["original", "package"]),
    st.sampled_from(["InC", "CC0-1.0"]) | URIS,
    MAYBE,
    MAYBE,
    MAYBE,
)
DESCRIPTIONS = st.builds(
    Description, TEXTS, st.just(Source("s")), st.lists(PARTS, max_size=2).map(tuple), id=MAYBE,
    title_status=st.sampled_from([None, "formal", "supplied"]), genre=MAYBE, language=st.none() | LANGUAGES,
    date=st.none() | DATES, place=MAYBE, abstract=MAYBE, creators=CREATORS, addressees=SOME_AGENTS,
    original=st.none() | st.builds(Original, st.none() | LANGUAGES, st.none() | st.booleans(), MAYBE,
                                   st.none() | AGENTS, MAYBE, MAYBE),
    translation=st.none() | st.builds(Translation, LANGUAGES, st.none() | LANGUAGES, MAYBE, SOME_AGENTS,
                                      st.none() | DATES, st.sampled_from([None, True]), MAYBE),
    annexes=ANNEXES, files=st.just((OtherFile("scans/", "facsimile"),)),
    custody=st.lists(CUSTODY, max_size=2).map(tuple), rights=st.lists(RIGHTS, max_size=2).map(tuple),
    collection=MAYBE, packager=st.none() | AGENTS,
    bag_info=st.sampled_from([{}, {"External-Identifier": ("10.1234/x", "b")}]), note=MAYBE,
)  # fmt: skip
LINES = st.lists(TEXTS.map(lambda text: text.replace("\n", " ")) | st.just(""), max_size=8).map(tuple)
ITEMS = st.none() | st.fixed_dictionaries(
    {"id": TEXTS, "type": st.just("chapter")},
    optional={
        "title": TEXTS, "container-title": TEXTS, "publisher": TEXTS, "page": TEXTS, "DOI": TEXTS,
        "URL": TEXTS,
        "author": st.just([{"family": "<b>"}]), "editor": st.just([{"literal": "\x01"}]), "archive": TEXTS,
        "issued": st.sampled_from([{"date-parts": [[1932, 4]]}, {"literal": "<i>"}, {"date-parts": [[-44]]}]),
    },
)  # fmt: skip


@st.composite
def records(draw: st.DrawFn) -> Record:
    """Draw the record of a package."""
    described, item = draw(DESCRIPTIONS), draw(ITEMS)
    texts = {part.file: Text(draw(LINES), draw(st.none() | TEXTS)) for part in described.transcription}
    files = (
        PayloadFile("data/a.txt", (), 3, "text/plain"),
        PayloadFile("data/scans/\u202e <1>.jpg", (), None, "image/jpeg"),
    )
    citation = None if item is None else "A citation <i>"
    return Record(draw(TEXTS), described, item, citation, "2026-11-22", files, texts)


@needs_catalogue_schemas
@OFTEN
@given(records())
def test_catalogue_records_are_valid_and_keep_the_title(record: Record) -> None:
    for formatter, check in (
        (format_mods, assert_mods),
        (format_datacite, assert_datacite),
        (format_ead3, assert_ead3),
    ):
        text = escape_in_xml(formatter([record]))
        check(text)
        titles = [
            one.text or "" for one in parse(text).iter() if str(one.tag).endswith(("}title", "}unittitle"))
        ]
        assert unescape_text(titles[0]) == record.description.title


@needs_catalogue_schemas
@OFTEN
@given(st.lists(records(), min_size=1, max_size=2))
def test_dublin_core_is_valid_and_keeps_title_date_and_language(given_records: list[Record]) -> None:
    document = parse(escape_in_xml(format_dublin_core(given_records)))
    elements = [document] if len(given_records) == 1 else [*document]
    for record, element in zip(given_records, elements, strict=True):
        assert_oai_dc(element)
        read = {(str(one.tag).rpartition("}")[2], unescape_text(one.text or "")) for one in element}
        assert ("title", record.description.title) in read
        assert {text for name, text in read if name == "date"} == {*filter(None, [record.description.date])}
        assert {text for name, text in read if name == "language"} == {*record.languages}


@needs_reference_schemas
@needs_catalogue_schemas
@OFTEN
@given(records())
def test_mets_is_valid(record: Record) -> None:
    assert_mets(escape_in_xml(format_mets([record])))


@OFTEN
@given(records())
def test_linked_data_is_json_with_the_title_and_the_date_as_they_are(record: Record) -> None:
    node = json.loads(escape_in_json(format_dublin_core_json([record])))
    assert node["dcterms:title"] == record.description.title
    assert node.get("dcterms:created", {}).get("@value") == record.description.date


@needs_jing
@needs_catalogue_schemas
def test_tei_is_valid_and_keeps_every_line_with_words(tmp_path: Path) -> None:
    documents: list[Path] = []

    @OFTEN
    @given(records())
    def write(record: Record) -> None:
        text = escape_in_xml(format_tei([record]))
        path = tmp_path / f"{len(documents)}.xml"
        path.write_text(text, encoding="utf-8")
        documents.append(path)
        lines = [one.tail or "" for one in parse(text).iter("{http://www.tei-c.org/ns/1.0}lb")]
        stated = [
            t for text in record.texts.values() if text.problem is None for t in text.lines if t.strip()
        ]
        assert sorted(unescape_text(line.removesuffix("\n")) for line in lines) == sorted(stated)

    write()
    command = ["jing", str(CATALOGUE / "tei_all.rng"), *map(str, documents)]
    run = subprocess.run(command, capture_output=True, text=True, check=False)
    assert (run.returncode, run.stdout[:2000]) == (0, "")
