"""Formats the history that a package records: as an account, as a drawing, or for programs."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from enum import Enum
from typing import Any

from archtool.files.paths import shell_word
from archtool.findings import Finding
from archtool.operations import finding_kinds
from archtool.operations.open_package.package_paths import PROVENANCE_PATH
from archtool.operations.provenance.recorded_history import RecordedHistory
from archtool.printable import without_steering
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
    verify = f"archtool verify {shell_word(recorded.subject)}"
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
