"""What the steps of telling a history share: the material, and the ids of every thing in it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from archtool.description.model import Agent, Description
from archtool.files.hashing.file_record import FileRecord
from archtool.operations.sources.folders import FolderRecord
from archtool.provenance.builder import HistoryBuilder
from archtool.provenance.edition import is_publication
from archtool.provenance.ids import readable_id


@dataclass(slots=True)
class HistoryMaterial:
    """The material, and the ids that one step gives and another uses."""

    description: Description
    citation: Mapping[str, Any]
    files: Mapping[str, FileRecord]
    """By name, relative to the payload folder; without those that only belong to a folder."""
    folders: Mapping[str, FolderRecord]
    """What is described as one thing, by name with a `/` at its end."""
    history: HistoryBuilder
    own_ids: dict[str, str] = field(default_factory=dict)
    """The description's ids, and ours."""
    annexe_ids: dict[tuple[int, ...], str] = field(default_factory=dict)
    file_ids: dict[str, str] = field(default_factory=dict)
    """Of files and folders."""
    document: str = "document"
    source: str = "source"
    translation: str | None = None
    package: str = "package"

    def agent(self, agent: Agent) -> str:
        """The id of somebody, who is told of now at the latest."""
        return self.history.agent(agent.name, agent.type, agent.id, note=agent.note)

    def agents(self, agents: Iterable[Agent]) -> list[str]:
        """The same for several."""
        return [self.agent(agent) for agent in agents]

    def known(self, ids: Iterable[str]) -> tuple[str, ...]:
        """Our ids for those of the description, as far as something has them."""
        return tuple(dict.fromkeys(self.own_ids[i] for i in ids if i in self.own_ids))

    def unknown(self, ids: Iterable[str]) -> tuple[str, ...]:
        """What was written where an id may stand, and is none."""
        return tuple(i for i in ids if i not in self.own_ids)


def ids_of(stated: str | None) -> tuple[str, ...]:
    """One id or none, as `known` and `unknown` take them."""
    return (stated,) if stated else ()


def known_files(t: HistoryMaterial, names: Iterable[str]) -> tuple[str, ...]:
    """The ids of these payload files, as far as they are there."""
    return tuple(dict.fromkeys(t.file_ids[name] for name in names if name in t.file_ids))


def give_ids(t: HistoryMaterial) -> None:
    """The description's own ids first, so that none of ours ever takes one of them."""
    for place, annexe in t.description.all_annexes():
        if annexe.id:
            t.annexe_ids[place] = _own_id(t, annexe.id)
    parts = [(part.id, part.file) for part in t.description.transcription]
    parts += [(other.id, other.file) for other in t.description.files]
    for own, file in parts:
        if own and (file in t.files or file in t.folders):
            t.file_ids[file] = t.own_ids[own] = t.file_ids.get(file) or _own_id(t, own)
    source = t.description.source.fields.get("id") or t.description.source.cite
    t.source = _own_id(t, str(source)) if source else _new_source_id(t)
    t.document, t.package = t.history.new_id("document"), t.history.new_id("package")
    if t.description.id:
        t.own_ids.setdefault(t.description.id, t.document)
    _give_ids_to_the_rest(t)


def _new_source_id(t: HistoryMaterial) -> str:
    return t.history.new_id("edition" if is_publication(t.citation) else "source")


def _give_ids_to_the_rest(t: HistoryMaterial) -> None:
    for place, _ in t.description.all_annexes():
        if place not in t.annexe_ids:
            t.annexe_ids[place] = t.history.new_id(_annexe_name(t, place))
    for number, name in enumerate(t.files, 1):
        if name not in t.file_ids:
            t.file_ids[name] = t.history.new_id(f"file-{readable_id(name, str(number))}")
    for number, name in enumerate(t.folders, 1):
        if name not in t.file_ids:
            t.file_ids[name] = t.history.new_id(f"folder-{readable_id(name.rstrip('/'), str(number))}")


def _own_id(t: HistoryMaterial, own: str) -> str:
    given = t.history.new_id(readable_id(own, "id"))
    t.own_ids.setdefault(own, given)
    return given


def _annexe_name(t: HistoryMaterial, place: tuple[int, ...]) -> str:
    if len(place) == 1:
        return f"annexe-{place[0] + 1}"
    return f"{t.annexe_ids[place[:-1]]}-enclosure-{place[-1] + 1}"
