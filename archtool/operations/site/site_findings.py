"""Reports what is wrong with the packages of a site."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import replace
from pathlib import Path

from archtool.exit_codes import ExitCode
from archtool.files.paths import shell_word, shown
from archtool.findings import Finding
from archtool.operations.site.finding_kinds import SITE_DAMAGED, SITE_NOT_TRUSTED, SITE_SAME_ID
from archtool.operations.site.state import PackageRecord

_NAMED = 5  # packages with one identifier that a message names


def site_findings(
    problems: Mapping[str, Finding], records: Mapping[str, PackageRecord], places: Mapping[str, Path]
) -> Iterator[Finding]:
    """Yield the problems of packages without a page, then those of packages with one; `places` are paths."""
    for name, problem in problems.items():
        yield _named(problem, name)
    for name, record in records.items():
        if record.exit_code:
            kind = SITE_NOT_TRUSTED if record.exit_code == ExitCode.NOT_TRUSTED else SITE_DAMAGED
            hint = f"see what is wrong: archtool verify {shell_word(str(places[name]))}"
            finding = kind.at(f"{shown(name)}: {record.trouble}", hint=hint)
            yield replace(finding, error_exit_code=ExitCode(record.exit_code))
    yield from _same_ids(records)


def _named(problem: Finding, name: str) -> Finding:
    """Return a finding that says which package it is about."""
    return (
        problem
        if shown(name) in problem.message
        else replace(problem, message=f"{shown(name)}: {problem.message}")
    )


def _same_ids(records: Mapping[str, PackageRecord]) -> Iterator[Finding]:
    names: dict[str, list[str]] = defaultdict(list)
    for name, record in records.items():
        if record.entry.id is not None and record.entry.part is None:
            names[record.entry.id].append(name)
    for identifier, same in sorted(names.items()):
        if len(same) > 1:
            listed = ", ".join(map(shown, same[:_NAMED])) + (
                f" and {len(same) - _NAMED:,} more" if len(same) > _NAMED else ""
            )
            yield SITE_SAME_ID.at(
                f"{shown(identifier)} is the identifier of {len(same):,} packages: {listed}"
            )
