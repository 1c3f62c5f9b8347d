"""Compares two text files: reads both, compares their words, and reports whether they differ."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from archtool.errors import InputError
from archtool.files.paths import shown
from archtool.findings import Finding
from archtool.operations.text_compare import finding_kinds
from archtool.operations.text_compare.facts import comparison_facts
from archtool.operations.text_compare.read_text import ReadText, read_text
from archtool.report.comparison.view import ComparisonView, TextSide
from archtool.report.numbers import counted
from archtool.results import Result
from archtool.text.comparing.compare import compare_texts
from archtool.text.comparing.limits import MAX_WORDS
from archtool.text.comparing.model import CompareRules, Kind, TextComparison
from archtool.text.comparing.words import count_words

RESULT_SCHEMA = "archtool/text-compare/1"


@dataclass(frozen=True, slots=True)
class CompareRequest:
    """Which two texts to compare, and how."""

    one: Path
    """The reference: error rates are those of the other text."""
    other: Path
    encoding_one: str | None = None
    encoding_other: str | None = None
    rules: CompareRules = field(default_factory=CompareRules)


@dataclass(frozen=True, slots=True)
class ComparedTexts:
    """The result for scripts, and the comparison for people."""

    result: Result
    view: ComparisonView


def compare_text_files(request: CompareRequest) -> ComparedTexts:
    """Compare two text files.

    Raises:
        InputError: one of them cannot be read, is no text, has an unknown encoding or too many words.
        StorageError: the system failed while it was read.
    """
    one = read_text(request.one, request.encoding_one, "--encoding-a")
    other = read_text(request.other, request.encoding_other, "--encoding-b")
    for read, path in ((one, request.one), (other, request.other)):
        _refuse_long(read.text, path)
    comparison = compare_texts(one.text, other.text, request.rules)
    sides = TextSide(str(request.one), one.encoding), TextSide(str(request.other), other.encoding)
    view = ComparisonView(*sides, comparison, request.rules)
    findings = (*one.findings, *other.findings, *_difference(comparison, str(request.other)))
    facts = {
        "a": _side_facts(request.one, one, len(comparison.one)),
        "b": _side_facts(request.other, other, len(comparison.other)),
        "ignored": list(view.ignored),
        **comparison_facts(comparison),
    }
    verdict = {"texts": "different" if comparison.has_difference else "same"}
    return ComparedTexts(Result(RESULT_SCHEMA, str(request.other), findings, verdict, facts), view)


def _refuse_long(text: str, path: Path) -> None:
    words = count_words(text)
    if words > MAX_WORDS:
        raise InputError(
            f"{shown(str(path))} has {words:,} words; at most {MAX_WORDS:,} are compared",
            hint="divide both texts at the same chapter, and compare the parts",
        )


def _side_facts(path: Path, read: ReadText, words: int) -> dict[str, str | int]:
    return {"file": str(path), "encoding": read.encoding, "words": words}


def _difference(comparison: TextComparison, name: str) -> Iterator[Finding]:
    if comparison.has_difference:
        number = sum(piece.size for piece in comparison.pieces if piece.kind is not Kind.SAME)
        yield finding_kinds.TEXTS_DIFFER.at(f"{counted(number, 'word')} of the two texts differ", shown(name))
