"""Repairs a text file in memory: reads it, applies the rule sets, and proves that the log can be undone.

1. Read the file and decode it without loss.
2. Read the word lists and the answers.
3. Apply the rule sets.
4. Write the change log, replay it and undo it: both must lead to the very same bytes.
5. Make the questions for a person.
"""

from __future__ import annotations

import contextlib
from collections.abc import Iterator, Sequence
from pathlib import Path

from archtool.encodings import DEFAULT_ENCODING, wide_encoding_of
from archtool.errors import InputError, UsageError
from archtool.files.named_files import read_input
from archtool.files.paths import shown
from archtool.findings import Finding
from archtool.nearest_names import did_you_mean, nearest_name
from archtool.operations.text_repair import finding_kinds
from archtool.operations.text_repair.model import TextRepair, TextRepairRequest
from archtool.operations.text_repair.questions import open_places_of, questions_of
from archtool.text.repairing.change_log import (
    ChangeLog,
    ChangeLogError,
    RepairedFile,
    RulePass,
    UsedWordList,
    replay,
    to_utf8,
    undo,
)
from archtool.text.repairing.change_log_file import SUFFIX, format_change_log, parse_change_log
from archtool.text.repairing.changes import RepairContext, Words
from archtool.text.repairing.limits import (
    MAX_CHANGE_LOG_BYTES,
    MAX_CHANGES,
    MAX_REPAIRED_BYTES,
    MAX_REVIEW_BYTES,
)
from archtool.text.repairing.repair import RepairedText, repair_text
from archtool.text.repairing.review_file import Review, merge_questions, parse_review
from archtool.text.repairing.rule_sets import RULE_SETS, in_order
from archtool.text.repairing.word_lists.load import WordList, load_word_list


def repair_file(request: TextRepairRequest) -> TextRepair:
    """Repair a text in memory; nothing is written.

    Raises:
        UsageError: there is no rule set or encoding of that name.
        InputError: the text, a word list or the review file cannot be used.
    """
    rules = in_order(check_rule_names(request.rules))
    original = read_input(request.source, MAX_REPAIRED_BYTES, "the text")  # (1)
    encoding, utf8 = _decode(original, request)
    lists = [load_word_list(path) for path in request.word_lists]  # (2)
    review = _read_review(request.review)
    context = RepairContext(request.language, _AnyList(lists) if lists else None)
    repaired = repair_text(utf8.decode(), rules, context, review.answers)  # (3)
    if repaired.change_count > MAX_CHANGES:
        raise InputError(
            f"{shown(str(request.source))} would need {repaired.change_count:,} changes; a change log has at "
            f"most {MAX_CHANGES:,}",
            hint="repair it in parts, or with fewer rule sets (--rules)",
        )
    log = _log(request, original, encoding, lists, repaired)
    copy = _proven_copy(log, original)  # (4)
    questions = merge_questions(review.questions, list(questions_of(repaired)))  # (5)
    is_changed = repaired.change_count > 0
    notes = _already_repaired(request.source, original) if is_changed else ()
    findings = (*notes, *_findings(request, repaired, review))
    return TextRepair(request, original, copy, log, repaired, tuple(questions), len(review.answers), findings)


def check_rule_names(names: Sequence[str] | None) -> tuple[str, ...]:
    """Return the names of the rule sets to apply; all of them if none is named.

    Raises:
        UsageError: there is no rule set of a name; the hint has the nearest one.
    """
    for name in names or ():
        if name not in RULE_SETS:
            versions = {known.partition("/")[0]: known for known in RULE_SETS}
            nearest = versions.get(name) or nearest_name(name.partition("/")[0], versions)
            nearest = versions.get(nearest or "", nearest)
            raise UsageError(
                f"there is no rule set {name!r}",
                hint=did_you_mean(nearest) if nearest else f"there are: {', '.join(RULE_SETS)}",
            )
    return tuple(names) if names is not None else tuple(RULE_SETS)


class _AnyList:
    """Several word lists as one."""

    def __init__(self, lists: Sequence[Words]) -> None:
        self._lists = lists

    def __contains__(self, word: object, /) -> bool:
        return any(word in one for one in self._lists)


def _decode(original: bytes, request: TextRepairRequest) -> tuple[str, bytes]:
    """Return the name of the encoding, with its byte order, and the text in UTF-8."""
    name = shown(str(request.source))
    encoding = request.encoding or DEFAULT_ENCODING
    wide = wide_encoding_of(original[:4])
    if encoding in ("utf-16", "utf-32") or (request.encoding is None and wide is not None):
        is_big = original[:1] in (b"\0", b"\xfe")
        encoding = f"{(wide or encoding).lower()}-{'be' if is_big else 'le'}"
    try:
        return encoding, to_utf8(original, encoding)
    except ChangeLogError as error:
        hint = "name its encoding, such as: --encoding windows-1252; archtool text check shows the places"
        raise InputError(f"{name}: {error.message}", hint=hint) from None


def _read_review(path: Path | None) -> Review:
    if path is None or not path.exists():
        return Review()
    return parse_review(read_input(path, MAX_REVIEW_BYTES, "the review file"), shown(str(path)))


def _log(
    request: TextRepairRequest,
    original: bytes,
    encoding: str,
    lists: Sequence[WordList],
    repaired: RepairedText,
) -> ChangeLog:
    passes = repaired.passes
    if request.rules is None:
        idle = {one.name for one in repaired.applied if one.is_idle}
        passes = tuple(one for one in passes if one.name not in idle)
    return ChangeLog(
        original=RepairedFile.of(request.source.name, original),
        copy=RepairedFile.of(request.copy.name, repaired.text.encode()),
        encoding=encoding,
        software=request.software,
        date=request.date,
        language=request.language,
        reviewer=request.reviewer if _is_decided(passes) else None,
        open_places=len(repaired.open_places),
        word_lists=tuple(UsedWordList(file.name, file.sha512) for one in lists for file in one.files),
        passes=passes,
    )


def _is_decided(passes: Sequence[RulePass]) -> bool:
    return any(change.is_decided for one in passes for change in one.changes)


def _proven_copy(log: ChangeLog, original: bytes) -> bytes:
    """Return the copy that the written log leads to, after leading back to the original from there."""
    read_back = parse_change_log(format_change_log(log))
    copy = replay(read_back, original)
    undo(read_back, copy)
    return copy


def _findings(request: TextRepairRequest, repaired: RepairedText, review: Review) -> Iterator[Finding]:
    name = str(request.source)
    for one in open_places_of(repaired):
        evidence = " / ".join(reading.evidence for reading in one.asked.place.readings)
        yield finding_kinds.PLACE_UNDECIDED.at(f"{one.asked.rule}: {evidence}", name, one.line, one.column)
    for question in review.questions:
        if question.answer and question.key not in repaired.used_answers:
            place = f"the place in {question.where} ({question.rule})"
            message = f"the answer {question.answer!r} to {place} is not used"
            yield finding_kinds.ANSWER_UNUSED.at(message, str(request.review))


def _already_repaired(source: Path, original: bytes) -> Iterator[Finding]:
    """Yield a note if the log beside a file says that it is a copy."""
    path = source.with_name(source.name + SUFFIX)
    if not path.is_file():
        return
    with contextlib.suppress(InputError):
        log = parse_change_log(read_input(path, MAX_CHANGE_LOG_BYTES, "the change log"))
        if log.copy.is_file(original):
            message = f"{shown(path.name)} says that it was made from {shown(log.original.name)} by a repair"
            yield finding_kinds.ALREADY_REPAIRED.at(message, str(source))
