"""Reads from the register which attestation a package must have.

A package does not show that its newest attestations were removed; a register that remembers its head does.
"""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any, Self

from archtool.attestations.chain_head import ChainHead
from archtool.attestations.finding_kinds import HEAD_MISSING
from archtool.errors import ArchtoolError
from archtool.files.paths import shell_word
from archtool.findings import Finding, in_reading_order
from archtool.holdings.finding_kinds import HEAD_CONTRADICTED, REGISTER_NOT_READ
from archtool.holdings.model import Copy, Holding, is_apart
from archtool.holdings.queries import copies_of, find_copy_at
from archtool.holdings.register import Register, open_register, register_errors
from archtool.operations.verify.selection import Selection
from archtool.results import Result

READ_WAIT_SECONDS = 5.0  # readers wait only while a register is created, migrated or recovered


@dataclass(frozen=True, slots=True)
class RegisteredCopy:
    """What a register knows about the package at a path."""

    register: str
    """The path of the register."""
    holding: str | None = None
    """The holding that the package is a copy of; `None`: it is not registered."""
    place: str | None = None
    """The place of the copy, as it is registered."""
    head: ChainHead | None = None
    """The newest attestation that was seen in this copy."""
    newest: ChainHead | None = None
    """The newest attestation of the holding, if another copy has it and this one was not seen with it."""
    manifests: Mapping[str, str] = field(default_factory=dict)
    """The digest of each payload manifest of the holding, by the name of the file."""
    tag_manifests: Mapping[str, str] = field(default_factory=dict)
    """The digest of each tag manifest of this copy, if it was seen without attestations."""
    problem: str | None = None
    """Why nothing is known, if the register could not be read."""
    hint: str | None = None
    """What to do about that problem."""

    @property
    def required(self) -> ChainHead | None:
        """The attestation without which this copy must not be attested: two chains could not be joined."""
        return self.newest or self.head

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
        self._problem = self._hint = None
        try:
            self._register = open_register(path, read_only=True, wait_seconds=READ_WAIT_SECONDS)
        except ArchtoolError as error:
            self._problem, self._hint = error.message, error.hint

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        if self._register is not None:
            self._register.close()

    def find(self, root: Path) -> RegisteredCopy:
        """Return what the register knows about the package at a path."""
        if self._register is None:
            return RegisteredCopy(self._name, problem=self._problem, hint=self._hint)
        return look_up(self._register, root)


def look_up(register: Register, root: Path) -> RegisteredCopy:
    """Return what an open register knows about the package at a path; no error is raised."""
    name = str(register.path)
    try:
        found = find_registered(register, root)
        if found is None:
            return RegisteredCopy(name)
        holding, copy = found
        newest = _newest_elsewhere(register, holding, copy)
        return RegisteredCopy(
            name, holding.name, copy.place, head_of(copy), newest, holding.manifests, copy.tag_manifests or {}
        )
    except ArchtoolError as error:
        return RegisteredCopy(name, problem=error.message, hint=error.hint)


def _newest_elsewhere(register: Register, holding: Holding, copy: Copy) -> ChainHead | None:
    if holding.head is None or holding.head == copy.head:
        return None
    with register_errors(register.path):
        others = copies_of(register.connection, holding)
    is_elsewhere = any(one.head == holding.head and one.removed_at is None for one in others)
    return ChainHead.parse(holding.head) if is_elsewhere else None


def head_of(copy: Copy) -> ChainHead | None:
    """Return the newest attestation that was seen in a copy.

    Raises:
        InputError: the text in the register is not a head.
    """
    return ChainHead.parse(copy.head) if copy.head is not None else None


def read_known_heads(path: Path, roots: Iterable[Path]) -> list[RegisteredCopy]:
    """Return what a register knows about each of these packages; the register is opened once."""
    with HeadReader(path) as reader:
        return [reader.find(root) for root in roots]


def with_known_head(
    result: Result,
    known: RegisteredCopy,
    selection: Selection | None = None,
    given: ChainHead | None = None,
    *,
    is_attested: bool = False,
) -> Result:
    """Return the result of a verification with what the register knows about the package.

    `given` is the head that the user expects; it was checked instead of the register's.
    """
    added = _findings(result, known, given)
    kept, set_aside = (selection or Selection()).divide(added)
    explained: Iterable[Finding] = result.findings
    if given is None:
        explained = explain_missing(result.findings, known, is_attested=is_attested)
    return replace(
        result,
        findings=in_reading_order((*explained, *kept)),
        set_aside=(*result.set_aside, *set_aside),
        facts={**result.facts, "register": known.facts()},
    )


def explain_missing(
    findings: Iterable[Finding], known: RegisteredCopy, *, is_attested: bool = False
) -> tuple[Finding, ...]:
    """Return findings in which a missing head names the register that remembers it.

    `is_attested` says that the copy was to be attested, so that the `required` head was expected.
    """
    expected = known.required if is_attested else known.head
    if expected is None or known.holding is None:
        return tuple(findings)
    remembered = f"the register remembers it for {known.holding}"
    hint = (
        "it was removed: get it from another copy; "
        f"for the places, run: archtool holdings show {shell_word(known.holding)}"
    )
    if is_attested and known.newest is not None:
        remembered = f"another copy of {known.holding} has it"
        hint = _how_to_join(known)
    return tuple(
        replace(f, message=f"{f.message}; {remembered}", hint=hint) if f.code == HEAD_MISSING.code else f
        for f in findings
    )


def _how_to_join(known: RegisteredCopy) -> str:
    own, newest = known.head, known.newest
    if own is not None and newest is not None and is_apart(str(own), str(newest)):
        return (
            f"the two copies were attested apart, and neither can take over the attestations of the other: "
            f"attest the copy that has it; for the places, run: archtool holdings show"
            f" {shell_word(known.holding or '')}"
        )
    place = shell_word(known.place or "")
    name = shell_word(known.holding or "")
    return f"bring it to this copy first: archtool repair --copy {place} --apply -- {name}"


def _findings(result: Result, known: RegisteredCopy, given: ChainHead | None) -> list[Finding]:
    if known.problem is not None:
        return [head_not_taken(known, result.subject)]
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


def head_not_taken(known: RegisteredCopy, subject: str) -> Finding:
    """Return the warning that a package was checked without the head that the register may have."""
    return register_not_read("the expected head was not taken from the register", known, subject)


def register_not_read(what: str, known: RegisteredCopy, subject: str) -> Finding:
    """Return the warning about a register that could not be read, with what to do about its problem."""
    hint = f"{known.hint}; --no-register leaves the register out" if known.hint else None
    return REGISTER_NOT_READ.at(f"{what}: {known.problem}", subject, hint=hint)


def contains(chain: Iterable[ChainHead], head: ChainHead) -> bool:
    """Whether an attestation is in a chain; a digest that was copied in part is compared in part."""
    return any(is_same(head, other) for other in chain)


def is_same(one: ChainHead, other: ChainHead) -> bool:
    """Whether two heads name the same attestation."""
    shorter, longer = sorted((one.hex, other.hex), key=len)
    return one.attestation == other.attestation and longer.startswith(shorter)
