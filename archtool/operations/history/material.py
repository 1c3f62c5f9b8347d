"""The data that the steps of building a history share: the material, and the id of each item in it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from archtool.description.model import Agent, Description
from archtool.files.hashing.file_record import FileRecord
from archtool.operations.repaired_texts.repaired_text import NO_REPAIRS, RepairedTexts
from archtool.operations.sources.folders import FolderRecord
from archtool.provenance.builder import HistoryBuilder
from archtool.provenance.edition import is_publication
from archtool.provenance.ids import readable_id


@dataclass(slots=True)
class HistoryMaterial:
    """The description and the payload, and the ids that one step assigns and another uses."""

    description: Description
    citation: Mapping[str, Any]
    files: Mapping[str, FileRecord]
    """By name, relative to the payload folder; without files that are declared only by their folder."""
    folders: Mapping[str, FolderRecord]
    """The declared folders, by name with a `/` at its end."""
    builder: HistoryBuilder
    written: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    """The role and a note of each file that archtool wrote into the payload, by name."""
    repairs: RepairedTexts = NO_REPAIRS
    """The repaired texts whose change logs could be read."""
    described_ids: dict[str, str] = field(default_factory=dict)
    """The ids in the history, by the ids that the description uses."""
    annexe_ids: dict[tuple[int, ...], str] = field(default_factory=dict)
    """By place: the numbers of the annexe and of the enclosures, counted from 0."""
    file_ids: dict[str, str] = field(default_factory=dict)
    """Of files and folders, by name."""
    document_id: str = "document"
    source_id: str = "source"
    translation_id: str | None = None
    package_id: str = "package"

    def agent_id(self, agent: Agent) -> str:
        """Return the id of an agent; an agent that is not in the history yet is added."""
        return self.builder.agent(agent.name, agent.type, agent.id, note=agent.note)

    def agent_ids(self, agents: Iterable[Agent]) -> list[str]:
        """Return the ids of agents; agents that are not in the history yet are added."""
        return [self.agent_id(agent) for agent in agents]

    def known_ids(self, ids: Iterable[str]) -> tuple[str, ...]:
        """Return the history's ids for ids of the description; unknown ids are skipped."""
        return tuple(dict.fromkeys(self.described_ids[i] for i in ids if i in self.described_ids))

    def unknown_ids(self, ids: Iterable[str]) -> tuple[str, ...]:
        """Return the values that are words instead of ids of the description."""
        return tuple(i for i in ids if i not in self.described_ids)


def as_tuple(stated: str | None) -> tuple[str, ...]:
    """Return one id or none as a tuple, for `known_ids` and `unknown_ids`."""
    return (stated,) if stated else ()


def known_file_ids(material: HistoryMaterial, names: Iterable[str]) -> tuple[str, ...]:
    """Return the ids of payload files by name; missing files are skipped."""
    return tuple(dict.fromkeys(material.file_ids[name] for name in names if name in material.file_ids))


def assign_ids(material: HistoryMaterial) -> None:
    """Assign an id to every item.

    The description's own ids are assigned first, so that no generated id takes one of them.
    """
    for place, annexe in material.description.all_annexes():
        if annexe.id:
            material.annexe_ids[place] = _described_id(material, annexe.id)
    parts = [(part.id, part.file) for part in material.description.transcription]
    parts += [(other.id, other.file) for other in material.description.files]
    for own, file in parts:
        if own and (file in material.files or file in material.folders):
            material.file_ids[file] = material.described_ids[own] = material.file_ids.get(
                file
            ) or _described_id(material, own)
    source = material.description.source.fields.get("id") or material.description.source.cite
    material.source_id = _described_id(material, str(source)) if source else _new_source_id(material)
    material.document_id, material.package_id = (
        material.builder.new_id("document"),
        material.builder.new_id("package"),
    )
    if material.description.id:
        material.described_ids.setdefault(material.description.id, material.document_id)
    _assign_remaining_ids(material)


def _new_source_id(material: HistoryMaterial) -> str:
    return material.builder.new_id("edition" if is_publication(material.citation) else "source")


def _assign_remaining_ids(material: HistoryMaterial) -> None:
    for place, _ in material.description.all_annexes():
        if place not in material.annexe_ids:
            material.annexe_ids[place] = material.builder.new_id(_annexe_name(material, place))
    for number, name in enumerate(material.files, 1):
        if name not in material.file_ids:
            material.file_ids[name] = material.builder.new_id(f"file-{readable_id(name, str(number))}")
    for number, name in enumerate(material.folders, 1):
        if name not in material.file_ids:
            material.file_ids[name] = material.builder.new_id(
                f"folder-{readable_id(name.rstrip('/'), str(number))}"
            )


def _described_id(material: HistoryMaterial, own: str) -> str:
    new_id = material.builder.new_id(readable_id(own, "id"))
    material.described_ids.setdefault(own, new_id)
    return new_id


def _annexe_name(material: HistoryMaterial, place: tuple[int, ...]) -> str:
    if len(place) == 1:
        return f"annexe-{place[0] + 1}"
    return f"{material.annexe_ids[place[:-1]]}-enclosure-{place[-1] + 1}"
