"""Converts what became of a package that was offered to the register to a result."""

from __future__ import annotations

from typing import Any

from archtool.operations.holdings.intake.registration import Registration
from archtool.results import Result

REGISTRATION_SCHEMA = "archtool/registration/1"


def registration_result(done: Registration) -> Result:
    """Return the result of registering one package."""
    facts = done.offer.facts
    known: dict[str, Any] = {"holding": done.name, "place": done.offer.place, "ending": done.ending.value}
    if facts is not None:
        known |= {
            "title": facts.title,
            "kind": facts.kind,
            "place_kind": facts.place_kind.value,
            "payload": {"files": facts.files, "bytes": facts.size_bytes},
            "manifests": dict(facts.manifests),
            "head": facts.head,
        }
    findings = () if done.problem is None else (done.problem,)
    return Result(REGISTRATION_SCHEMA, done.offer.place, findings, {}, known)
