"""Decodes the files to import, and recognises what each is."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum

from archtool.errors import InputError
from archtool.findings import Finding, clip
from archtool.operations.importing import finding_kinds
from archtool.pages.decoding import Certainty, decode_page, named_encoding
from archtool.pages.decoding import known_encoding as meant_encoding
from archtool.tables.single_byte import WordCollector

_NAMED_HINT = "if the page is right, import it into another folder, without --encoding"
_HINT = "give the encoding with --encoding, for instance --encoding windows-1251"
_MAX_WORDS = 4


class Form(Enum):
    """What a file to import is."""

    PAGE = "HTML page"
    XML = "XML"
    BIBTEX = "BibTeX"
    RIS = "RIS"
    CSL_JSON = "CSL-JSON"


_SUFFIXES = {
    ".html": Form.PAGE, ".htm": Form.PAGE, ".xhtml": Form.PAGE, ".shtml": Form.PAGE, ".xml": Form.XML,
    ".tei": Form.XML, ".rdf": Form.XML, ".dc": Form.XML, ".bib": Form.BIBTEX, ".bibtex": Form.BIBTEX,
    ".ris": Form.RIS, ".json": Form.CSL_JSON,
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class ReadText:
    """The text of a file."""

    text: str
    encoding: str
    findings: tuple[Finding, ...] = ()
    doubt: str = ""
    """What a person must confirm about the encoding; empty if there is no doubt."""


def form_of_name(name: str) -> Form | None:
    """Return what a file is by its name; `None` if the name does not show it."""
    return _SUFFIXES.get(f".{name.rpartition('.')[2].lower()}") if "." in name else None


def form_of_content(data: bytes) -> Form | None:
    """Return what a file is by its first characters; `None` if they do not show it."""
    start = data[:4096].replace(b"\0", b"").lstrip(b"\xef\xbb\xbf\xff\xfe \t\r\n").lower()
    if start.startswith((b"<!doctype html", b"<html", b"<head", b"<body")) or b"<html" in start:
        return Form.PAGE
    if start.startswith(b"<?xml") or (start.startswith(b"<") and b"xmlns" in start):
        return Form.XML
    if start.startswith(b"ty  -"):
        return Form.RIS
    if start.startswith(b"@") or b"\n@" in start:
        return Form.BIBTEX
    return Form.CSL_JSON if start.startswith((b"[", b"{")) else None


def read_text(data: bytes, where: str, encoding: str | None = None) -> ReadText:
    """Decode a file; a doubtful encoding is a finding, and must be confirmed in the draft.

    Raises:
        InputError: no encoding is possible for its bytes.
    """
    decoded = decode_page(data, encoding)
    if decoded.text is None:
        return _by_words(data, where, decoded.named)
    findings: list[Finding] = []
    doubt = ""
    if decoded.certainty is Certainty.CONTRADICTED:
        doubt = f"the page says that it is {clip(decoded.named, 40)}, but its bytes are valid UTF-8"
        findings.append(finding_kinds.ENCODING.at(f"{doubt}, so it was read as UTF-8", where))
    named = named_encoding(data) if encoding is not None else ""
    if named and meant_encoding(named) != encoding and not data.isascii():
        message = f"the page says that it is {clip(named, 40)}; it was read as {encoding}, as --encoding says"
        findings.append(finding_kinds.ENCODING.at(message, where, hint=_NAMED_HINT))
    if decoded.undefined:
        message = f"{decoded.undefined:,} bytes are no characters in {decoded.encoding}"
        findings.append(finding_kinds.DAMAGED_TEXT.at(message, where))
    return ReadText(decoded.text, decoded.encoding, tuple(findings), doubt)


def _by_words(data: bytes, where: str, named: str) -> ReadText:
    """Decode a file that names no encoding, or a wrong one, by the words that are possible in each."""
    words = WordCollector()
    for number, line in enumerate(data.split(b"\n"), start=1):
        words.add(line, number)
    decision = words.decide()
    if not decision.readings:
        says = f"says that it is {clip(named, 40)}, and is not" if named else "does not name its encoding"
        raise InputError(f"{where} {says}, and no known encoding fits all its words", hint=_HINT)
    first, *others = decision.readings
    quoted = ", ".join(f"“{word}”" for word in first.words[:_MAX_WORDS])
    reason = f"names {clip(named, 40)} and is not in it" if named else "does not name its encoding"
    doubt = f"the file {reason}; it was read as {first.encoding}: {quoted}"
    if others:
        other = ", ".join(f"“{word}”" for word in others[0].words[:_MAX_WORDS])
        doubt += f"; as {others[0].encoding} it would read {other}"
    text = data.decode(first.encoding, "replace")
    finding = finding_kinds.ENCODING.at(doubt, where, decision.line)
    return ReadText(text, first.encoding, (finding,), "" if decision.certain_name and not named else doubt)
