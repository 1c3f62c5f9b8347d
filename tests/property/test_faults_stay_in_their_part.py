"""A syntax fault in one part of a description causes no finding about another part."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator

import pytest
import yaml

from archtool.description.loading import LoadedDescription, load_description
from packages import EXAMPLES

DESCRIPTION = EXAMPLES / "rakovsky-1932" / "description.yaml"
SIGNS = ('"', "'", "[", "]", "{", "}", ": ", "\t", "@", "*", "&", "- ", " ", "%", ",", "\\")
STRIDE = 7  # every seventh line is damaged: all of them take a minute
_NUMBERS = ("archtool", "from-line", "to-line", "enclosures-stated")


def damaged(line: str) -> Iterator[str]:
    """Yield a line without one of its signs, and with one more."""
    for match in re.finditer(r'["\'\[\]{}:,]', line):
        yield line[: match.start()] + line[match.end() :]
    indentation = len(line) - len(line.lstrip())
    for sign in SIGNS:
        for position in {0, indentation, len(line) // 2, len(line)}:
            yield line[:position] + sign + line[position:]


def parts_of(lines: list[str], first_of_part: str) -> list[int]:
    """Return for each line the first line of its part at the top level."""
    first, parts = 0, []
    for number, line in enumerate(lines):
        first = number if re.match(first_of_part, line) else first
        parts.append(first)
    return parts


def as_json(text: str) -> str:
    values = yaml.load(text, Loader=yaml.BaseLoader)  # noqa: S506 - it makes texts only

    def typed(value: object, key: str = "") -> object:
        if isinstance(value, dict):
            return {name: typed(inner, name) for name, inner in value.items()}
        if isinstance(value, list):
            return [typed(inner) for inner in value]
        return int(str(value)) if key in _NUMBERS else {"true": True, "false": False}.get(str(value), value)

    return json.dumps(typed(values), indent=1, ensure_ascii=False)


def load(lines: list[str], *, is_json: bool) -> LoadedDescription:
    name = "letter.json" if is_json else "letter.yaml"
    return load_description("\n".join(lines).encode(), name, is_json=is_json)


@pytest.mark.parametrize("is_json", [False, True])
def test_a_damaged_line_causes_findings_about_its_own_part_only(*, is_json: bool) -> None:
    text = DESCRIPTION.read_text(encoding="utf-8")
    lines = (as_json(text) if is_json else text).split("\n")
    assert load(lines, is_json=is_json).description is not None
    known = {finding.message for finding in load(lines, is_json=is_json).findings}
    parts = parts_of(lines, r' "' if is_json else r"[^ \t#\]}-]")
    astray = []
    for number, line in enumerate(lines):
        if not line.strip() or line.lstrip().startswith("#") or number % STRIDE:
            continue
        for other in damaged(line):
            findings = load([*lines[:number], other, *lines[number + 1 :]], is_json=is_json).findings
            syntax = [f for f in findings if f.code == "description.syntax"]
            new = [f for f in findings if f not in syntax and f.message not in known]
            places = {parts[min((f.place and f.place.line) or 1, len(parts)) - 1] for f in new}
            # an id that is changed without a fault is not known elsewhere
            is_astray = places - {parts[number]} and {f.code for f in new} != {"description.id-unknown"}
            astray += [(number + 1, other, findings)] if len(syntax) > 1 or is_astray else []
    assert astray == []
