"""Exports packages in one form: one document of all of them, or a document of each."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from archtool.archives.limits import Limits
from archtool.errors import ArchtoolError
from archtool.exports.catalogue.record import Record
from archtool.findings import Finding
from archtool.operations.export import finding_kinds
from archtool.operations.export.forms import Form, Needs, Syntax
from archtool.operations.export.read_record import ReadRecord, read_record
from archtool.operations.open_package.package_problem import package_problem
from archtool.printable import escape_in_json, escape_in_xml, without_steering
from archtool.xml_text import escaped_characters

RESULT_SCHEMA = "archtool/export/1"
_MAX_CODES = 10  # characters that a message names; a hostile text can have any number


@dataclass(frozen=True, slots=True)
class Export:
    """A document in a form, or the reasons why there is none."""

    subjects: tuple[Path, ...]
    """The packages that are in the document."""
    text: str | None
    """`None` if nothing could be exported."""
    findings: tuple[tuple[Path, Finding], ...] = ()
    """With the package that each concerns."""


def export_packages(
    roots: Sequence[Path], form: Form, at: datetime, limits: Limits | None = None
) -> Iterator[Export]:
    """Export packages; a package of several that cannot be read is reported, and the others are exported.

    `at` is the current time, aware. A form that joins packages yields one document at the end, the others
    yield one for each package.

    Raises:
        InputError: the only package does not exist, or is no bag.
        ReadFailedError: the storage failed while the only package was read.
    """
    read = ((root, _read(root, form, at, limits, is_only=len(roots) == 1)) for root in roots)
    if form.joins:
        yield _format(form, read)
        return
    for one in read:
        yield _format(form, [one])


def _read(root: Path, form: Form, at: datetime, limits: Limits | None, *, is_only: bool) -> ReadRecord:
    try:
        return read_record(root, form, at, limits)
    except ArchtoolError as error:
        if is_only:
            raise
        return ReadRecord(None, (package_problem(finding_kinds.EXPORT_UNREADABLE, error),))


def _format(form: Form, read: Iterable[tuple[Path, ReadRecord]]) -> Export:
    records: dict[Path, Record] = {}
    findings: list[tuple[Path, Finding]] = []
    for root, one in read:
        findings += ((root, finding) for finding in one.findings)
        if one.record is not None:
            records[root] = one.record
    if not records:
        return Export((), None, tuple(findings))
    formatter = form.load()
    text, codes = _printable(form, formatter([*records.values()]))
    for root, record in records.items() if codes else ():
        _, own = _printable(form, formatter([record])) if len(records) > 1 else (text, codes)
        findings += [(root, _changed(form, own))] if own else []
    return Export(tuple(records), text, tuple(findings))


def _printable(form: Form, text: str) -> tuple[str, tuple[str, ...]]:
    """Return a document without characters that a terminal obeys, and the codes of those that were changed.

    XML and JSON have escapes for nearly all of them: the text stays the same.
    """
    if form.syntax is Syntax.JSON:
        return escape_in_json(text), ()
    if form.syntax is Syntax.XML:
        return escape_in_xml(text), escaped_characters(text)
    return without_steering(text)


def _changed(form: Form, codes: Sequence[str]) -> Finding:
    more = f" and {len(codes) - _MAX_CODES} more" if len(codes) > _MAX_CODES else ""
    named = f"{', '.join(codes[:_MAX_CODES])}{more}"
    if form.syntax is Syntax.XML:
        return finding_kinds.EXPORT_ESCAPED.at(f"written as codes such as `\\u{{1}}`: {named}")
    is_history = Needs.HISTORY in form.needs
    hint = "archtool provenance --to prov-json has its exact characters" if is_history else None
    return finding_kinds.EXPORT_REMOVED.at(f"left out of the export: {named}", hint=hint)
