"""Names, sizes and digests of the holdings of a large register: all of them follow from the number."""

from __future__ import annotations

import hashlib
import uuid
from typing import Any

from archtool.holdings.event import EventOutcome

_SERIES = ("accounts", "charters", "councils", "court-rolls", "letters", "maps", "registers")
_FORMATS = ({"fmt/95": 3}, {"fmt/353": 12, "x-fmt/111": 1}, {"fmt/101": 2}, {"fmt/101": 1, "fmt/43": 40})
CHECK_FAULTS = (
    ("changed", 0.0004, EventOutcome.FAILURE),
    ("missing", 0.0002, EventOutcome.FAILURE),
    ("unreadable", 0.0001, EventOutcome.INDETERMINATE),
    ("attestations-cut-off", 0.00005, EventOutcome.FAILURE),
)
"""State, share of the checks, outcome."""


def name_of(number: int) -> str:
    """Return the name of a holding: a hundred of a series arrive together, and one in eight has a UUID.

    A UUID has a random place in every index.
    """
    if number % 8 == 7:
        return str(uuid.UUID(int=number * 0x9E3779B97F4A7C15F39CC0605CEDC835 % 2**128))
    arrival, at = divmod(number, 100)
    return f"{_SERIES[arrival % 7]}-{arrival:05}-{at:02}"


def size_of(number: int) -> int:
    """Return the size of a holding's payload in bytes: 10 kB to 120 MB, many small ones."""
    return 10_000 + (number * 2_654_435_761 % 1000) ** 3 // 8


def ingestion_detail(number: int) -> dict[str, Any]:
    """Return what an ingestion records of a holding, without the place."""
    return {
        "kind": "bag" if number % 10 == 9 else "package",
        "manifests": {"manifest-sha512.txt": f"sha512:{hashlib.sha512(b'%d' % number).hexdigest()}"},
        "head": None if number % 10 == 9 else f"0001-packaging sha512:{number:0128x}",
        "files": 3 + number % 40, "bytes": size_of(number),
        "title": f"Letter of {1400 + number % 500}, no. {number}",
        "formats": _FORMATS[number % 4], "accession": f"2025/{number // 100:05}", "custodian": "City archive",
    }  # fmt: skip


def check_detail(number: int, place: str | None, state: str, depth: str = "full") -> dict[str, Any]:
    """Return what a check records that found a copy of a holding in this state."""
    is_good, size = state == "ok", size_of(number)
    return {
        "place": place,
        "state": state,
        "depth": depth,
        "files": 3 + number % 40,
        "bytes": size if depth == "full" else 0,
        "milliseconds": 20 + size // 500_000,
        "problems": [] if is_good else [_problem(state, number)],
        "problem_count": int(not is_good),
        "verdict": {"bag": "valid" if is_good else "invalid", "content": "valid", "trust": "trusted"},
    }


def _problem(state: str, number: int) -> dict[str, Any]:
    known = {"file": "data/text.txt", "message": f"data/text.txt: {state}"}
    if state != "changed":
        return known | {"code": f"audit.{state}"}
    digests = {"expected": f"sha512:{number:0128x}", "observed": f"sha512:{number + 1:0128x}"}
    return known | {"code": "payload.digest-mismatch"} | digests
