"""Checks the inventory's claims about ranges of lines while their files are read for their digests.

The inventory is untrusted here: a value that does not have the form of a claim is left to the schema check.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from archtool.errors import InputError
from archtool.files.hashing.digests import Digest
from archtool.files.paths import shown
from archtool.findings import Finding
from archtool.operations import finding_kinds
from archtool.operations.content.metadata import Metadata
from archtool.operations.limits import MAX_CLAIMS
from archtool.operations.open_package.package_paths import INVENTORY_PATH
from archtool.report.numbers import counted
from archtool.text.line_spans import SpanSink


@dataclass(frozen=True, slots=True)
class LineClaim:
    """One range of lines as the inventory states it."""

    path: str
    from_line: int
    to_line: int
    offset_bytes: int
    size_bytes: int
    digest: Digest


class LineClaimChecks:
    """The claims of one package, and the sinks that check them."""

    def __init__(self, claims: Sequence[LineClaim]) -> None:
        self._checks: dict[str, list[tuple[LineClaim, SpanSink]]] = {}
        for claim in claims[:MAX_CLAIMS]:
            sink = SpanSink(claim.from_line, claim.to_line, claim.digest.algorithm)
            self._checks.setdefault(claim.path, []).append((claim, sink))
        self._unchecked_count = len(claims) - MAX_CLAIMS
        self._started: set[str] = set()

    @property
    def paths(self) -> Collection[str]:
        """The files for which the inventory claims ranges of lines."""
        return self._checks.keys()

    def observes(self, path: str) -> bool:
        """Return whether the inventory claims ranges of lines in this file."""
        return path in self._checks

    def sinks(self, path: str) -> Sequence[SpanSink]:
        """Return the sinks for the bytes of this file; only for the first read of it."""
        if path not in self._checks or path in self._started:
            return ()
        self._started.add(path)
        return [sink for _, sink in self._checks[path]]

    def findings(self, unchanged: frozenset[str]) -> Iterator[Finding]:
        """Report false claims about files that match their manifest; a damaged file has its own finding."""
        for path in sorted(self._checks.keys() & self._started & unchanged):
            for claim, sink in self._checks[path]:
                if not _is_true(claim, sink):
                    message = (
                        f"lines {claim.from_line} to {claim.to_line} of {shown(path)} differ from "
                        "the size, offset or digest that the inventory states"
                    )
                    yield finding_kinds.LINES_DIFFER.at(message, INVENTORY_PATH)
        if self._unchecked_count > 0:
            ranges = counted(self._unchecked_count, "range")
            message = f"{ranges} of lines after the first {MAX_CLAIMS:,}"
            yield finding_kinds.LINES_NOT_CHECKED.at(message, INVENTORY_PATH)


def _is_true(claim: LineClaim, sink: SpanSink) -> bool:
    span = sink.span()
    if span is None:
        return False
    place = (span.offset_bytes, span.size_bytes)
    return place == (claim.offset_bytes, claim.size_bytes) and span.digest.matches(claim.digest)


def collect_line_claims(metadata: Metadata) -> LineClaimChecks:
    """Collect the claims of a package's inventory; none if the inventory is missing or cannot be read."""
    try:
        inventory = metadata.json(INVENTORY_PATH)
    except InputError:
        return LineClaimChecks(())
    return LineClaimChecks(list(_claims_in(inventory)))


def _claims_in(value: Any) -> Iterator[LineClaim]:
    if isinstance(value, list):
        for item in value:
            yield from _claims_in(item)
    elif isinstance(value, Mapping):
        text = value.get("text")
        original = text.get("original") if isinstance(text, Mapping) else None
        yield from (claim for claim in map(_claim, (text, original)) if claim is not None)
        yield from _claims_in([value.get("annexes"), value.get("enclosures")])


def _claim(text: Any) -> LineClaim | None:
    try:
        lines = text["lines"]
        ((name, value),) = lines["digest"].items()
        first, last = _number(lines["from-line"]), _number(lines["to-line"])
        offset, size = _number(lines["offset-bytes"]), _number(lines["size-bytes"])
        return LineClaim(str(text["file"]), first, last, offset, size, Digest.parse(f"{name}:{value}"))
    except (TypeError, KeyError, ValueError, AttributeError, InputError):
        return None


def _number(value: Any) -> int:
    if not isinstance(value, int) or value < 0:
        raise ValueError(value)
    return value
