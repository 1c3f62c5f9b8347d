"""A history as PREMIS 3 is valid under the schema of the Library of Congress."""

from __future__ import annotations

import os
import sys
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from lxml import etree

from archtool.description.model import (
    Agent,
    Attribution,
    Creator,
    OtherFile,
    RightsLayer,
    Translation,
    Within,
)
from archtool.files.hashing.digests import Algorithm, digest_bytes
from archtool.files.hashing.file_record import FileRecord
from archtool.provenance.file_formats import format_of_name
from archtool.provenance.model import History, ProvEvent
from archtool.provenance.premis.writer import ALGORITHM_NAMES, format_premis, is_premis_of
from archtool.xml_text import (
    DECLARATION,
    escape_text,
    format_attributes,
    text_element,
    unescape_text,
)
from budgets import examples
from packages import REPOSITORY
from unit.provenance.rakovsky_case import (
    TEXT,
    appeal,
    appeal_history,
    file_record,
    history_of,
    letter_of_the_bureau,
    smallest_history,
)

REFERENCE = Path(
    os.environ.get("ARCHTOOL_REFERENCE_SCHEMAS", REPOSITORY.parent / "shared" / "reference")
).resolve()
NS = {"p": "http://www.loc.gov/premis/v3", "x": "http://www.w3.org/2001/XMLSchema-instance"}
BASE = "urn:archtool:package:rakovsky-1932-appel:"


class _OnlyHere(etree.Resolver):
    """Resolve the imports of a schema from the reference folder only."""

    def resolve(self, url: str, _: str, context: Any) -> Any:
        return self.resolve_filename(str(REFERENCE / url.rpartition("/")[2]), context)


@pytest.fixture(scope="module")
def premis_schema() -> Any:
    if not (REFERENCE / "premis-v3.xsd").is_file():
        pytest.skip(f"the official schema is not here: {REFERENCE / 'premis-v3.xsd'}")
    parser = etree.XMLParser(no_network=True)
    parser.resolvers.add(_OnlyHere())
    return etree.XMLSchema(etree.parse(str(REFERENCE / "premis-v3.xsd"), parser))


def root_of(history: History) -> Any:
    return etree.fromstring(format_premis(history).encode("utf-8"))


def the_object(root: Any, entity: str) -> Any:
    [found] = root.xpath(
        "p:object[p:objectIdentifier/p:objectIdentifierValue=$id]", namespaces=NS, id=BASE + entity
    )
    return found


def the_event(root: Any, event: str) -> Any:
    [found] = root.xpath(
        "p:event[p:eventIdentifier/p:eventIdentifierValue=$id]", namespaces=NS, id=BASE + event
    )
    return found


def texts(element: Any, path: str) -> list[str]:
    return [found.text or "" for found in element.xpath(path, namespaces=NS)]


def properties(element: Any, name: str) -> list[str]:
    return texts(
        element,
        f"p:significantProperties[p:significantPropertiesType='{name}']/p:significantPropertiesValue",
    )


def everything() -> History:
    """Return a history with every feature that PREMIS supports."""
    base = appeal()
    agent = Agent("Jo Roe", "person", "https://example.org/jo", "a note")
    disputed = Creator(
        agent, "author", Attribution("disputed", basis=("somebody's word",), by=Agent("Editor"))
    )
    rejected = Creator(Agent("X"), "author", Attribution("rejected"))
    [letter] = base.annexes
    description = replace(
        base,
        creators=(*base.creators, disputed, rejected),
        packager=Agent("The archive", "organization"),
        translation=Translation("fr", "ru", translators=(agent,)),
        annexes=(replace(letter, within=Within(TEXT, 206, 256)),),
        files=(OtherFile("scan.png", "facsimile", of="balitsky-letter"), OtherFile("odd", "other")),
        rights=(
            RightsLayer("original", "InC", "the heirs", "credit", "note"),
            RightsLayer("edition", "words of their own"),
            RightsLayer("transcription", "https://example.org/terms"),
            RightsLayer("annexes", "CC-BY-4.0"),
            RightsLayer("facsimiles", "NoC-US"),
            RightsLayer("translation", "UND"),
            RightsLayer("package", "CC0-1.0"),
        ),
    )
    every = tuple(digest_bytes(algorithm, b"x") for algorithm in Algorithm)
    files = (file_record(TEXT), FileRecord("data/scan.png", 1, every), file_record("odd"))
    return history_of(description, files=files)


@pytest.mark.parametrize("history", [appeal_history(), smallest_history(), everything()])
def test_the_output_is_valid_under_the_official_schema(premis_schema: Any, history: History) -> None:
    premis_schema.assertValid(root_of(history))


