"""Reads the history that a package records; formats it as an account, a drawing, or for programs."""

from __future__ import annotations

import shlex
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime
from enum import Enum
from pathlib import Path
from typing import Any

from archtool.archives.limits import Limits
from archtool.files.paths import shown
from archtool.findings import Finding
from archtool.operations import finding_kinds
from archtool.operations.cite import contradictions
from archtool.operations.content.package_reader import open_package
from archtool.operations.open_package.package_paths import PROVENANCE_PATH, find_sidecar
from archtool.operations.open_package.sidecar import read_sidecar
from archtool.operations.provenance.recorded_history import read_provenance
from archtool.operations.trust.trust_request import TrustRequest
from archtool.printable import without_steering
from archtool.provenance.history_reader import history_of_prov
from archtool.provenance.model import History
from archtool.report.provenance.account import build_account
from archtool.report.provenance.lines import AccountLine, format_account
from archtool.report.provenance.words.choice import words_for

_MAX_SHOWN_CODES = 10  # a hostile history can contain any number


class Form(Enum):
    """The forms of a history."""

    TEXT = "text"
    PROV_JSON = "prov-json"
    PROV_N = "prov-n"
    MERMAID = "mermaid"
    DOT = "dot"
    SVG = "svg"

    @property
    def has_language(self) -> bool:
        """Whether the form has words of its own."""
        return self in (Form.TEXT, Form.SVG)


SUFFIXES = {
    ".txt": Form.TEXT,
    ".json": Form.PROV_JSON,
    ".provn": Form.PROV_N,
    ".mmd": Form.MERMAID,
    ".mermaid": Form.MERMAID,
    ".dot": Form.DOT,
    ".gv": Form.DOT,
    ".svg": Form.SVG,
}
"""The usual suffixes of files in each form."""


@dataclass(frozen=True, slots=True)
class RecordedHistory:
    """The history of a package, and what was found while it was read."""

    subject: str
    """The package as the person named it."""
    history: History
    document: dict[str, Any]
    """Its PROV-JSON, parsed."""
    data: bytes
    """Its PROV-JSON, byte for byte."""
    findings: tuple[Finding, ...] = ()
    """Contradictions by tag manifests or signatures."""


def read_recorded_history(root: Path, at: datetime, limits: Limits | None = None) -> RecordedHistory:
    """Read the history of a package; `at` is the current time, aware.

    The bytes of the manifest are compared with the tag manifests and the signatures, without an
    allowed_signers file. Nothing else is checked: whether the history agrees with the description and the
    payload is known only to `verify`.

    Raises:
        InputError: no such package, no bag, no history in it, or one that cannot be used.
        ReadFailedError: the storage failed.
    """
    sidecar_path = find_sidecar(root)
    with open_package(root, limits) as package:
        document = read_provenance(root, package)
        sidecar = read_sidecar(sidecar_path) if sidecar_path is not None else None
        trust = package.check_trust(TrustRequest(), at, sidecar)
        findings = (
            *package.source.findings,
            *package.unread,
            *package.check_bytes_read(PROVENANCE_PATH),
            *contradictions(trust, PROVENANCE_PATH),
        )
        data = package.metadata.files[PROVENANCE_PATH]
    return RecordedHistory(
        str(root), history_of_prov(document), document, data, tuple(dict.fromkeys(findings))
    )


def format_history(recorded: RecordedHistory, form: Form, language: str, width: int) -> str:
    """Return a history in a form; `width` is that of the lines of an account.

    PROV-JSON is that of the package, byte for byte. From all other forms the characters that control a
    terminal or a reader are left out; `unprintable` says which.
    """
    if form is Form.PROV_JSON:
        return recorded.data.decode("utf-8")
    return without_steering(_formatter(form)(recorded, language, width))[0]


def unprintable(recorded: RecordedHistory) -> tuple[Finding, ...]:
    """Return a finding about the characters that all forms but PROV-JSON leave out, if there are any."""
    found = (code for text in _texts(recorded.document) for code in without_steering(text)[1])
    codes = tuple(dict.fromkeys(found))
    if not codes:
        return ()
    more = f" and {len(codes) - _MAX_SHOWN_CODES} more" if len(codes) > _MAX_SHOWN_CODES else ""
    message = f"left out of the history: {', '.join(codes[:_MAX_SHOWN_CODES])}{more}"
    return (finding_kinds.HISTORY_UNPRINTABLE.at(message, PROVENANCE_PATH),)


def _texts(value: Any) -> Iterator[str]:
    """Yield all texts in a parsed JSON document; its depth is limited by the parser."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        for part in value.values():
            yield from _texts(part)
    elif isinstance(value, list):
        for part in value:
            yield from _texts(part)


def account_lines(recorded: RecordedHistory, language: str) -> tuple[AccountLine, ...]:
    """Return the account, with two last lines that say what was not checked, and how to check it."""
    said = words_for(language).sentences["not-checked"]
    verify = f"archtool verify {shlex.quote(shown(recorded.subject))}"
    return (*build_account(recorded.history, language), AccountLine(1, said), AccountLine(2, verify))


def _formatter(form: Form) -> Callable[[RecordedHistory, str, int], str]:
    # lazy: each form needs one of these modules
    match form:
        case Form.SVG:
            from archtool.report.provenance.drawing import draw_history  # lazy: see above

            return lambda recorded, language, _: draw_history(recorded.history, language=language)
        case Form.PROV_N:
            from archtool.exports.provenance.prov_n import format_prov_n  # lazy: see above

            return lambda recorded, *_: format_prov_n(recorded.document)
        case Form.MERMAID:
            from archtool.exports.provenance.mermaid import format_mermaid  # lazy: see above

            return lambda recorded, *_: format_mermaid(recorded.history)
        case Form.DOT:
            from archtool.exports.provenance.dot import format_dot  # lazy: see above

            return lambda recorded, *_: format_dot(recorded.history)
        case _:
            return lambda recorded, language, width: format_account(account_lines(recorded, language), width)
