"""What the inventory says of stretches of lines, checked while their files are read for their digests.

The inventory is untrusted here: whatever has not the form of a claim is left to the check of its schema.
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
from archtool.operations.open_package.package_paths import INVENTORY_PATH
from archtool.text.line_spans import SpanSink

MAX_CLAIMS = 1000  # each is shown every byte of its file: a hostile inventory must not multiply the work


@dataclass(frozen=True, slots=True)
class LineClaim:
    """One stretch, as the inventory has it."""

    path: str
    from_line: int
    to_line: int
    offset_bytes: int
    size_bytes: int
    digest: Digest


class LineClaimChecks:
    """The claims of one package, and what was seen of them."""

    def __init__(self, claims: Sequence[LineClaim]) -> None:
        self._looks: dict[str, list[tuple[LineClaim, SpanSink]]] = {}
        for claim in claims[:MAX_CLAIMS]:
            sink = SpanSink(claim.from_line, claim.to_line, claim.digest.algorithm)
            self._looks.setdefault(claim.path, []).append((claim, sink))
        self._left_out = len(claims) - MAX_CLAIMS
        self._shown: set[str] = set()

    @property
    def paths(self) -> Collection[str]:
        """The files in which something is claimed of lines."""
        return self._looks.keys()

    def observes(self, path: str) -> bool:
        """Whether something is claimed of lines in this file."""
        return path in self._looks

    def sinks(self, path: str) -> Sequence[SpanSink]:
        """What is to be shown the bytes of this file, the first time that it is read."""
        if path not in self._looks or path in self._shown:
            return ()
        self._shown.add(path)
        return [sink for _, sink in self._looks[path]]

    def findings(self, unchanged: frozenset[str]) -> Iterator[Finding]:
        """Claims that do not hold in a file which is as its manifest says; a damaged one says enough."""
        for path in sorted(self._looks.keys() & self._shown & unchanged):
            for claim, sink in self._looks[path]:
                if not _holds(claim, sink):
                    message = (
                        f"lines {claim.from_line} to {claim.to_line} of {shown(path)} are not what it says"
                    )
                    yield finding_kinds.LINES_DIFFER.at(message, INVENTORY_PATH)
        if self._left_out > 0:
            message = f"{self._left_out:,} stretches of lines, besides the first {MAX_CLAIMS:,}"
            yield finding_kinds.LINES_NOT_CHECKED.at(message, INVENTORY_PATH)


def _holds(claim: LineClaim, sink: SpanSink) -> bool:
    span = sink.span()
    if span is None:
        return False
    place = (span.offset_bytes, span.size_bytes)
    return place == (claim.offset_bytes, claim.size_bytes) and span.digest.matches(claim.digest)


def collect_line_claims(metadata: Metadata) -> LineClaimChecks:
    """Gather the claims of a package's inventory, if it has one that can be read."""
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
        claim = _claim(value.get("text"))
        if claim is not None:
            yield claim
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
