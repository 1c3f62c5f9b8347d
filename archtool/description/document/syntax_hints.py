"""Explains the syntax faults of YAML in plain words, from the parser's message and the line of the fault."""

from __future__ import annotations

import re
from typing import NamedTuple

_NEEDS_QUOTES = frozenset("@`%")  # characters that a plain value cannot begin with
_KEY_BEFORE = re.compile(r"\s+(?:- +)*[^\s:#][^:#]*")
_QUOTED_BEFORE = re.compile(r""".*[:\-,\[{] *(?:"[^"]*"|'[^']*') *""")


class SyntaxExplanation(NamedTuple):
    """What is wrong, and what to do about it."""

    message: str
    hint: str | None


_TAB = SyntaxExplanation("a tab is used to indent", "indent with spaces, not with tabs")
_INDENTATION = SyntaxExplanation(
    "this line is indented in another way than the lines that it belongs with",
    "begin it in the same column as those lines",
)
_AFTER_QUOTES = SyntaxExplanation(
    "a text goes on after its closing quotation mark",
    "put all of it in the other kind of quotes: 'He said \"no\"'",
)
# what the parser says, and its explanation; the first that fits
_EXPLANATIONS = (
    ("mapping values are not allowed", "the value contains `: `", "put the value in quotes"),
    ("scanning an alias", "a value cannot begin with `*`", "put the value in quotes"),
    ("scanning an anchor", "a value cannot begin with `&`", "put the value in quotes"),
    ("scanning a tag", "a value cannot begin with `!`", "put the value in quotes"),
    ("expected ':'", "a colon is missing after the key", "write `key: value`; a long text goes on indented"),
    ("expected ',' or", "a comma or a closing bracket is missing",
     "write a comma between the items, and close each bracket: `[a, b]`, `{ key: value }`"),
    ("flow", "a bracket is not closed, or a value is missing",
     "close each bracket: `[a, b]`, `{ key: value }`"),
    ("block scalar", "a text after `|` or `>` is not indented", "write it on lines of its own, indented"),
    ("unknown escape", "a backslash in double quotes begins an escape",
     "write \\\\ for a backslash, or use single quotes"),
)  # fmt: skip
_OF_INDENTATION = ("expected key", "block end", "'-' indicator")


def explain_yaml(problem: str, context: str, line: str, column: int) -> SyntaxExplanation:
    """Explain a fault; `line` is the line of the fault, `column` counts from 1."""
    before, char = line[: column - 1], line[column - 1 : column]
    said = f"{problem} {context}"
    if char == "\t" or "\t" in before[: len(before) - len(before.lstrip())]:
        return _TAB
    if char in _NEEDS_QUOTES and "cannot start any token" in said:
        return SyntaxExplanation(f"a value cannot begin with `{char}`", "put the value in quotes")
    if any(words in said for words in _OF_INDENTATION):
        return _AFTER_QUOTES if char.strip() and _QUOTED_BEFORE.fullmatch(before) else _INDENTATION
    if "mapping values" in said and _KEY_BEFORE.fullmatch(before):
        return _INDENTATION
    known = (SyntaxExplanation(*text) for words, *text in _EXPLANATIONS if words in said)
    about = f" ({context})" if context else ""
    return next(known, SyntaxExplanation(f"{problem}{about}", None))
