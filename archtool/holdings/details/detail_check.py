"""Checks the types of the members of an event's detail that others read later: another program can write it.

An event that is refused here can be neither appended nor imported, and a check of the register reports it.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from typing import Any

from archtool.errors import InputError
from archtool.files.hashing.digests import Digest
from archtool.holdings.event import Event
from archtool.holdings.event_types import EventType
from archtool.holdings.limits import MAX_CHECK_DAYS, MAX_YEAR, MIN_YEAR
from archtool.holdings.model import PlaceKind
from archtool.holdings.places import MediumPlace

_Detail = Mapping[str, Any]
_SHA512 = re.compile("sha512:[0-9a-f]{128}", re.ASCII)
_QUOTED = 200  # characters of a value, in a message
_RUN_COUNTS = ("checked", "bytes", "seconds", "left", "extra_count", "known_bad")
_PART_COUNTS = ("checked", "bytes", "milliseconds")
_TOTAL_COUNTS = ("holdings", "copies", "bytes", "known_bad", "never_checked", "overdue")


def check_detail(event: Event) -> None:
    """Check the members that have effects, or that a run reads.

    Raises:
        KeyError: a member is missing.
        ValueError, TypeError: a member has a wrong type, or a value that cannot be.
    """
    if not MIN_YEAR <= event.at.year <= MAX_YEAR:
        raise ValueError(f"its time is not between the years {MIN_YEAR} and {MAX_YEAR}")
    check = _CHECKS.get(event.event)
    if check is None:
        return
    try:
        check(event.detail)
    except InputError as error:
        raise ValueError(error.message) from None


def _check_register(detail: _Detail) -> None:
    _check_days(detail["check-every-days"])
    _check_text(detail, "id")
    _check_texts_known(detail, "archive")


def _check_policy(detail: _Detail) -> None:
    if "check-every-days" in detail:
        _check_days(detail["check-every-days"])
    _check_texts_known(detail, "id", "archive")


def _check_days(days: Any) -> None:
    if type(days) is not int or not 1 <= days <= MAX_CHECK_DAYS:
        raise ValueError(f"check-every-days is not a whole number from 1 to {MAX_CHECK_DAYS:,}")


def _check_shelf(detail: _Detail) -> None:
    _check_absolute(detail, "place")


def _check_shelf_move(detail: _Detail) -> None:
    _check_absolute(detail, "from")
    _check_absolute(detail, "to")


def _check_ingestion(detail: _Detail) -> None:
    _check_content(detail)
    _check_place(detail, "place")
    _check_texts_known(detail, "accession", "custodian")


def _check_content(detail: _Detail) -> None:
    for name in ("files", "bytes"):
        if detail[name] is not None:
            _check_count(detail, name)
    _check_digests(detail, "manifests")
    _check_tag_manifests(detail)
    if detail.get("formats") is not None:
        _check_counts(detail, "formats")
    _check_texts_known(detail, "title", "head")


def _check_tag_manifests(detail: _Detail) -> None:
    if detail.get("tag_manifests") is not None:
        _check_digests(detail, "tag_manifests")


def _check_digests(detail: _Detail, name: str) -> None:
    manifests = detail[name]
    if not isinstance(manifests, dict) or not manifests:
        raise ValueError(f"{name} is not an object of digests by the names of the manifests")
    for file, digest in manifests.items():
        if not isinstance(digest, str):
            raise TypeError(f"the digest of {file[:_QUOTED]} is not a text")
        if not _SHA512.fullmatch(digest):  # as archtool writes it: parsing takes ten times as long
            Digest.parse(digest[:_QUOTED])


def _check_copy(detail: _Detail) -> None:
    _check_place(detail, "place")
    _check_tag_manifests(detail)
    _check_texts_known(detail, "head")


def _check_relocation(detail: _Detail) -> None:
    _check_place(detail, "to")


def _check_transfer(detail: _Detail) -> None:
    _check_text(detail, "to")


def _check_attestation(detail: _Detail) -> None:
    _check_text(detail, "place")
    _check_text(detail, "head")


def _check_result(detail: _Detail) -> None:
    """Check the result of a check: there are more of them than of all other events together."""
    size, head = detail["bytes"], detail.get("head", "")
    if type(size) is not int or size < 0:
        raise ValueError("bytes is not a whole number from 0")
    if type(head) is not str:
        raise ValueError("head is not a text")
    _check_tag_manifests(detail)


def _check_begin(detail: _Detail) -> None:
    _check_text(detail, "depth")
    _check_count(detail, "due")
    selection = detail["selection"]
    if not isinstance(selection, dict):
        raise TypeError("selection is not an object")
    if selection.get("seed") is not None:
        _check_count(selection, "seed")


def _check_end(detail: _Detail) -> None:
    _check_known_counts(detail, _RUN_COUNTS)
    if "counts" in detail:
        _check_counts(detail, "counts")
    for name, counts in (("part", _PART_COUNTS), ("totals", _TOTAL_COUNTS)):
        value = detail.get(name, {})
        if not isinstance(value, dict):
            raise TypeError(f"{name} is not an object")
        _check_known_counts(value, counts)
    for name in ("extra", "wrong"):
        value = detail.get(name, [])
        if not isinstance(value, list) or not all(isinstance(item, str) for item in value):
            raise ValueError(f"{name} is not a list of texts")
    _check_texts_known(detail, "stopped")


def _check_known_counts(detail: _Detail, names: tuple[str, ...]) -> None:
    for name in names:
        if name in detail:
            _check_count(detail, name)


def _check_count(detail: _Detail, name: str) -> None:
    value = detail[name]
    if type(value) is not int or value < 0:
        raise ValueError(f"{name[:_QUOTED]} is not a whole number from 0")


def _check_counts(detail: _Detail, name: str) -> None:
    value = detail[name]
    if not isinstance(value, dict):
        raise TypeError(f"{name} is not an object of numbers")
    for key in value:
        _check_count(value, key)


def _check_text(detail: _Detail, name: str) -> None:
    if not isinstance(detail[name], str):
        raise TypeError(f"{name} is not a text")


def _check_texts_known(detail: _Detail, *names: str) -> None:
    for name in names:
        if detail.get(name) is not None:
            _check_text(detail, name)


def _check_absolute(detail: _Detail, name: str) -> None:
    _check_text(detail, name)
    if not detail[name].startswith("/") or "\0" in detail[name]:
        raise ValueError(f"{name} is not an absolute path: {detail[name][:_QUOTED]!r}")


def _check_place(detail: _Detail, name: str) -> None:
    if detail["place_kind"] != PlaceKind.MEDIUM:
        PlaceKind(detail["place_kind"])
        _check_absolute(detail, name)
        return
    _check_text(detail, name)
    label, _, path = detail[name].partition(":")
    if "\0" in path or str(MediumPlace.parse(label, path)) != detail[name]:
        raise ValueError(f"{name} is not a place on a medium, LABEL:path: {detail[name][:_QUOTED]!r}")


_CHECKS: Mapping[str, Callable[[_Detail], None]] = {
    EventType.REGISTER: _check_register,
    EventType.POLICY: _check_policy,
    EventType.SHELF: _check_shelf,
    EventType.SHELF_REMOVED: _check_shelf,
    EventType.SHELF_MOVED: _check_shelf_move,
    EventType.INGESTION: _check_ingestion,
    EventType.MIGRATION: _check_content,
    EventType.REPLICATION: _check_copy,
    EventType.RELOCATION: _check_relocation,
    EventType.CUSTODY_TRANSFER: _check_transfer,
    EventType.ATTESTATION: _check_attestation,
    EventType.FIXITY_CHECK: _check_result,
    EventType.VALIDATION: _check_result,
    EventType.AUDIT_BEGUN: _check_begin,
    EventType.AUDIT_ENDED: _check_end,
}
"""The function that checks the detail, by event; the detail of others has no effect."""
