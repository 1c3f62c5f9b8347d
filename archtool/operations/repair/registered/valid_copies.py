"""Finds the copies of a holding that an audit would find in order: every file is read."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

from archtool.holdings.copy_state import CopyState
from archtool.operations.audit.check_copy import CheckRules, check_copy
from archtool.operations.repair.model import RegisteredFacts, RepairRequest
from archtool.operations.repair.places import Place, Places
from archtool.operations.repair.registered.heads import has_head
from archtool.progress import Progress


def valid_copies(
    places: Places, known: RegisteredFacts, request: RepairRequest, progress: Progress
) -> Iterator[Place]:
    """Yield the copies that are valid and have the registered manifests, those with the newest head first."""
    for place in sorted(places.copies, key=lambda one: known.head is None or not has_head(one, known.head)):
        head = known.head if known.head is not None and has_head(place, known.head) else None
        if is_valid_copy(place.root, replace(known, head=head), request, progress):
            yield place


def is_valid_copy(path: Path, known: RegisteredFacts, request: RepairRequest, progress: Progress) -> bool:
    """Whether a package is valid, has the registered manifests, and the attestation `known.head` if any."""
    rules = CheckRules(request.now, request.trust, concurrency=request.concurrency, limits=request.limits)
    head = str(known.head) if known.head is not None else None
    expected = replace(known.expected, place=str(path), head=head, shelf=None)
    return check_copy(path, expected, rules, progress).state is CopyState.OK
