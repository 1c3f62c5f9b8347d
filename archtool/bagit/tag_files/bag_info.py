"""Reads and writes bag-info.txt: labels and values in order, with repeats, long values folded over lines.

Source: RFC 8493 §2.2.2.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import lru_cache

from archtool.bagit import finding_kinds
from archtool.bagit.bounded_findings import BoundedFindings
from archtool.bagit.model import BagInfo, Declaration, TagField
from archtool.bagit.tag_files.text_lines import decode_tag_file, split_lines
from archtool.findings import Finding

_BLANKS = " \t"
_OXUM = re.compile(r"([0-9]{1,30})\.([0-9]{1,30})")
_OXUM_LABEL = "payload-oxum"
_LABEL_FORBIDDEN = frozenset(":\r\n")
# reserved labels that SHOULD NOT be repeated; the oxum MUST NOT be
_ONCE = frozenset(["bagging-date", "bag-size", "bag-group-identifier", "bag-count"])
_SHOWN_CHARS = 80


def format_info(fields: Iterable[tuple[str, str]]) -> str:
    """Return the text of bag-info.txt; a line end inside a value becomes a folded line."""
    return "".join(f"{_checked_label(label)}: {_folded(value)}\n" for label, value in fields)


@lru_cache(maxsize=256)
def _checked_label(label: str) -> str:
    if not label.strip() or label != label.strip() or _LABEL_FORBIDDEN & set(label):
        raise ValueError(f"not a label for bag-info.txt: {label!r}")
    return label


def _folded(value: str) -> str:
    if "\n" not in value and "\r" not in value:
        return value.strip(_BLANKS)
    lines = (line.strip(_BLANKS) for line in split_lines(value))
    return "\n  ".join(line for line in lines if line)


@dataclass(slots=True)
class _OpenField:
    """A field whose value can continue in the next line."""

    label: str
    line: int
    parts: list[str] = field(default_factory=list)

    def close(self) -> TagField:
        return TagField(self.label, " ".join(part for part in self.parts if part), self.line)


def parse_info(data: bytes, declaration: Declaration, file: str) -> tuple[BagInfo, tuple[Finding, ...]]:
    """Parse bag-info.txt by the rules of the declared version (before 1.0 any blanks were allowed)."""
    text, problems = decode_tag_file(data, declaration.encoding, file)
    findings = BoundedFindings(problems)
    fields: list[_OpenField] = []
    last: _OpenField | None = None
    blank: list[int] = []
    for number, line in enumerate(split_lines(text), start=1):
        if findings.has_too_many_errors(file, number):
            break
        if line.startswith((" ", "\t")) and last is not None:
            last.parts.append(line.strip(_BLANKS))
        elif not line.strip(_BLANKS):
            blank.append(number)
        else:
            last = _parse_field(line, number, declaration, file, findings)
            fields.append(last)
    info = BagInfo(tuple(found.close() for found in fields if found.label))
    if declaration.is_strict:
        findings.extend((*_check_blank(blank, file), *_check_repeats(info, file)))
    return info, findings.as_tuple()


def _parse_field(
    line: str, number: int, declaration: Declaration, file: str, findings: BoundedFindings
) -> _OpenField:
    """Return the field that a line begins; without a label if the line is wrong, to read folded lines."""
    label, colon, value = line.partition(":")
    if not declaration.is_strict:
        label = label.strip(_BLANKS)
    elif label != label.strip() or not value.startswith((" ", "\t")):
        label = ""
    if not colon or not label:
        findings.append(
            finding_kinds.INFO_LINE.at(f"not `Label: value`: {line[:_SHOWN_CHARS]!r}", file, number)
        )
        label = ""
    return _OpenField(label, number, [value.strip(_BLANKS)])


def _check_blank(lines: Sequence[int], file: str) -> Iterator[Finding]:
    if lines:
        more = f", and {len(lines) - 1:,} more" if len(lines) > 1 else ""
        yield finding_kinds.INFO_BLANK.at(f"this line is empty{more}", file, lines[0])


def _check_repeats(info: BagInfo, file: str) -> Iterator[Finding]:
    first: dict[str, int] = {}
    for found in info.fields:
        label = found.label.lower()
        if label in _ONCE and first.setdefault(label, found.line) != found.line:
            message = f"{found.label} is also on line {first[label]}"
            yield finding_kinds.INFO_REPEATED.at(message, file, found.line)


def parse_oxum(info: BagInfo, file: str) -> tuple[tuple[int, int] | None, tuple[Finding, ...]]:
    """Parse Payload-Oxum: bytes and number of files, or `None` where it cannot be used."""
    fields = [f for f in info.fields if f.label.lower() == _OXUM_LABEL]
    if not fields:
        return None, ()
    if len(fields) > 1:
        lines = ", ".join(str(f.line) for f in fields[:10])
        return None, (
            finding_kinds.OXUM_TWICE.at(f"occurs {len(fields)} times: lines {lines}", file, fields[1].line),
        )
    match = _OXUM.fullmatch(fields[0].value)
    if match is None:
        message = f"not `bytes.files`: {fields[0].value[:_SHOWN_CHARS]!r}"
        return None, (finding_kinds.OXUM_MALFORMED.at(message, file, fields[0].line),)
    return (int(match[1]), int(match[2])), ()
