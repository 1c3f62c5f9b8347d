"""Formats a batch as text: a line for each job, what is wrong with failed ones, and the totals."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import NamedTuple

from archtool.findings import Finding, Severity
from archtool.report.batch_product import Product
from archtool.report.numbers import counted, format_size
from archtool.report.text.columns import fit, pad, text_width
from archtool.report.text.page import MIN_WIDTH, one_line, wrap
from archtool.report.text.result import format_findings

_ENDING_COLUMNS = 8
_FILES_COLUMNS = 9  # `999 files`; a larger number moves what follows
_SIZE_COLUMNS = 10  # `999.9 MB`
_SECONDS_COLUMNS = 9  # `999.9 s`
_KEY_SHARE = 4  # the key gets a quarter of the line; it is never cut, and a longer one moves what follows
_MIN_TITLE_COLUMNS = 8
_NARROW = 60  # columns: less has no room for the number of files
_MANY_SECONDS = 1000
_PLAIN_VERDICTS = ("bag", "content", "trust")  # in this order, as in all output of `verify`
_ALWAYS = ("done", "failed")  # counts that are shown if they are zero
_NOT_AGAIN = "as in the last run"


class Style(StrEnum):
    """How a line looks on a terminal."""

    PLAIN = "plain"
    BAD = "bad"
    QUIET = "quiet"


class Line(NamedTuple):
    """A line of text."""

    text: str
    style: Style = Style.PLAIN


@dataclass(frozen=True, slots=True)
class EndedJob:
    """What is shown of a job that has ended."""

    key: str
    ending: str
    """`done`, `left` or another word for the first column, if it did not fail."""
    is_failure: bool = False
    is_left: bool = False
    """Whether nothing was done, because an earlier run did the job or tried it."""
    message: str | None = None
    hint: str | None = None
    findings: tuple[Finding, ...] = ()
    verdict: Mapping[str, str] = field(default_factory=dict)
    product: Product = field(default_factory=Product)
    seconds: float = 0.0


def format_job(job: EndedJob, width: int) -> Iterator[Line]:
    """Yield the line of a job, and below it what is wrong if it failed.

    The numbers stand before the title: a title in a script that is written from right to left would change
    their order on some terminals.
    """
    width = max(width, MIN_WIDTH)
    if job.is_failure:
        yield from _failure(job, width)
        return
    row = _row(job.ending, job.key, width) + _numbers(job, width)
    room = width - text_width(row) - 2
    title = fit(_subject(job), room) if room >= _MIN_TITLE_COLUMNS else ""
    yield Line(f"{row}  {title}".rstrip(), Style.QUIET if job.is_left else Style.PLAIN)


def _row(ending: str, key: str, width: int) -> str:
    return f"{ending:<{_ENDING_COLUMNS}}" + pad(one_line(key), width // _KEY_SHARE)


def _numbers(job: EndedJob, width: int) -> str:
    """Return files, size and time in columns; nothing if the job was left and none of them is known."""
    product = job.product
    if job.is_left and product.files is None:
        return ""
    files = "" if product.files is None else counted(product.files, "file")
    size = "" if product.size_bytes is None else format_size(product.size_bytes)
    seconds = "" if job.is_left else _seconds(job.seconds)
    has_room = width >= _NARROW and not job.verdict  # the verdicts need it
    columns = f"  {files:>{_FILES_COLUMNS}}" if has_room else ""
    return f"{columns}{size:>{_SIZE_COLUMNS}}{seconds:>{_SECONDS_COLUMNS}}"


def _seconds(seconds: float) -> str:
    return f"{seconds:.1f} s" if seconds < _MANY_SECONDS else f"{seconds:,.0f} s"


def _subject(job: EndedJob) -> str:
    """Return the end of a line: warnings, verdicts, the new attestation, the title, or why it was left."""
    parts: list[str | None] = [_counts(job.findings, (Severity.WARNING,))]
    parts += [value if name in _PLAIN_VERDICTS else f"{name} {value}" for name, value in job.verdict.items()]
    parts += [job.product.attestation, job.product.title, job.message]
    return one_line(" · ".join([part for part in parts if part]))


def _counts(findings: tuple[Finding, ...], severities: tuple[Severity, ...]) -> str:
    counts = Counter(finding.severity for finding in findings)
    return ", ".join([counted(counts[one], one.value) for one in severities if counts[one]])


def _failure(job: EndedJob, width: int) -> Iterator[Line]:
    verdicts = [f"{name} {value}" for name, value in job.verdict.items()]
    parts = [*verdicts, _counts(job.findings, (Severity.ERROR, Severity.WARNING))]
    parts += [_NOT_AGAIN] if job.is_left else []
    row = _row("FAILED", job.key, width)
    text = one_line(" · ".join([part for part in parts if part]))
    if text_width(row) + 2 + text_width(text) <= width:
        yield Line(f"{row}  {text}".rstrip(), Style.BAD)
    else:
        yield Line(row.rstrip(), Style.BAD)
        yield from map(Line, wrap(text, width, " " * _ENDING_COLUMNS))
    for line in format_findings(job.findings, width):
        yield Line(line)
    if not job.findings:  # otherwise the message only says that there are findings
        yield from map(Line, wrap(one_line(job.message or "it ended without a message"), width, "  error "))
        if job.hint:
            yield from map(Line, wrap(one_line(job.hint), width, "        hint: "))


def format_batch_summary(
    counts: Mapping[str, int], size_bytes: int, seconds: float, words: Mapping[str, str] | None = None
) -> str:
    """Return the counts in one line; `words` replaces words such as `done`."""
    names = {"done": "done", "failed": "failed", "left": "left as they were", "not-begun": "not begun"}
    names |= words or {}
    parts = [counted(sum(counts.values()), "job")]
    parts += [f"{counts[key]:,} {name}" for key, name in names.items() if counts[key] or key in _ALWAYS]
    return " · ".join([*parts, format_size(size_bytes), f"{seconds:,.1f} s"])
