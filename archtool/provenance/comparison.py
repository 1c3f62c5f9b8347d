"""Compares what a provenance manifest states with what it should state, statement by statement.

Both sides are read twice. The first reading adds up a digest of each statement, in one of some thousand
numbers by the statement's subject; what differs lies where the numbers differ, and only that is kept by the
second one. So the memory does not grow with the package.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator
from hashlib import blake2b

from archtool.findings import Finding, Kind, bounded, clip
from archtool.provenance import finding_kinds
from archtool.provenance.statements import SIZES, ProvStatement

Reading = Callable[[], Iterator[ProvStatement]]
"""Begins to read the statements of a manifest anew."""

MAX_DIFFERENCES = 50  # findings of one code for one file: more are no help
_BUCKETS = 1 << 16
_MAX_BUCKETS_READ = 256  # as many subjects differ at least before the others are passed over
_MODULUS = 1 << 128
_MAX_VALUES = 3  # of one attribute in a message
_VALUE_CHARACTERS = 120  # of one value in a message


def compare_statements(file: str, expected: Reading, found: Reading) -> tuple[Finding, ...]:
    """What a manifest states otherwise, too much or too little; `file` is its path, for the findings."""
    sums = _sums(expected, found)
    buckets = {bucket for bucket, total in enumerate(sums) if total}
    if not buckets:
        return ()
    read = set(sorted(buckets)[:_MAX_BUCKETS_READ])
    differing = _differing(expected, found, read)
    findings = [_finding(file, *facts, lack, surplus) for facts, (lack, surplus) in differing.items()]
    if len(buckets) > len(read):
        findings.append(
            finding_kinds.FACT_DIFFERS.at("statements of other subjects differ too; not all are listed", file)
        )
    return tuple(bounded(findings, MAX_DIFFERENCES))


def _sums(expected: Reading, found: Reading) -> list[int]:
    sums = [0] * _BUCKETS
    for sign, reading in ((1, expected), (-1, found)):
        for statement in reading():
            bucket, number = _place(statement)
            sums[bucket] = (sums[bucket] + sign * number) % _MODULUS
    return sums


def _place(statement: ProvStatement) -> tuple[int, int]:
    """The bucket of a statement, by its subject, and the number that stands for all of it."""
    subject = blake2b(statement.subject.encode("utf-8", "surrogatepass"), digest_size=2).digest()
    hasher = blake2b(subject, digest_size=16)
    for part in statement:
        data = part.encode("utf-8", "surrogatepass")
        hasher.update(b"%d:" % len(data) + data)
    return int.from_bytes(subject), int.from_bytes(hasher.digest())


_Values = tuple[Counter[str], Counter[str]]


def _differing(expected: Reading, found: Reading, buckets: set[int]) -> dict[tuple[str, str], _Values]:
    """By subject and attribute the values that are lacking, and those that are too many."""
    counts: dict[tuple[str, str], Counter[str]] = {}
    for sign, reading in ((1, expected), (-1, found)):
        for statement in reading():
            if _place(statement)[0] in buckets:
                values = counts.setdefault((statement.subject, statement.attribute), Counter())
                values[statement.value] += sign
    return {
        facts: (+values, +Counter(_negative(values)))
        for facts, values in counts.items()
        if any(values.values())
    }


def _negative(values: Counter[str]) -> dict[str, int]:
    return {value: -count for value, count in values.items()}


def _finding(file: str, subject: str, attribute: str, lack: Counter[str], surplus: Counter[str]) -> Finding:
    what = f"{clip(subject, _VALUE_CHARACTERS)}: {clip(attribute, _VALUE_CHARACTERS)}"
    is_new = attribute == "exists"
    if lack and surplus:
        kind = finding_kinds.SIZE_DIFFERS if attribute in SIZES else finding_kinds.FACT_DIFFERS
        return kind.at(f"{what} is {_listed(surplus)}, and should be {_listed(lack)}", file)
    if lack:
        return _one_sided(
            finding_kinds.FACT_MISSING, file, "is missing", what, "" if is_new else _listed(lack)
        )
    return _one_sided(
        finding_kinds.FACT_ADDED,
        file,
        "does not follow from the description",
        what,
        "" if is_new else _listed(surplus),
    )


def _one_sided(kind: Kind, file: str, problem: str, what: str, values: str) -> Finding:
    message = f"{what} {values} {problem}" if values else f"{what.removesuffix(': exists')} {problem}"
    return kind.at(message, file)


def _listed(values: Counter[str]) -> str:
    shown = [repr(clip(value, _VALUE_CHARACTERS)) for value in sorted(values)[:_MAX_VALUES]]
    others = len(values) - len(shown)
    return ", ".join(shown) + (f" and {others:,} more" if others else "")