def test_the_same_history_becomes_the_same_bytes() -> None:
    assert format_premis(everything()) == format_premis(everything())


def test_only_the_exact_bytes_are_the_premis_of_a_history() -> None:
    history = appeal_history()
    written = format_premis(history).encode()
    assert is_premis_of(history, written)
    for other in (b"", written[:-1], written + b"\n", b" " + written, written[: len(written) // 2]):
        assert not is_premis_of(history, other)
    for place in range(0, len(written), 97):
        assert not is_premis_of(history, written[:place] + b"\x00" + written[place + 1 :])


def test_the_chain_of_sources_leads_from_the_file_to_the_original() -> None:
    root = root_of(appeal_history())
    path, link = ["text"], "text"
    while link != "document":
        sources = texts(
            the_object(root, link),
            "p:relationship[p:relationshipType='derivation']//p:relatedObjectIdentifierValue",
        )
        link = sources[0].removeprefix(BASE)
        path.append(link)
    assert path == ["text", "translation", "edition", "document"]


def test_a_file_has_every_digest_its_size_and_a_format_with_its_origin() -> None:
    root = root_of(everything())
    scan = the_object(root, "file-scan.png")
    assert texts(scan, "p:objectCharacteristics/p:fixity/p:messageDigestAlgorithm") == list(
        ALGORITHM_NAMES.values()
    )
    assert texts(scan, "p:objectCharacteristics/p:size") == ["1"]
    assert texts(scan, ".//p:formatName") == ["image/png"]
    assert "name only" in texts(scan, ".//p:formatNote")[0]
    assert texts(scan, "p:originalName") == ["scan.png"]
    assert texts(scan, "p:storage//p:contentLocationValue") == ["data/scan.png"]
    assert texts(the_object(root, "file-odd"), ".//p:formatName") == ["unknown"]


def test_every_supported_algorithm_has_a_name_in_premis() -> None:
    assert set(ALGORITHM_NAMES) == set(Algorithm)


@pytest.mark.parametrize(
    ("path", "name"),
    [("data/A.PDF", "application/pdf"), ("data/v1.2/letter", "unknown"), ("data/.txt", "unknown")],
)
def test_a_format_is_derived_from_the_file_extension(path: str, name: str) -> None:
    assert format_of_name(path) == name


def test_the_lines_of_an_annexe_in_a_shared_file_are_written() -> None:
    [shown] = properties(the_object(root_of(everything()), "text"), "lines")
    assert shown.startswith("206 to 256: Note de Balitsky")
    [open_end] = properties(the_object(root_of(appeal_history()), "text"), "lines")
    assert open_end.startswith("206 to the end: ")


def test_an_attributed_author_is_linked_as_attributed_and_never_as_plain_author() -> None:
    creation = the_event(root_of(appeal_history()), "creation")
    roles = texts(creation, "p:linkingAgentIdentifier/p:linkingAgentRole")
    assert roles == ["attributed name", "author", "issuing-body"]
    coded = creation.xpath("p:linkingAgentIdentifier/p:linkingAgentRole/@valueURI", namespaces=NS)
    assert coded == [
        "http://id.loc.gov/vocabulary/relators/att",
        "http://id.loc.gov/vocabulary/relators/isb",
    ]


def test_a_rejected_author_is_recorded_without_a_link() -> None:
    root = root_of(everything())
    assert "X, author: rejected" in properties(the_object(root, "document"), "attribution")
    assert f"{BASE}agent-X" not in texts(root, ".//p:linkingAgentIdentifierValue")


def test_a_claim_is_written_with_its_evidence_and_its_author() -> None:
    claims = properties(the_object(root_of(everything()), "document"), "attribution")
    assert "Jo Roe, author: disputed; basis: somebody's word; according to: Editor" in claims
    assert claims[0].startswith(
        "Christian Rakovsky, author: attributed; evidence: external; certainty: high; basis: Note de "
    )


def test_an_event_without_a_date_states_that_there_is_none() -> None:
    translating = the_event(root_of(appeal_history()), "translating")
    assert texts(translating, "p:eventDateTime") == ["XXXX"]
    assert "date: not stated in the description" in texts(translating, ".//p:eventDetail")
    assert "credit: Traduction MIA" in texts(translating, ".//p:eventDetail")


def test_an_event_type_has_a_code_only_if_one_certainly_fits() -> None:
    root = root_of(appeal_history())
    [packaging] = the_event(root, "packaging").xpath("p:eventType", namespaces=NS)
    assert packaging.text == "information package creation"
    assert packaging.get("valueURI") == "http://id.loc.gov/vocabulary/preservation/eventType/ipc"
    [publication] = the_event(root, "publication").xpath("p:eventType", namespaces=NS)
    assert publication.text == "publication"
    assert publication.get("valueURI") is None


def test_an_object_can_be_used_in_a_role() -> None:
    event = ProvEvent("e", "reading", "read", used=(("a", "evidence"),))
    root = root_of(replace(smallest_history(), events=(event,)))
    assert texts(root, ".//p:linkingObjectRole") == ["evidence"]


def test_rights_are_expanded_and_their_text_is_kept() -> None:
    root = root_of(everything())
    assert "http://rightsstatements.org/vocab/InC/1.0/" in texts(
        root, ".//p:otherRightsDocumentationIdentifierValue"
    )
    assert "https://spdx.org/licenses/CC-BY-4.0" in texts(root, ".//p:licenseDocumentationIdentifierValue")
    notes = texts(root, ".//p:otherRightsNote")
    assert {"statement: words of their own", "holder: the heirs", "credit: credit", "note: note"} <= set(
        notes
    )


def test_agents_keep_type_version_identifier_and_notes() -> None:
    root = root_of(everything())
    assert {"person", "organization", "software"} == set(texts(root, "p:agent/p:agentType"))
    assert texts(root, "p:agent/p:agentVersion") == ["0.1.0"]
    assert "https://example.org/jo" in texts(root, "p:agent/p:agentIdentifier/p:agentIdentifierValue")
    assert texts(root, "p:agent/p:agentNote") == ["a note"]


def test_addressees_are_written_by_name() -> None:
    letter = the_object(root_of(appeal_history()), "balitsky-letter")
    assert properties(letter, "addressee") == ["Joseph Staline (agent-Joseph-Staline)"]


@settings(deadline=None)
@given(st.text())
def test_any_text_is_read_back_from_xml_unchanged(text: str) -> None:
    document = DECLARATION + text_element(0, "a", text, format_attributes({"b": text}))
    root = etree.fromstring(document.encode("utf-8"))
    assert unescape_text(root.text or "") == text
    assert unescape_text(root.get("b")) == text


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("\x01", r"\u{1}"),
        ("\udc80\ufffe", r"\u{dc80}\u{fffe}"),
        (r"\u{1}", r"\u{5c}u{1}"),
        (r"C:\users", r"C:\users"),
    ],
)
def test_a_character_that_xml_forbids_is_escaped(text: str, shown: str) -> None:
    assert escape_text(text) == shown
    assert unescape_text(shown) == text


