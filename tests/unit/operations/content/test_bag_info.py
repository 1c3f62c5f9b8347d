"""bag-info.txt summarises the description and contains nothing else."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

from archtool.description.model import (
    Agent,
    Attribution,
    Creator,
    Description,
    Original,
    RightsLayer,
    Source,
    TranscriptionFile,
    Translation,
)
from archtool.files.hashing.file_record import FileRecord
from archtool.operations.content.bag_info import bag_info_fields
from unit.provenance.rakovsky_case import CITATION, appeal

PACKAGED_AT = datetime(2026, 11, 22, 23, 30, tzinfo=UTC)
LETTER = Description("Letter", Source(text="Cahiers."), (TranscriptionFile("letter.txt"),))
WORDS = {"id": "source", "type": "document", "note": "Cahiers.", "custom": {"archtool-verbatim": "Cahiers."}}


def fields(
    description: Description, citation: dict[str, object] = WORDS, size_bytes: int = 5
) -> list[tuple[str, str]]:
    payload = [FileRecord("data/letter.txt", size_bytes, ())]
    return list(bag_info_fields(description, citation, payload, PACKAGED_AT, "archtool 1.0"))


def values(description: Description, label: str) -> list[str]:
    return [value for name, value in fields(description) if name == label]


def test_the_smallest_description_has_only_the_known_fields() -> None:
    assert fields(LETTER) == [
        ("Bagging-Date", "2026-11-22"),
        ("Bag-Size", "5 bytes"),
        ("Payload-Oxum", "5.1"),
        ("BagIt-Profile-Identifier", "urn:archtool:bagit-profile:1"),
        ("Bag-Software-Agent", "archtool 1.0"),
        ("Title", "Letter"),
        ("Source-Citation", "Cahiers."),
        ("Annexe-Inventory", "none described"),
    ]


def test_a_complete_description_has_every_field_in_order() -> None:
    found = fields(appeal(), CITATION)
    labels = [label for label, _ in found]
    assert labels == [
        "Bagging-Date", "External-Identifier", "Bag-Size", "Payload-Oxum", "BagIt-Profile-Identifier",
        "Bag-Software-Agent", "Title", "Date", "Creator", "Creator", "Language", "Original-Language",
        "Source-Citation", "Translation", "Translation-Credit", "Annexe-Inventory", "Rights", "Rights",
    ]  # fmt: skip
    assert ("Creator", "Christian Rakovsky (author, attributed, external evidence, certainty high)") in found
    assert ("Translation", "from ru to fr; first in that language") in found
    assert (
        "Annexe-Inventory",
        "1 annexe with 6 enclosures: 1 reproduced, 4 listed, 1 not-reproduced, 1 this-document",
    ) in found


def test_a_person_is_a_contact_and_any_other_agent_an_organisation() -> None:
    assert values(replace(LETTER, packager=Agent("A", "person")), "Contact-Name") == ["A"]
    assert values(replace(LETTER, packager=Agent("B")), "Source-Organization") == ["B"]


def test_a_collection_is_a_group_of_bags() -> None:
    assert values(replace(LETTER, collection="opposition"), "Bag-Group-Identifier") == ["opposition"]


def test_each_language_is_named_once() -> None:
    parts = (
        TranscriptionFile("a", language="fr"),
        TranscriptionFile("b", language="ru"),
        TranscriptionFile("c"),
    )
    assert values(replace(LETTER, language="fr", transcription=parts), "Language") == ["fr", "ru"]


def test_an_original_whose_language_is_unknown_has_no_line() -> None:
    assert values(replace(LETTER, original=Original(signed=True)), "Original-Language") == []


def test_a_creator_without_an_attribution_has_only_a_role() -> None:
    argued = Creator(Agent("B"), "author", Attribution("disputed"))
    creators = (Creator(Agent("A"), "issuing-body"), argued)
    assert values(replace(LETTER, creators=creators), "Creator") == [
        "A (issuing-body)",
        "B (author, disputed)",
    ]


def test_a_translation_names_its_translators_and_its_credit_line() -> None:
    translation = Translation(
        "fr", credit="Traduction MIA", translators=(Agent("A"), Agent("B")), first_in_language=False
    )
    described = replace(LETTER, translation=translation)
    assert values(described, "Translation") == ["to fr; not the first in that language"]
    assert values(described, "Translator") == ["A", "B"]
    assert values(described, "Translation-Credit") == ["Traduction MIA"]


def test_a_translation_with_few_facts_has_few_fields() -> None:
    described = replace(LETTER, translation=Translation("fr"))
    assert [v for label, v in fields(described) if label.startswith("Transla")] == ["to fr"]


def test_the_credit_of_each_transcription_has_its_line() -> None:
    parts = (TranscriptionFile("a", credit="By A"), TranscriptionFile("b"))
    assert values(replace(LETTER, transcription=parts), "Transcription-Credit") == ["By A"]


def test_rights_are_listed_by_layer_with_their_holder() -> None:
    rights = (RightsLayer("original", "InC", "Heirs"), RightsLayer("package", "CC0-1.0"))
    assert values(replace(LETTER, rights=rights), "Rights") == [
        "original: InC (held by Heirs)",
        "package: CC0-1.0",
    ]
