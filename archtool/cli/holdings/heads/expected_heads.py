"""The heads that a run of `verify` takes from the register."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from archtool.attestations.chain_head import ChainHead
from archtool.operations.holdings.registered_heads import RegisteredCopy, read_known_heads, with_known_head
from archtool.operations.verify.request import VerifyRequest
from archtool.results import Result


@dataclass(frozen=True, slots=True)
class KnownHeads:
    """What the register knows about the bags of one run of `verify`."""

    requests: Sequence[VerifyRequest]
    """The requests, each with the head that the bag must have."""
    known: Sequence[RegisteredCopy]
    given: ChainHead | None
    """The head of --expect-head, which precedes that of the register."""
    is_attesting: bool

    @classmethod
    def read(
        cls, register: Path, requests: Sequence[VerifyRequest], *, is_attesting: bool = False
    ) -> KnownHeads:
        """Look up the bags of these requests; one that is to be attested must have the newest head."""
        known = read_known_heads(register, [request.root for request in requests])
        given = requests[0].trust.expected
        expecting = [
            replace(
                request,
                trust=replace(request.trust, expected=given or _head(item, is_attesting=is_attesting)),
            )
            for request, item in zip(requests, known, strict=True)
        ]
        return cls(expecting, known, given, is_attesting)

    def add_to(self, results: Iterable[Result]) -> Iterator[Result]:
        """Yield the results with what the register knows."""
        for result, known, request in zip(results, self.known, self.requests, strict=True):
            yield with_known_head(result, known, request.selection, self.given, is_attested=self.is_attesting)


def _head(known: RegisteredCopy, *, is_attesting: bool) -> ChainHead | None:
    return known.required if is_attesting else known.head