def test_exactly_the_characters_that_xml_allows_are_written_unchanged() -> None:
    allowed = [range(0x20, 0xD800), range(0xE000, 0xFFFE), range(0x10000, sys.maxunicode + 1)]  # XML 1.0 §2.2
    allowed_in_xml = {0x9, 0xA, 0xD}.union(*allowed)
    shown = {code for code in range(sys.maxunicode + 1) if escape_text(chr(code)).startswith("\\u{")}
    assert shown == set(range(sys.maxunicode + 1)) - allowed_in_xml


@pytest.mark.parametrize(
    ("char", "in_text", "in_attribute"),
    [
        ("&", "&amp;", "&amp;"),
        ("<", "&lt;", "&lt;"),
        (">", "&gt;", "&gt;"),
        ("\r", "&#13;", "&#13;"),
        ('"', '"', "&quot;"),
        ("\t", "\t", "&#9;"),
        ("\n", "\n", "&#10;"),
        ("\x00", "\\u{0}", "\\u{0}"),
        ("\\u{", "\\u{5c}u{", "\\u{5c}u{"),
        *((char, char, char) for char in " !%';=?[\\]~\x7fé日"),
    ],
)
def test_each_character_has_one_form(char: str, in_text: str, in_attribute: str) -> None:
    element = text_element(0, "a", f"x{char}y", format_attributes({"b": f"x{char}y"}))
    assert element == f'<a b="x{in_attribute}y">x{in_text}y</a>'


def test_a_number_that_is_not_a_code_point_is_kept() -> None:
    assert unescape_text(r"\u{ffffff}") == r"\u{ffffff}"


@settings(deadline=None, max_examples=examples(40))
@given(title=st.text(), name=st.text(min_size=1))
def test_any_title_and_file_name_become_valid_premis(premis_schema: Any, title: str, name: str) -> None:
    description = replace(letter_of_the_bureau(), id=title or None, title=title)
    premis_schema.assertValid(root_of(history_of(description, files=(file_record(name),))))
