"""Tells the history of a document from its description: from the original to the package.

Each step adds what the description states and nothing else. Where the description leaves an order open
(was the translation made from this source, or found in it?) the history leaves it open too.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from archtool.description.model import Description
from archtool.files.hashing.file_record import FileRecord
from archtool.operations.history.documents import add_annexes, add_custody, add_original
from archtool.operations.history.editions import add_source, add_translation
from archtool.operations.history.files import add_files
from archtool.operations.history.material import HistoryMaterial, give_ids, known_files
from archtool.operations.sources.folders import FolderRecord, folder_of, record_folders
from archtool.provenance import model as prov
from archtool.provenance.builder import HistoryBuilder
from archtool.provenance.ids import readable_id
from archtool.provenance.model import EntityKind, History, ProvEvent
from archtool.provenance.vocabulary import event_type_uri

if TYPE_CHECKING:
    from archtool.operations.history.adoption import AdoptedBagFacts
    from archtool.operations.history.replacement import ReplacedPackage

_PAYLOAD = "data/"
_SOFTWARE = "archtool"


@dataclass(frozen=True, slots=True)
class Packaging:
    """The last step of the chain."""

    at: datetime
    """Aware."""
    software_version: str
    name: str
    adopted: AdoptedBagFacts | None = None
    """The bag that the payload was taken from, if it was one."""
    replaced: ReplacedPackage | None = None
    """The package that this one replaces, if it is kept."""


def build_history(
    description: Description,
    citation: Mapping[str, Any],
    files: Sequence[FileRecord],
    packaging: Packaging,
) -> History:
    """Tell how the document came into the package, in the order of the chain.

    `citation` is the source as one CSL-JSON item, `files` are the payload files as they were read. The
    signing is not told here: a manifest cannot hold the signature that covers it, so it is an attestation.
    """
    history = HistoryBuilder(description.id or packaging.name)
    telling = HistoryMaterial(description, citation, *_told_of(description, files), history)
    # (1) every thing has its id before another speaks of it
    give_ids(telling)
    # (2) the original, who is held to have made it, and who had it
    add_original(telling)
    add_custody(telling)
    # (3) what the text was taken from, and its translation
    add_source(telling)
    add_translation(telling)
    # (4) the annexes and their enclosures
    add_annexes(telling)
    # (5) the payload files
    add_files(telling)
    # (6) the package, and what may be done with each layer
    _tell_packaging(telling, packaging)
    _tell_rights(telling)
    return history.history()


def _told_of(
    description: Description, files: Sequence[FileRecord]
) -> tuple[dict[str, FileRecord], dict[str, FolderRecord]]:
    """The payload as the description speaks of it: files by their names, and folders."""
    payload = {f.path.removeprefix(_PAYLOAD): f for f in files if f.path.startswith(_PAYLOAD)}
    named, folders = frozenset(description.payload_files()), frozenset(description.payload_folders())
    single = {name: f for name, f in payload.items() if name in named or folder_of(name, folders) is None}
    records = record_folders([f"{_PAYLOAD}{name}" for name in sorted(folders)], payload.values())
    return single, {path.removeprefix(_PAYLOAD): record for path, record in records.items()}


def _tell_packaging(t: HistoryMaterial, packaging: Packaging) -> None:
    d, name = t.description, packaging.name
    facts = {"identifier": d.id, "collection": d.collection, "note": d.note}
    t.history.entity(t.package, EntityKind.PACKAGE, name, facts)
    software = t.history.agent(_SOFTWARE, "software", version=packaging.software_version)
    if packaging.adopted is not None:
        from archtool.operations.history.adoption import add_adoption

        add_adoption(t, packaging.adopted, software, packaging.at)
    agents = [(software, "executing-program")]
    if d.packager:
        agents.append((t.agent(d.packager), "packager"))
    event = t.history.event(
        ProvEvent(
            t.history.new_id("packaging"),
            "packaging",
            f"packaging: {name}",
            event_type_uri("packaging"),
            packaging.at.astimezone(UTC).isoformat(timespec="seconds"),
            generated=(t.package,),
            agents=tuple(agents),
        )
    )
    if packaging.replaced is not None:
        from archtool.operations.history.replacement import record_replacement

        record_replacement(t, packaging.replaced, event)
    for name in (*t.files, *t.folders):
        t.history.belong(t.package, t.file_ids[name])


def _tell_rights(t: HistoryMaterial) -> None:
    for stated in t.description.rights:
        entities = _entities_of_layer(t, stated.layer) or (t.package,)
        rights_id = t.history.new_id(f"rights-{readable_id(stated.layer, 'layer')}")
        t.history.permit(
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


def _entities_of_layer(t: HistoryMaterial, layer: str) -> tuple[str, ...]:
    """What a layer of rights is about; nothing where the package has no such thing."""
    about: tuple[str, ...] = ()
    match layer:
        case "original":
            about = (t.document,)
        case "edition":
            about = (t.source,)
        case "translation":
            about = (t.translation,) if t.translation else ()
        case "transcription":
            about = known_files(t, [part.file for part in t.description.transcription])
        case "annexes":
            about = tuple(t.annexe_ids[place] for place, _ in t.description.all_annexes() if len(place) == 1)
        case "facsimiles":
            about = known_files(t, [f.file for f in t.description.files if f.role == "facsimile"])
    return about
