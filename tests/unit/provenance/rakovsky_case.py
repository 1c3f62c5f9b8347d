"""The appeal of 1932 as a description that uses every feature which a real document needs."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

from archtool.description.model import (
    Agent,
    Annexe,
    AnnexeStatus,
    Attribution,
    Creator,
    CustodyEvent,
    Description,
    Original,
    RightsLayer,
    Source,
    TranscriptionFile,
    Translation,
    Within,
)
from archtool.files.hashing.digests import Algorithm, digest_bytes
from archtool.files.hashing.file_record import FileRecord
from archtool.operations.history.history import Packaging, build_history
from archtool.provenance.model import History

TEXT = "appel-1932.fr.txt"
PACKAGED_AT = datetime(2026, 11, 22, 18, 30, tzinfo=UTC)
VERSION = "0.1.0"
NAME = "rakovsky-1932-appel"
CENTRE = "Centre organisationnel des bolcheviks-léninistes"

CITATION: dict[str, Any] = {
    "id": NAME,
    "type": "chapter",
    "container-title": "Politburo i Lev Trotskiy. 1923-1940 gg.: Sb. dok. v 2 kn. Kn. 1",
    "publisher": "Vědecko vydavatelské centrum « Sociosféra-CZ »",
    "publisher-place": "Prague",
    "issued": {"date-parts": [[2013]]},
    "page": "3-16",
    "language": "ru-Latn",
    "custom": {
        "container-title-translated": "Le Bureau Politique et Léon Trotsky. 1923-1940. "
        "Recueil de documents en 2 tomes. Tome 1."
    },
}


def file_record(name: str, content: bytes = b"text\n") -> FileRecord:
    digests = tuple(digest_bytes(a, content) for a in (Algorithm.SHA512, Algorithm.SHA256))
    return FileRecord(f"data/{name}", len(content), digests)


def enclosures() -> tuple[Annexe, ...]:
    listed = AnnexeStatus.LISTED
    return (
        Annexe(
            "Appel « À tous les bolcheviks-léninistes (oppositionnels) », sur la formation du centre",
            AnnexeStatus.THIS_DOCUMENT,
            number="1",
        ),
        Annexe("« Pensées à voix haute » de Rakovsky", listed, number="2"),
        Annexe("Lettre de Tchervonobrodov à Rakovsky", listed, number="3"),
        Annexe("Lettre de Khotimski à Rakovsky", listed, number="4"),
        Annexe(
            "Réponse (chiffrée) de Rakovsky à Khotimski et Tchervonobrodov",
            AnnexeStatus.NOT_REPRODUCED,
            number="5",
            according_to="source",
        ),
        Annexe("Liste avec les caractéristiques des personnes arrêtées", listed, number="6"),
    )


def letter() -> Annexe:
    return Annexe(
        "Note de Balitsky à Staline sur la liquidation du "
        "« Centre organisationnel des bolcheviks-léninistes »",
        AnnexeStatus.REPRODUCED,
        id="balitsky-letter",
        number="178/c",
        date="1932-11-03",
        creators=(Creator(Agent("V. Balitsky"), "author"),),
        addressees=(Agent("Joseph Staline"),),
        within=Within(TEXT, 206),
        enclosures_stated=6,
        enclosures=enclosures(),
    )


def appeal() -> Description:
    return Description(
        title="À tous les bolcheviks-léninistes (oppositionnels)",
        id=NAME,
        date="1932-04",
        source=Source(fields={k: v for k, v in CITATION.items() if k not in ("id", "custom")}),
        transcription=(
            TranscriptionFile(TEXT, id="text", language="fr", method="text extracted from a PDF"),
        ),
        creators=(
            Creator(
                Agent("Christian Rakovsky"),
                "author",
                Attribution(
                    "attributed",
                    "external",
                    "high",
                    ("balitsky-letter",),
                    note="The text is unsigned; the OGPU letter names its author.",
                ),
            ),
            Creator(Agent(CENTRE), "issuing-body"),
        ),
        original=Original(language="ru", signed=False),
        translation=Translation("fr", "ru", credit="Traduction MIA", first_in_language=True),
        annexes=(letter(),),
        custody=(
            CustodyEvent(
                "transfer",
                "Seized by the OGPU",
                date="../1932-11-03",
                by=Agent("OGPU"),
                evidence=("balitsky-letter",),
            ),
        ),
        rights=(RightsLayer("original", "UND"), RightsLayer("package", "CC0-1.0")),
    )


def appeal_history(**changes: Any) -> History:
    """Return the history of the real case, with the given changes to its description."""
    return history_of(replace(appeal(), **changes))


def history_of(
    description: Description,
    citation: dict[str, Any] | None = None,
    files: tuple[FileRecord, ...] = (file_record(TEXT),),
) -> History:
    return build_history(description, citation or CITATION, files, Packaging(PACKAGED_AT, VERSION, NAME))


def letter_of_the_bureau() -> Description:
    """Return the smallest valid description."""
    return Description(
        title="Letter of the bureau to the sections",
        source=Source(text="Cahiers, no 3 (1979), pp. 12-14."),
        transcription=(TranscriptionFile("letter.txt"),),
    )


WORDS: dict[str, Any] = {
    "id": "letter",
    "type": "document",
    "note": "Cahiers, no 3 (1979), pp. 12-14.",
    "custom": {"archtool-verbatim": "Cahiers, no 3 (1979), pp. 12-14."},
}


def smallest_history() -> History:
    return history_of(letter_of_the_bureau(), WORDS, (file_record("letter.txt"),))
