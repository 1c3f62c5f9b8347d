"""Builds the history of a document from its description: from the original to the package.

Each step adds what the description states and nothing else. If the description does not state an order (was
the translation made from this source, or found in it?), the history does not either.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from archtool.description.model import Description
from archtool.files.hashing.file_record import FileRecord
from archtool.operations.history.adoption import AdoptedBagFacts, add_adoption
from archtool.operations.history.documents import add_annexes, add_custody, add_original
from archtool.operations.history.editions import add_source, add_translation
from archtool.operations.history.files import add_files, written_files
from archtool.operations.history.formats import FormatFacts
from archtool.operations.history.material import HistoryMaterial, assign_ids, known_file_ids
from archtool.operations.history.replacement import ReplacedPackage, add_replacement
from archtool.operations.repaired_texts.repaired_text import NO_REPAIRS, RepairedTexts
from archtool.operations.sources.folders import FolderRecord, folder_of, record_folders
from archtool.provenance import model as prov
from archtool.provenance.builder import HistoryBuilder
from archtool.provenance.ids import readable_id
from archtool.provenance.model import EntityKind, History, ProvEvent
from archtool.provenance.vocabulary import event_type_uri

_PAYLOAD = "data/"
_SOFTWARE = "archtool"
_TIMES_NOTE = (
    "metadata/file-times.txt has the modification time of each payload file as the file system of the "
    "sources stated it when the file was read; it can be the time of a copy or a download, and was not "
    "checked"
)


@dataclass(frozen=True, slots=True)
class Packaging:
    """The last step of the history: the making of the package."""

    at: datetime
    """With a time zone."""
    software_version: str
    name: str
    adopted: AdoptedBagFacts | None = None
    """The bag that the payload was taken from, if there was one."""
    replaced: ReplacedPackage | None = None
    """The package that this one replaces, if it is kept."""
    formats: FormatFacts = field(default_factory=dict)
    """The formats of the payload files, as far as they are known from more than their names."""
    keeps_times: bool = False
    """Whether the times that the payload files arrived with are recorded."""
    placeholders: tuple[str, ...] = ()
    """The payload files that only keep empty folders, by name."""
    has_crate: bool = False
    """Whether the payload has RO-Crate metadata that archtool wrote."""
    profile: str | None = None
    """The BagIt profile that the package was made for, if it is not archtool's own."""
    repairs: RepairedTexts = NO_REPAIRS
    """The repaired texts, with their change logs."""


def build_history(
    description: Description,
    citation: Mapping[str, Any],
    files: Sequence[FileRecord],
    packaging: Packaging,
) -> History:
    """Build the history of how the document came into the package, in chronological order.

    `citation` is the source as one CSL-JSON item, `files` are the records of the payload files. The history
    does not mention the signing, because the signature covers it; signing is an attestation.
    """
    builder = HistoryBuilder(description.id or packaging.name)
    written = written_files(packaging.placeholders, has_crate=packaging.has_crate)
    divided = _divide_payload(description, files, written)
    material = HistoryMaterial(description, citation, *divided, builder, written, packaging.repairs)
    # (1) assign all ids, so that each step can refer to any item
    assign_ids(material)
    # (2) the original, its creators and its custody
    add_original(material)
    add_custody(material)
    # (3) the source that the text was copied from, and its translation
    add_source(material)
    add_translation(material)
    # (4) the annexes and their enclosures
    add_annexes(material)
    # (5) the payload files
    add_files(material, packaging.formats)
    # (6) the package, and the rights in each layer
    _add_packaging(material, packaging)
    _add_rights(material)
    return builder.history()


def _divide_payload(
    description: Description, files: Sequence[FileRecord], written: Collection[str]
) -> tuple[dict[str, FileRecord], dict[str, FolderRecord]]:
    """Return the payload as the description declares it: files by name, and folders."""
    payload = {f.path.removeprefix(_PAYLOAD): f for f in files if f.path.startswith(_PAYLOAD)}
    named, folders = frozenset(description.payload_files()), frozenset(description.payload_folders())
    named |= frozenset(written)
    single = {name: f for name, f in payload.items() if name in named or folder_of(name, folders) is None}
    records = record_folders([f"{_PAYLOAD}{name}" for name in sorted(folders)], payload.values())
    return single, {path.removeprefix(_PAYLOAD): record for path, record in records.items()}


def _add_packaging(material: HistoryMaterial, packaging: Packaging) -> None:
    description, name = material.description, packaging.name
    facts = {"identifier": description.id, "collection": description.collection, "note": description.note}
    facts |= {"conforms-to": packaging.profile} if packaging.profile is not None else {}
    material.builder.entity(material.package_id, EntityKind.PACKAGE, name, facts)
    software = material.builder.agent(_SOFTWARE, "software", version=packaging.software_version)
    if packaging.adopted is not None:
        add_adoption(material, packaging.adopted, software, packaging.at)
    agents = [(software, "executing-program")]
    if description.packager:
        agents.append((material.agent_id(description.packager), "packager"))
    event = material.builder.event(
        ProvEvent(
            material.builder.new_id("packaging"),
            "packaging",
            f"packaging: {name}",
            event_type_uri("packaging"),
            packaging.at.astimezone(UTC).isoformat(timespec="seconds"),
            generated=(material.package_id,),
            agents=tuple(agents),
            facts={"note": _TIMES_NOTE} if packaging.keeps_times else {},
        )
    )
    if packaging.replaced is not None:
        add_replacement(material, packaging.replaced, event)
    for name in (*material.files, *material.folders):
        material.builder.add_member(material.package_id, material.file_ids[name])


def _add_rights(material: HistoryMaterial) -> None:
    for stated in material.description.rights:
        entities = _entities_of_layer(material, stated.layer) or (material.package_id,)
        rights_id = material.builder.new_id(f"rights-{readable_id(stated.layer, 'layer')}")
        material.builder.add_rights(
            prov.Rights(
                rights_id,
                stated.layer,
                stated.statement,
                entities,
                stated.holder,
                stated.credit,
                stated.note,
            )
        )


def _entities_of_layer(material: HistoryMaterial, layer: str) -> tuple[str, ...]:
    """Return the entities of a layer of rights; none if the package has no such layer."""
    entities: tuple[str, ...] = ()
    match layer:
        case "original":
            entities = (material.document_id,)
        case "edition":
            entities = (material.source_id,)
        case "translation":
            entities = (material.translation_id,) if material.translation_id else ()
        case "transcription":
            parts = material.description.transcription
            originals = (part.repair.original for part in parts if part.repair is not None)
            entities = known_file_ids(material, (*(part.file for part in parts), *originals))
        case "annexes":
            entities = tuple(
                material.annexe_ids[place]
                for place, _ in material.description.all_annexes()
                if len(place) == 1
            )
        case "facsimiles":
            entities = known_file_ids(
                material, [f.file for f in material.description.files if f.role == "facsimile"]
            )
    return entities
