"""Reads a package that is to be registered: its facts and its name, or why it cannot be registered."""

from __future__ import annotations

import os
from dataclasses import dataclass, replace

from archtool.archives.limits import Limits
from archtool.bagit.tag_files.declaration import FILE_NAME as DECLARATION_NAME
from archtool.errors import ArchtoolError, InputError
from archtool.exit_codes import ExitCode
from archtool.files.paths import shell_word, shown
from archtool.findings import Finding
from archtool.holdings import finding_kinds
from archtool.holdings.places import is_utf8
from archtool.operations.holdings.intake.holding_names import name_of, require_usable_name
from archtool.operations.holdings.package_facts import PackageFacts, read_found_facts
from archtool.operations.list_packages.package_search import FoundPackage


@dataclass(frozen=True, slots=True)
class Offer:
    """A package that was read to be registered."""

    place: str
    """Its absolute path."""
    name: str | None = None
    facts: PackageFacts | None = None
    is_named: bool = True
    """Whether the name was given, or stands in the package; else it is the path, and says nothing."""
    problem: Finding | None = None
    """Why it cannot be registered; the facts are unknown then."""


def absolute_path(found: FoundPackage) -> str:
    """Return the absolute path of a package; links are kept."""
    return os.path.abspath(found.path)  # noqa: PTH100 - `resolve` would follow links


def read_offer(found: FoundPackage, name: str | None = None, limits: Limits | None = None) -> Offer:
    """Read one package; without a name, the package's own one is used. A problem is a value, not an error."""
    path = absolute_path(found)
    if not is_utf8(path):
        return Offer(path, problem=finding_kinds.PATH_UNUSABLE.at(f"the path is not UTF-8: {shown(path)}"))
    try:
        facts = read_found_facts(found, limits)
    except ArchtoolError as error:
        return Offer(path, problem=_problem(found, error))
    chosen = name if name is not None else name_of(facts, found.name)
    try:
        return Offer(path, require_usable_name(chosen), facts, is_named=name is not None or bool(facts.id))
    except InputError as error:
        problem = finding_kinds.NAME_UNUSABLE.at(f"{shown(path)}: {error.message}", hint=error.hint)
        return Offer(path, problem=problem)


def _problem(found: FoundPackage, error: ArchtoolError) -> Finding:
    if found.is_missing:
        return finding_kinds.PACKAGE_LOST.at(error.message, hint=error.hint)
    hint = error.hint
    if found.is_root and found.path.is_dir() and not os.path.lexists(found.path / DECLARATION_NAME):
        hint = f"to register all packages below it: archtool holdings adopt {shell_word(str(found.path))}"
    finding = finding_kinds.PACKAGE_UNREADABLE.at(error.message, hint=hint)
    is_named = found.is_root and not os.path.lexists(found.path / "bagit.txt")
    code = (
        error.exit_code if is_named or error.exit_code is ExitCode.SURROUNDINGS else finding.error_exit_code
    )
    return replace(finding, error_exit_code=code)
