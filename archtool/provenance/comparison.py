"""Compares the statements of a provenance manifest with the expected ones.

Both sides are read twice. The first pass adds up a digest of each statement, in one of many buckets chosen by
the statement's subject. Differences are in the buckets whose sums differ, and the second pass keeps only the
statements of those. So memory does not grow with the package.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator
from hashlib import blake2b

from archtool.findings import Finding, Kind, bounded, clip
from archtool.provenance import finding_kinds
from archtool.provenance.limits import MAX_DIFFERENCES
from archtool.provenance.statements import SIZES, ProvStatement

Reading = Callable[[], Iterator[ProvStatement]]
"""Starts a new pass over the statements of a manifest."""

_BUCKETS = 1 << 16
_MAX_BUCKETS_READ = 256  # at least so many differing subjects are read before the rest is skipped
_MODULUS = 1 << 128
_MAX_VALUES = 3  # of one attribute in a message
_VALUE_CHARACTERS = 120  # of one value in a message


def compare_statements(file: str, expected: Reading, found: Reading) -> tuple[Finding, ...]:
    """Report statements that differ, are missing or were added; `file` is the path for the findings."""
    sums = _sums(expected, found)
    buckets = {bucket for bucket, total in enumerate(sums) if total}
    if not buckets:
        return ()
    read = set(sorted(buckets)[:_MAX_BUCKETS_READ])
    differing = _differing(expected, found, read)
    findings = [_finding(file, *facts, missing, surplus) for facts, (missing, surplus) in differing.items()]
    if len(buckets) > len(read):
        findings.append(
            finding_kinds.FACT_DIFFERS.at(
                "statements about other subjects differ as well; not all are listed", file
            )
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
    """Return the bucket of a statement, by its subject, and the digest of the statement as a number."""
    subject = blake2b(statement.subject.encode("utf-8", "surrogatepass"), digest_size=2).digest()
    hasher = blake2b(subject, digest_size=16)
    for part in statement:
        data = part.encode("utf-8", "surrogatepass")
        hasher.update(b"%d:" % len(data) + data)
    return int.from_bytes(subject), int.from_bytes(hasher.digest())


_Values = tuple[Counter[str], Counter[str]]


def _differing(expected: Reading, found: Reading, buckets: set[int]) -> dict[tuple[str, str], _Values]:
    """Return the missing and the surplus values by subject and attribute."""
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


def _finding(
    file: str, subject: str, attribute: str, missing: Counter[str], surplus: Counter[str]
) -> Finding:
    name = f"{clip(subject, _VALUE_CHARACTERS)}: {clip(attribute, _VALUE_CHARACTERS)}"
    is_new = attribute == "exists"
    if missing and surplus:
        kind = finding_kinds.SIZE_DIFFERS if attribute in SIZES else finding_kinds.FACT_DIFFERS
        return kind.at(f"{name} is {_listed(surplus)}, and should be {_listed(missing)}", file)
    if missing:
        return _one_sided(
            finding_kinds.FACT_MISSING, file, "is missing", name, "" if is_new else _listed(missing)
        )
    return _one_sided(
        finding_kinds.FACT_ADDED,
        file,
        "does not follow from the description",
        name,
        "" if is_new else _listed(surplus),
    )


def _one_sided(kind: Kind, file: str, problem: str, name: str, values: str) -> Finding:
    message = f"{name} {values} {problem}" if values else f"{name.removesuffix(': exists')} {problem}"
    return kind.at(message, file)


def _listed(values: Counter[str]) -> str:
    shown = [repr(clip(value, _VALUE_CHARACTERS)) for value in sorted(values)[:_MAX_VALUES]]
    others = len(values) - len(shown)
    return ", ".join(shown) + (f" and {others:,} more" if others else "")
