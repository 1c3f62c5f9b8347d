"""Decides which registered attestation vouches for a copy: the newest one if it follows the copy's.

Two copies can be attested apart from each other. Then the newest attestation of the holding is no successor
of the copy's own one, and neither replaces the other.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from archtool.attestations.chain_head import ChainHead
from archtool.attestations.layout import LIST_NAME, ROOT
from archtool.attestations.statements.checksum_list import ListEntry, parse_checksum_list
from archtool.errors import InputError
from archtool.files.hashing.digests import Algorithm, digest_bytes
from archtool.files.paths import shown
from archtool.findings import Finding
from archtool.operations.repair import finding_kinds
from archtool.operations.repair.model import RegisteredFacts
from archtool.operations.repair.places import Place, Places


def choose_head(places: Places, known: RegisteredFacts) -> tuple[RegisteredFacts, list[Finding]]:
    """Return what is registered, with the attestation that vouches, and a finding if it is not the newest."""
    own = ChainHead.parse(known.expected.head) if known.expected.head is not None else None
    newest = known.head
    if own is None or newest is None or own == newest:
        return replace(known, head=newest or own), []
    entries = _find_entries(places, newest)
    if entries is None:
        message = f"no place has the newest attestation of the holding, {newest.attestation}"
        finding = finding_kinds.HEAD_NOT_FOUND.at(message, list_path(newest))
        return replace(known, head=own), [finding]
    if _follows(entries, own):
        return known, []
    own_entries = _find_entries(places, own)
    if own_entries is not None and _follows(own_entries, newest):
        return replace(known, head=own), []
    place = shown(known.expected.place)
    message = (
        f"{place} was attested apart from the other copies: its {own.attestation} is no part of the chain of"
        f" {newest.attestation}"
    )
    return replace(known, head=own), [finding_kinds.HEADS_DISAGREE.at(message, list_path(own))]


def list_path(head: ChainHead) -> str:
    """Return the path of the checksum list of an attestation."""
    return f"{ROOT}{head.attestation}/{LIST_NAME}"


def has_head(place: Place, head: ChainHead) -> bool:
    """Whether a place has an attestation with its registered bytes."""
    data = place.attested.get(list_path(head))
    return data is not None and head.matches(digest_bytes(Algorithm.SHA512, data))


def _find_entries(places: Places, head: ChainHead) -> tuple[ListEntry, ...] | None:
    return next(_lists(places, head), None)


def _lists(places: Places, head: ChainHead) -> Iterator[tuple[ListEntry, ...]]:
    for place in places.all:
        if has_head(place, head):
            try:
                yield parse_checksum_list(place.attested[list_path(head)], list_path(head))
            except InputError:
                continue


def _follows(entries: tuple[ListEntry, ...], head: ChainHead) -> bool:
    return any(entry.path == list_path(head) and head.matches(entry.digest) for entry in entries)
