"""The history built from a description: complete, in order, and with nothing else."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta, timezone
from typing import Any

import pytest

from archtool.description.model import (
    Agent,
    Annexe,
    AnnexeStatus,
    Attribution,
    Creator,
    CustodyEvent,
    Original,
    OtherFile,
    RightsLayer,
    Source,
    TranscriptionFile,
    Translation,
)
from archtool.files.hashing.file_record import FileRecord
from archtool.operations.history.history import Packaging, build_history
from archtool.provenance.model import Derivation, EntityKind, History, ProvEntity, ProvEvent
from unit.provenance.rakovsky_case import (
    CITATION,
    NAME,
    TEXT,
    VERSION,
    WORDS,
    appeal,
    appeal_history,
    file_record,
    history_of,
    letter,
    letter_of_the_bureau,
    smallest_history,
)

MANUSCRIPT: dict[str, Any] = {
    "id": "source",
    "type": "manuscript",
    "archive": "State archive",
    "issued": {"date-parts": [[1932]]},
}


def entity(history: History, entity_id: str) -> ProvEntity:
    return next(e for e in history.entities if e.id == entity_id)


def event(history: History, event_id: str) -> ProvEvent:
    return next(e for e in history.events if e.id == event_id)


def sources_of(history: History, entity_id: str) -> list[str]:
    return [d.source for d in history.derivations if d.entity == entity_id]


def all_ids(history: History) -> list[str]:
    things = (*history.entities, *history.events, *history.agents, *history.rights)
    return [thing.id for thing in things]


def test_the_chain_of_the_real_case_leads_from_the_package_to_the_original() -> None:
    history = appeal_history()
    assert [m.member for m in history.memberships if m.collection == "package"] == ["text"]
    assert sources_of(history, "text") == ["translation", "balitsky-letter"]
    assert sources_of(history, "translation") == ["edition"]
    assert sources_of(history, "edition") == ["document"]


def test_an_attribution_is_a_claim_with_its_basis_and_a_stated_creator_is_not() -> None:
    author, body, _ = appeal_history().attributions
    assert (author.status, author.evidence, author.certainty) == ("attributed", "external", "high")
    assert author.basis == ("balitsky-letter",)
    assert author.note == "The text is unsigned; the OGPU letter names its author."
    assert (body.status, body.claim, body.basis) == ("stated", None, ())
    assert sources_of(appeal_history(), "attribution") == ["balitsky-letter"]


def test_six_enclosures_belong_to_the_letter_and_the_first_is_the_document_itself() -> None:
    history = appeal_history()
    enclosures = [m.member for m in history.memberships if m.collection == "balitsky-letter"]
    assert enclosures == [f"balitsky-letter-enclosure-{n}" for n in range(1, 7)]
    [special] = history.specialisations
    assert (special.entity, special.general) == ("balitsky-letter-enclosure-1", "document")
    assert entity(history, "balitsky-letter-enclosure-5").facts["status"] == "not-reproduced"
    assert entity(history, "balitsky-letter").facts["enclosures-stated"] == "6"


def test_a_credit_line_alone_adds_no_translator() -> None:
    translating = event(appeal_history(), "translating")
    assert translating.agents == ()
    assert translating.facts == {"credit": "Traduction MIA"}
    assert "MIA" not in [agent.name for agent in appeal_history().agents]


def test_named_translators_are_agents() -> None:
    translation = Translation("fr", "ru", translators=(Agent("Jo"),), date="1990", note="n")
    history = appeal_history(translation=translation)
    assert event(history, "translating").agents == (("agent-Jo", "translator"),)
    assert event(history, "translating").date == "1990"


def test_a_custody_event_has_its_open_date_and_its_evidence() -> None:
    seizure = event(appeal_history(), "custody-transfer")
    assert (seizure.label, seizure.date) == ("Seized by the OGPU", "../1932-11-03")
    assert seizure.facts == {"evidence": "balitsky-letter"}
    assert seizure.used == (("document", None),)
    assert seizure.agents == (("agent-OGPU", "performer"),)


def test_custody_keeps_place_receiver_note_and_evidence_in_words() -> None:
    custody_event = CustodyEvent(
        "gift", "Given", by=Agent("A"), to=Agent("B"), place="Paris", evidence=("a letter",), note="n"
    )
    gift = event(appeal_history(custody=(custody_event,)), "custody-gift")
    assert gift.agents == (("agent-A", "performer"), ("agent-B", "holder-afterwards"))
    assert gift.facts == {"place": "Paris", "evidence-in-words": "a letter", "note": "n"}
    assert gift.type_uri is None


def test_the_smallest_description_adds_only_what_it_states() -> None:
    history = smallest_history()
    assert [e.id for e in history.entities] == ["document", "source", "file-letter.txt", "package"]
    assert [e.id for e in history.events] == ["packaging"]
    assert [a.name for a in history.agents] == ["archtool"]
    assert history.attributions == history.rights == ()
    assert entity(history, "document").facts == {"title": "Letter of the bureau to the sections"}
    assert history.package_id == NAME


def test_the_packaging_is_in_utc_with_program_and_packager() -> None:
    at = datetime(2026, 11, 22, 20, 30, 0, 123456, tzinfo=timezone(timedelta(hours=2)))
    description = replace(appeal(), packager=Agent("The archive", "organization"))
    history = build_history(description, CITATION, [file_record(TEXT)], Packaging(at, VERSION, NAME))
    packaging = event(history, "packaging")
    assert packaging.date == "2026-11-22T18:30:00+00:00"
    assert packaging.agents == (
        ("agent-archtool", "executing-program"),
        ("agent-The-archive", "packager"),
    )
    assert packaging.generated == ("package",)
    assert datetime.fromisoformat(packaging.date or "").tzinfo == UTC


def test_tag_files_are_not_part_of_the_history() -> None:
    files = (file_record(TEXT), FileRecord("bag-info.txt", 1, ()))
    kinds = [e.kind for e in history_of(appeal(), files=files).entities]
    assert kinds.count(EntityKind.FILE) == 1


def test_two_annexes_of_the_same_title_do_not_become_one() -> None:
    annexes = (Annexe("Letter", AnnexeStatus.LISTED), Annexe("Letter", AnnexeStatus.LOST))
    history = appeal_history(annexes=annexes, creators=())
    assert [entity(history, f"annexe-{n}").facts["status"] for n in (1, 2)] == ["listed", "lost"]


def test_a_generated_id_never_takes_an_id_of_the_description() -> None:
    annexes = tuple(
        Annexe("x", AnnexeStatus.LISTED, id=own, date="1932")
        for own in ("document", "package", "annexe-2", "packaging", "document", "attribution", "1 é")
    )
    unnamed = Annexe("y", AnnexeStatus.LISTED)
    history = appeal_history(annexes=(annexes[0], unnamed, *annexes[1:]), custody=(), creators=())
    ids = all_ids(history)
    assert len(set(ids)) == len(ids)
    assert entity(history, "document").kind is EntityKind.ANNEXE
    assert entity(history, "document-3").kind is EntityKind.ORIGINAL
    assert entity(history, "annexe-2").label == "x"
    assert entity(history, "id-1-e").kind is EntityKind.ANNEXE


def test_enclosures_nest_to_any_depth() -> None:
    annexe = Annexe("bottom", AnnexeStatus.LISTED)
    for depth in range(40):
        annexe = Annexe(f"level {depth}", AnnexeStatus.LISTED, enclosures=(annexe,))
    history = appeal_history(annexes=(annexe,), creators=(), custody=())
    deepest = "annexe-1" + "-enclosure-1" * 40
    assert entity(history, deepest).kind is EntityKind.ENCLOSURE
    assert entity(history, deepest).label == "bottom"


def test_an_annexe_with_a_separate_file_is_the_source_of_that_file() -> None:
    annexe = replace(letter(), file="annexe.txt", within=None, according_to="text", language="fr")
    history = history_of(
        replace(appeal(), annexes=(annexe,)), files=(file_record(TEXT), file_record("annexe.txt"))
    )
    assert sources_of(history, "file-annexe.txt") == ["balitsky-letter"]
    facts = entity(history, "balitsky-letter").facts
    assert (facts["according-to-record"], facts["language"]) == ("text", "fr")


def test_a_missing_file_is_not_mentioned() -> None:
    annexe = replace(letter(), file="lost.txt")
    other = OtherFile("gone.png", "facsimile", id="gone", of="text")
    history = history_of(replace(appeal(), annexes=(annexe,), files=(other,)), files=())
    assert [e.kind for e in history.entities].count(EntityKind.FILE) == 0
    assert all(d.kind in ("evidence", "publication", "translation") for d in history.derivations)


def test_the_authority_for_the_status_of_an_annexe_is_kept() -> None:
    annexe = Annexe("x", AnnexeStatus.LOST, according_to="the editors")
    history = appeal_history(annexes=(annexe,))
    assert entity(history, "annexe-1").facts["according-to"] == "the editors"


@pytest.mark.parametrize(
    ("source_language", "translation", "file_sources", "translation_source", "edition_source"),
    [
        ("ru-Latn", Translation("fr", "ru"), ["translation"], "edition", "document"),
        ("fr", Translation("fr", "ru"), ["edition"], "document", "translation"),
        ("de", Translation("fr", "ru"), ["translation", "edition"], "document", "document"),
        (None, Translation("fr", "ru"), ["translation", "edition"], "document", "document"),
        ("ru", Translation("fr"), ["translation"], "edition", "document"),
        ("ru", Translation("ru", "ru-Latn"), ["translation", "edition"], "document", "document"),
    ],
)
def test_the_order_of_source_and_translation_follows_only_from_their_languages(
    source_language: str | None,
    translation: Translation,
    file_sources: list[str],
    translation_source: str,
    edition_source: str,
) -> None:
    citation = {key: value for key, value in CITATION.items() if key != "language"}
    citation |= {"language": source_language} if source_language else {}
    language = translation.to_language
    part = TranscriptionFile(TEXT, id="text", language=language)
    description = replace(appeal(), translation=translation, annexes=(), transcription=(part,))
    history = history_of(description, citation)
    assert sources_of(history, "text") == file_sources
    assert sources_of(history, "translation") == [translation_source]
    assert sources_of(history, "edition") == [edition_source]


def test_without_the_original_language_the_order_is_unknown() -> None:
    history = appeal_history(translation=Translation("fr"), original=None, annexes=())
    assert sources_of(history, "text") == ["translation", "edition"]


def test_a_transcription_in_another_language_than_the_translation_is_not_made_from_it() -> None:
    parts = (
        TranscriptionFile(TEXT, id="text", language="fr"),
        TranscriptionFile("ru.txt", id="russian", language="ru"),
    )
    history = history_of(
        replace(appeal(), transcription=parts, annexes=()), files=(file_record(TEXT), file_record("ru.txt"))
    )
    assert sources_of(history, "russian") == ["edition"]


def test_a_manuscript_is_a_form_of_the_document_and_was_never_published() -> None:
    history = history_of(replace(appeal(), annexes=(), translation=None), MANUSCRIPT)
    assert entity(history, "source").kind is EntityKind.SOURCE
    assert [(s.entity, s.general) for s in history.specialisations] == [("source", "document")]
    assert "publication" not in [e.kind for e in history.events]


def test_a_manuscript_that_contains_the_translation_is_a_form_of_it() -> None:
    history = history_of(replace(appeal(), annexes=()), MANUSCRIPT | {"language": "fr"})
    assert [(s.entity, s.general) for s in history.specialisations] == [("source", "translation")]


@pytest.mark.parametrize("source", [Source(cite="balitsky2013"), Source(fields={"id": "balitsky2013"})])
def test_the_key_of_the_source_is_its_id(source: Source) -> None:
    author = Creator(Agent("X"), "author", Attribution("attributed", basis=("balitsky2013",)))
    history = appeal_history(source=source, creators=(author,))
    assert entity(history, "balitsky2013").kind is EntityKind.EDITION
    assert history.attributions[0].basis == ("balitsky2013",)


def test_a_publication_without_a_publisher_has_no_agent() -> None:
    citation = {key: value for key, value in CITATION.items() if key != "publisher"}
    assert event(history_of(appeal(), citation), "publication").agents == ()


def test_the_making_of_a_transcription_is_added_if_anything_is_stated() -> None:
    part = TranscriptionFile(
        TEXT, title="T", credit="typed by Jo", transcribers=(Agent("Jo"),), date="2001", encoding="utf-8"
    )
    history = appeal_history(transcription=(part,), annexes=(), creators=(), custody=(), language="fr")
    making = event(history, f"making-of-file-{TEXT}")
    assert making.agents == (("agent-Jo", "transcriber"),)
    assert (making.date, making.facts) == ("2001", {"credit": "typed by Jo"})
    facts = entity(history, f"file-{TEXT}").facts
    assert (facts["language"], facts["title"], facts["encoding"]) == ("fr", "T", "utf-8")


def test_origins_and_subjects_of_files_can_be_ids_names_or_words() -> None:
    others = (
        OtherFile("fixed.txt", "derived", id="fixed", derived_from=TEXT, method="repaired", date="2020"),
        OtherFile("page.html", "derived", derived_from="fixed"),
        OtherFile("scan.png", "facsimile", of="a page", note="n"),
        OtherFile("ok.pdf", "permission", of="balitsky-letter", title="Permission", language="en"),
        OtherFile("x.txt", "supplement", of="somebody", derived_from="something"),
    )
    names = (TEXT, *(other.file for other in others), "unheard-of.bin")
    description = replace(appeal(), files=others)
    history = history_of(description, files=tuple(file_record(name) for name in names))
    assert Derivation("fixed", "text", "derived", "making-of-fixed") in history.derivations
    assert event(history, "making-of-fixed").facts == {"method": "repaired"}
    assert sources_of(history, "file-page.html") == ["fixed"]
    assert entity(history, "file-scan.png").facts["of-in-words"] == "a page"
    assert entity(history, "file-ok.pdf").facts["of"] == "balitsky-letter"
    assert entity(history, "file-x.txt").facts["derived-from-in-words"] == "something"
    assert "role" not in entity(history, "file-unheard-of.bin").facts


def test_files_named_in_another_script_have_numbered_ids() -> None:
    files = (file_record("один"), file_record("два"))
    history = history_of(letter_of_the_bureau(), WORDS, files)
    assert [e.id for e in history.entities if e.kind is EntityKind.FILE] == ["file-1", "file-2"]


def test_a_rejected_author_alone_adds_no_creation() -> None:
    rejected = Creator(Agent("X"), "author", Attribution("rejected", by=Agent("Editor")))
    description = replace(letter_of_the_bureau(), creators=(rejected,))
    history = history_of(description, WORDS, ())
    assert [e.kind for e in history.events] == ["packaging"]
    by, claim = history.attributions
    assert (by.entity, by.role, claim.is_rejected) == ("attribution", "attributor", True)


def test_every_statement_about_the_original_is_in_the_history() -> None:
    original = Original("ru", True, "typescript", Agent("The state archive"), "f. 17", "a note")
    description = replace(
        letter_of_the_bureau(),
        original=original,
        genre="appeal",
        title_status="supplied",
        abstract="about",
        place="Moscow",
        addressees=(Agent("All"),),
        id="x",
        collection="Letters",
        note="of the package",
    )
    history = history_of(description, WORDS, ())
    assert entity(history, "document").facts == {
        "title": "Letter of the bureau to the sections",
        "title-status": "supplied",
        "genre": "appeal",
        "place": "Moscow",
        "abstract": "about",
        "addressee": "agent-All",
        "language": "ru",
        "signed": "true",
        "medium": "typescript",
        "held-by": "agent-The-state-archive",
        "shelfmark": "f. 17",
        "note": "a note",
    }
    assert event(history, "creation").facts == {"place": "Moscow"}
    assert entity(history, "package").facts == {
        "identifier": "x",
        "collection": "Letters",
        "note": "of the package",
    }


def test_each_layer_of_rights_has_its_own_entities() -> None:
    layers = ("original", "edition", "translation", "transcription", "annexes", "facsimiles", "package")
    scan = OtherFile("scan.png", "facsimile", id="scan")
    description = replace(appeal(), files=(scan,), rights=tuple(RightsLayer(name, "UND") for name in layers))
    history = history_of(description, files=(file_record(TEXT), file_record("scan.png")))
    assert {r.layer: r.entities for r in history.rights} == {
        "original": ("document",),
        "edition": ("edition",),
        "translation": ("translation",),
        "transcription": ("text",),
        "annexes": ("balitsky-letter",),
        "facsimiles": ("scan",),
        "package": ("package",),
    }


def test_rights_in_a_missing_layer_belong_to_the_package() -> None:
    layers = ("translation", "facsimiles", "annexes")
    description = replace(letter_of_the_bureau(), rights=tuple(RightsLayer(n, "UND") for n in layers))
    assert {r.entities for r in history_of(description, WORDS, ()).rights} == {("package",)}


def test_ids_are_unique_and_every_reference_exists() -> None:
    history = appeal_history()
    ids = all_ids(history)
    assert len(set(ids)) == len(ids)
    spoken = {d.source for d in history.derivations} | {d.entity for d in history.derivations}
    spoken |= {a.agent for a in history.attributions} | {a.entity for a in history.attributions}
    spoken |= {m.member for m in history.memberships} | {m.collection for m in history.memberships}
    spoken |= {agent for e in history.events for agent, _ in e.agents}
    assert spoken <= set(ids)
