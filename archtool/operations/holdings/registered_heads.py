"""Reads from the register which attestation a package must have.

A package does not show that its newest attestations were removed; a register that remembers its head does.
"""

from __future__ import annotations

import os
import shlex
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any, Self

from archtool.attestations.chain_head import ChainHead
from archtool.attestations.finding_kinds import HEAD_MISSING
from archtool.errors import ArchtoolError
from archtool.files.paths import shown
from archtool.findings import Finding, in_reading_order
from archtool.holdings.finding_kinds import HEAD_CONTRADICTED, REGISTER_NOT_READ
from archtool.holdings.model import Copy, Holding
from archtool.holdings.queries import find_copy_at
from archtool.holdings.register import Register, open_register, register_errors
from archtool.operations.verify.selection import Selection
from archtool.results import Result

READ_WAIT_SECONDS = 5.0  # readers wait only while a register is created, migrated or recovered


@dataclass(frozen=True, slots=True)
class KnownHead:
    """What a register knows about the package at a path."""

    register: str
    """The path of the register."""
    holding: str | None = None
    """The holding that the package is a copy of; `None`: it is not registered."""
    place: str | None = None
    """The place of the copy, as it is registered."""
    head: ChainHead | None = None
    """The newest attestation of the holding that the register remembers."""
    manifests: Mapping[str, str] = field(default_factory=dict)
    """The digest of each payload manifest of the holding, by the name of the file."""
    problem: str | None = None
    """Why nothing is known, if the register could not be read."""

    def facts(self) -> dict[str, Any]:
        """Return what is known, for JSON."""
        head = str(self.head) if self.head is not None else None
        return {"file": self.register, "holding": self.holding, "head": head}


def places_of(root: Path) -> Iterator[str]:
    """Yield the places at which a package can be registered: its absolute path, then that without links."""
    given = os.path.abspath(root)  # noqa: PTH100 - links are kept, as the person named them
    if _is_text(given):
        yield given
    real = os.path.realpath(given)
    if real != given and _is_text(real):
        yield real


def _is_text(place: str) -> bool:
    try:
        place.encode("utf-8")
    except UnicodeEncodeError:
        return False  # a name that is not UTF-8 cannot be registered
    return True


def find_registered(register: Register, root: Path) -> tuple[Holding, Copy] | None:
    """Return the copy at a path, with its holding; `None`: the package is not registered."""
    with register_errors(register.path):
        for place in places_of(root):
            found = find_copy_at(register.connection, place)
            if found is not None:
                return found
    return None


class HeadReader:
    """Looks up heads in a register; a register that cannot be read is part of the answer, not an error."""

    def __init__(self, path: Path) -> None:
        self._name = str(path)
        self._register: Register | None = None
        self._problem: str | None = None
        try:
            self._register = open_register(path, read_only=True, wait_seconds=READ_WAIT_SECONDS)
        except ArchtoolError as error:
            self._problem = error.message

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        if self._register is not None:
            self._register.connection.close()

    def find(self, root: Path) -> KnownHead:
        """Return what the register knows about the package at a path."""
        if self._register is None:
            return KnownHead(self._name, problem=self._problem)
        return look_up(self._register, root)


def look_up(register: Register, root: Path) -> KnownHead:
    """Return what an open register knows about the package at a path; no error is raised."""
    name = str(register.path)
    try:
        found = find_registered(register, root)
        if found is None:
            return KnownHead(name)
        holding, copy = found
        return KnownHead(name, holding.name, copy.place, head_of(copy), holding.manifests)
    except ArchtoolError as error:
        return KnownHead(name, problem=error.message)


def head_of(copy: Copy) -> ChainHead | None:
    """Return the newest attestation that was seen in a copy.

    Raises:
        InputError: the text in the register is not a head.
    """
    return ChainHead.parse(copy.head) if copy.head is not None else None


def read_known_heads(path: Path, roots: Iterable[Path]) -> list[KnownHead]:
    """Return what a register knows about each of these packages; the register is opened once."""
    with HeadReader(path) as reader:
        return [reader.find(root) for root in roots]


def with_known_head(
    result: Result, known: KnownHead, selection: Selection | None = None, given: ChainHead | None = None
) -> Result:
    """Return the result of a verification with what the register knows about the package.

    `given` is the head that the user expects; it was checked instead of the register's.
    """
    added = _findings(result, known, given)
    kept, set_aside = (selection or Selection()).divide(added)
    explained = result.findings if given is not None else explain_missing(result.findings, known)
    return replace(
        result,
        findings=in_reading_order((*explained, *kept)),
        set_aside=(*result.set_aside, *set_aside),
        facts={**result.facts, "register": known.facts()},
    )


def explain_missing(findings: Iterable[Finding], known: KnownHead) -> tuple[Finding, ...]:
    """Return findings in which a missing head names the register that remembers it."""
    if known.head is None or known.holding is None:
        return tuple(findings)
    remembered = f"the register remembers it for {known.holding}"
    hint = (
        "it was removed: get it from another copy; "
        f"for the places, run: archtool holdings show {quoted(known.holding)}"
    )
    return tuple(
        replace(f, message=f"{f.message}; {remembered}", hint=hint) if f.code == HEAD_MISSING.code else f
        for f in findings
    )


def _findings(result: Result, known: KnownHead, given: ChainHead | None) -> list[Finding]:
    if known.problem is not None:
        return [head_not_taken(known.problem, result.subject)]
    attestations = result.facts.get("attestations")
    if given is None or known.head is None or attestations is None:
        return []
    heads = [ChainHead.parse(item["head"]) for item in attestations if item["head"] is not None]
    if contains(heads, known.head):
        return []
    message = (
        f"{known.head.attestation} is not in the bag, and the register remembers it for {known.holding}; "
        f"--expect-head gives {given.attestation}"
    )
    return [HEAD_CONTRADICTED.at(message, result.subject)]


def head_not_taken(problem: str, subject: str) -> Finding:
    """Return the warning that a package was checked without the head that the register may have."""
    return REGISTER_NOT_READ.at(f"the expected head was not taken from the register: {problem}", subject)


def contains(chain: Iterable[ChainHead], head: ChainHead) -> bool:
    """Whether an attestation is in a chain; a digest that was copied in part is compared in part."""
    return any(is_same(head, other) for other in chain)


def is_same(one: ChainHead, other: ChainHead) -> bool:
    """Whether two heads name the same attestation."""
    shorter, longer = sorted((one.hex, other.hex), key=len)
    return one.attestation == other.attestation and longer.startswith(shorter)


def quoted(holding: str) -> str:
    """Return the name of a holding as a word of a command to be copied."""
    return shlex.quote(shown(holding))
