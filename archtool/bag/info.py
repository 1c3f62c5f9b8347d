"""bag-info.txt: labels and values, in order, with repeats, long values folded over lines.

Source: RFC 8493 §2.2.2.
"""

from __future__ import annotations

import re
from collections.abc import Iterable

from archtool.bag import kinds
from archtool.bag.model import BagInfo, Declaration, TagField
from archtool.bag.tagtext import decode_tag_file, split_lines
from archtool.findings import Finding

_STRICT = re.compile(r"([^\s:](?:[^:]*[^\s:])?):[ \t](.*)", re.DOTALL)
_LENIENT = re.compile(r"\s*([^:]*[^\s:])\s*:\s*(.*)", re.DOTALL)
_OXUM = re.compile(r"([0-9]{1,18})\.([0-9]{1,18})")
_LABEL_FORBIDDEN = frozenset(":\r\n")


def format_info(fields: Iterable[tuple[str, str]]) -> str:
    """Write bag-info.txt; a line end inside a value becomes a folded line."""
    return "".join(f"{_checked_label(label)}: {_folded(value)}\n" for label, value in fields)


def _checked_label(label: str) -> str:
    if not label.strip() or label != label.strip() or _LABEL_FORBIDDEN & set(label):
        raise ValueError(f"not a label for bag-info.txt: {label!r}")
    return label


def _folded(value: str) -> str:
    lines = [line.strip() for line in split_lines(value) if line.strip()]
    return "\n  ".join(lines)


def parse_info(data: bytes, declaration: Declaration, file: str) -> tuple[BagInfo, tuple[Finding, ...]]:
    """Read bag-info.txt by the rules of the declared version (before 1.0 blanks were free)."""
    text, problems = decode_tag_file(data, declaration.encoding, file)
    findings = list(problems)
    pattern = _STRICT if declaration.version >= (1, 0) else _LENIENT
    fields: list[TagField] = []
    for number, line in enumerate(split_lines(text), start=1):
        if line[:1] in (" ", "\t") and fields:
            last = fields[-1]
            fields[-1] = TagField(last.label, f"{last.value} {line.strip()}".strip(), last.line)
        elif match := pattern.fullmatch(line):
            fields.append(TagField(match[1], match[2].strip(), number))
        elif line.strip() or declaration.version >= (1, 0):
            message = f"not `Label: value`: {line[:80]!r}"
            findings.append(kinds.INFO_LINE.at(message, file, number))
    return BagInfo(tuple(fields)), tuple(findings)


def parse_oxum(info: BagInfo, file: str) -> tuple[tuple[int, int] | None, tuple[Finding, ...]]:
    """Read Payload-Oxum: bytes and number of files, or `None` where it cannot be used."""
    fields = [f for f in info.fields if f.label.casefold() == "payload-oxum"]
    if not fields:
        return None, ()
    if len(fields) > 1:
        lines = ", ".join(str(f.line) for f in fields)
        return None, (kinds.OXUM_TWICE.at(f"given on lines {lines}", file, fields[1].line),)
    match = _OXUM.fullmatch(fields[0].value)
    if match is None:
        message = f"not `bytes.files`: {fields[0].value[:80]!r}"
        return None, (kinds.OXUM_MALFORMED.at(message, file, fields[0].line),)
    return (int(match[1]), int(match[2])), ()
