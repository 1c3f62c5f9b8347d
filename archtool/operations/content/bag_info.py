"""Builds the fields of bag-info.txt: reserved labels, a summary of the description, and own labels.

Source: RFC 8493 §2.2.2.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any

from archtool.description.inventory import summarise_inventory
from archtool.description.model import Creator, Description, RightsLayer, Translation
from archtool.exports.citations.plain import format_plain
from archtool.files.hashing.file_record import FileRecord
from archtool.operations.open_package.package_paths import PROFILE_IDENTIFIER
from archtool.operations.repaired_texts.repaired_text import log_path
from archtool.report.numbers import format_size

Field = tuple[str, str]


def bag_info_fields(
    description: Description,
    citation: Mapping[str, Any],
    payload: Sequence[FileRecord],
    packaged_at: datetime,
    software: str,
    profile: str = PROFILE_IDENTIFIER,
) -> tuple[Field, ...]:
    """Return every field of bag-info.txt, in order; values that the description lacks are omitted."""
    described = dict(reserved_description_fields(description, profile))
    return (
        *_reserved_fields(described, payload, packaged_at, software),
        *description_fields(description, citation),
        *own_fields(description),
    )


def _reserved_fields(
    described: Mapping[str, str], payload: Sequence[FileRecord], packaged_at: datetime, software: str
) -> Iterator[Field]:
    size_bytes = sum(record.size_bytes for record in payload)
    yield from _select(described, "Contact-Name", "Source-Organization")
    yield "Bagging-Date", packaged_at.date().isoformat()
    yield from _select(described, "External-Identifier")
    yield "Bag-Size", format_size(size_bytes)
    yield "Payload-Oxum", f"{size_bytes}.{len(payload)}"
    yield from _select(described, "Bag-Group-Identifier", "BagIt-Profile-Identifier")
    yield "Bag-Software-Agent", software


def _select(fields: Mapping[str, str], *labels: str) -> Iterator[Field]:
    yield from ((label, fields[label]) for label in labels if label in fields)


def reserved_description_fields(
    description: Description, profile: str = PROFILE_IDENTIFIER
) -> Iterator[Field]:
    """Return the fields with reserved labels that depend only on the description and the profile."""
    packager = description.packager
    if packager is not None:
        yield ("Contact-Name" if packager.type == "person" else "Source-Organization"), packager.name
    if description.id is not None:
        yield "External-Identifier", description.id
    if description.collection is not None:
        yield "Bag-Group-Identifier", description.collection
    yield "BagIt-Profile-Identifier", profile


DESCRIBED_LABELS = (
    "Contact-Name", "Source-Organization", "External-Identifier", "Bag-Group-Identifier",
    "BagIt-Profile-Identifier", "Title", "Date", "Creator", "Language", "Original-Language",
    "Source-Citation", "Translation", "Translator", "Translation-Credit", "Transcription-Credit",
    "Transcription-Repair", "Annexe-Inventory", "Rights",
)  # fmt: skip
"""Labels that depend only on the description and the profile; `verify` reports other values under these."""


def description_fields(description: Description, citation: Mapping[str, Any]) -> Iterator[Field]:
    """Return the fields of archtool's own labels, which depend only on the description.

    `verify` builds them again and compares them with bag-info.txt.
    """
    yield "Title", description.title
    if description.date is not None:
        yield "Date", description.date
    for creator in description.creators:
        yield "Creator", _creator_line(creator)
    languages = [description.language, *(part.language for part in description.transcription)]
    for language in dict.fromkeys(filter(None, languages)):
        yield "Language", language
    if description.original is not None and description.original.language is not None:
        yield "Original-Language", description.original.language
    yield "Source-Citation", format_plain(citation)
    if description.translation is not None:
        yield from _translation_lines(description.translation)
    for part in description.transcription:
        if part.credit is not None:
            yield "Transcription-Credit", part.credit
    for part, repair in description.repairs():
        yield (
            "Transcription-Repair",
            f"data/{part.file} from data/{repair.original}, see {log_path(part.file)}",
        )
    yield "Annexe-Inventory", summarise_inventory(description)
    for layer in description.rights:
        yield "Rights", _rights_line(layer)


def own_fields(description: Description) -> Iterator[Field]:
    """Return the fields of the archivist's own labels, in the order of the description."""
    for label, values in description.bag_info.items():
        for value in values:
            yield label, value


def _creator_line(creator: Creator) -> str:
    parts = [creator.role]
    attribution = creator.attribution
    if attribution is not None:
        parts.append(attribution.status)
        parts += [f"{attribution.evidence} evidence"] if attribution.evidence else []
        parts += [f"certainty {attribution.certainty}"] if attribution.certainty else []
    return f"{creator.agent.name} ({', '.join(parts)})"


def _translation_lines(translation: Translation) -> Iterator[Field]:
    origin = f"from {translation.from_language} " if translation.from_language else ""
    first = {True: "; first in that language", False: "; not the first in that language", None: ""}
    yield "Translation", f"{origin}to {translation.to_language}{first[translation.first_in_language]}"
    for translator in translation.translators:
        yield "Translator", translator.name
    if translation.credit is not None:
        yield "Translation-Credit", translation.credit


def _rights_line(layer: RightsLayer) -> str:
    holder = f" (held by {layer.holder})" if layer.holder else ""
    return f"{layer.layer}: {layer.statement}{holder}"
