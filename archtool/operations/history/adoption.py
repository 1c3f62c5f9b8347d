"""Adds to the history the bag that the payload was taken from, who gave it, and its validation.

Who gave it is what its own bag-info.txt states. When it was handed over is not stated there: the bag was
ready on its Bagging-Date, so the date of the transfer is "that day or later".
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import UTC, date, datetime

from archtool.bagit.giver import Giver
from archtool.operations.history.material import HistoryMaterial
from archtool.operations.open_package.package_paths import ADOPTED_FOLDER
from archtool.provenance import model as prov
from archtool.provenance.builder import stated_facts
from archtool.provenance.model import EntityKind, ProvEvent
from archtool.provenance.vocabulary import event_type_uri

TRANSFER = "custody-transfer"
_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_OLD_VERSIONS = ("0.93", "0.94", "0.95")


@dataclass(frozen=True, slots=True)
class AdoptedBagFacts:
    """A bag of another maker whose payload the package contains."""

    name: str
    bagit_version: str
    identifiers: tuple[str, ...]
    evidence: tuple[str, ...]
    """The paths of its tag files in the package."""
    giver: Giver | None = None
    """Who gave it; packages of earlier versions do not state it."""


def add_adoption(
    material: HistoryMaterial, bag: AdoptedBagFacts, software: str, adopted_at: datetime
) -> None:
    """Add the bag, its transfer, its validation, and the derivation of each payload file from it."""
    facts = {
        "identifier": list(bag.identifiers),
        "note": f"BagIt {bag.bagit_version}",
        "kept-in": bag.evidence,
    }
    entity = material.builder.entity(
        material.builder.new_id("adopted-bag"), EntityKind.ADOPTED_BAG, bag.name, facts
    )
    if bag.giver is not None:
        _add_transfer(material, bag, bag.giver, entity)
    event = material.builder.event(
        ProvEvent(
            material.builder.new_id("validation"),
            "validation",
            f"validation: {bag.name}: each payload file is what the bag's manifests say",
            event_type_uri("validation"),
            adopted_at.astimezone(UTC).isoformat(timespec="seconds"),
            used=((entity, None),),
            agents=((software, "executing-program"),),
        )
    )
    for name, file_id in material.file_ids.items():
        if name in material.written:
            continue
        material.builder.derive(prov.Derivation(file_id, entity, "adopted", event))


def _add_transfer(material: HistoryMaterial, bag: AdoptedBagFacts, giver: Giver, entity: str) -> None:
    """Add that the giver handed the bag over to the packager; nothing if the packager made it."""
    packager = material.description.packager
    if packager is not None and giver.names == (packager.name,):
        return
    material.builder.event(
        ProvEvent(
            material.builder.new_id(TRANSFER),
            TRANSFER,
            f"custody transfer: {bag.name}, given by {', '.join(giver.names)}",
            event_type_uri(TRANSFER),
            _transfer_date(giver.bagging_date),
            used=((entity, None),),
            agents=_transfer_agents(material, giver),
            facts=stated_facts(_transfer_facts(bag, giver)),
        )
    )


def _transfer_agents(material: HistoryMaterial, giver: Giver) -> tuple[tuple[str, str], ...]:
    """Return the ids and roles of giver, contact and packager, with the roles of other custody events."""
    contact_role = "contact" if giver.organizations else "performer"
    agents = [(material.builder.agent(name, "organization"), "performer") for name in giver.organizations]
    agents += [(material.builder.agent(name, "person"), contact_role) for name in giver.contacts]
    packager = material.description.packager
    if packager is not None:
        agents.append((material.agent_id(packager), "holder-afterwards"))
    return tuple(agents)


def _transfer_facts(bag: AdoptedBagFacts, giver: Giver) -> dict[str, str | None]:
    info_name = "package-info.txt" if bag.bagit_version in _OLD_VERSIONS else "bag-info.txt"
    return {
        "evidence-in-words": f"{ADOPTED_FOLDER}{info_name}",
        "note": f"Bagging-Date: {giver.bagging_date}" if giver.bagging_date is not None else None,
    }


def _transfer_date(bagging_date: str | None) -> str | None:
    """Return "not before this day" as EDTF; `None` if it is not a day of the calendar."""
    if bagging_date is None or not _DAY.fullmatch(bagging_date):
        return None
    try:
        date.fromisoformat(bagging_date)
    except ValueError:
        return None
    return f"{bagging_date}/.."
