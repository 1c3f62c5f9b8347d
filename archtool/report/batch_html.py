"""Formats the jobs of a batch as one HTML page, without scripts or external files, to stay readable."""

from __future__ import annotations

from base64 import b64encode
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from hashlib import sha256
from typing import Any

from archtool.report.batch_html_rows import escape, finished_row, refused_row
from archtool.report.batch_html_style import STYLE
from archtool.report.batch_product import status_of
from archtool.report.numbers import counted, format_size

MAX_SHOWN = 10_000  # jobs in one list: a browser takes seconds for more
MAX_OPEN = 1_000  # rows of a list that is open when the page is opened
GENERATOR = '<meta name="generator" content="archtool batch">'
LABELS = {"failed": "failed", "done": "done", "left": "left as they were", "not-begun": "not begun"}
_POLICY = f"default-src 'none'; style-src 'sha256-{b64encode(sha256(STYLE.encode()).digest()).decode()}'"
_NUMBERS = ("files", "size", "findings", "jobs")
_ALL = "--csv FILE lists all of them"
Jobs = Callable[[str, int], Iterable[Mapping[str, Any]]]
"""Returns the first jobs with a status, in the order of the source."""


class BatchPage:
    """Counts the jobs as they end, and formats the page from them and from the stored jobs."""

    def __init__(self, title: str, begun: str, planned: int, *, is_check: bool = False) -> None:
        self._title = title
        self._begun = begun
        self._note = " Nothing was written: this is a check." if is_check else ""
        self._labels = {**LABELS, "done": "ready"} if is_check else LABELS
        self._counts = Counter({"failed": 0, "done": 0, "left": 0, "not-begun": planned})
        self._kinds: Counter[tuple[str, str]] = Counter()
        self._jobs_of_kind: Counter[tuple[str, str]] = Counter()
        self._size_bytes = 0

    def add(self, job: Mapping[str, Any]) -> None:
        """Count one job, given as its JSON object."""
        self._counts[status_of(job)] += 1
        self._counts["not-begun"] -= 1
        self._size_bytes += job["bytes"]
        kinds = [(finding["severity"], finding["code"]) for finding in job["findings"]]
        self._kinds.update(kinds)
        self._jobs_of_kind.update(set(kinds))

    def format(self, seconds: float, jobs: Jobs) -> Iterator[str]:
        """Yield the page in parts."""
        yield (
            f"<!doctype html>\n<html lang=en>\n<head>\n<meta charset=utf-8>\n{GENERATOR}\n"
            f'<meta http-equiv="Content-Security-Policy" content="{_POLICY}">\n'
            '<meta name="viewport" content="width=device-width">\n'
            f"<title>{escape(self._title)}</title>\n<style>{STYLE}</style>\n</head>\n<body>\n<main>\n"
            f"<h1>{escape(self._title)}</h1>\n<p>Started {escape(self._begun)}.{self._note}</p>\n"
        )
        yield from self._numbers(seconds)
        yield from self._kind_table()
        yield from self._list("failed", ("job", "exit code", "what is wrong"), refused_row, jobs)
        heads = ("job", "title", "package and head", "files", "size")
        yield from self._list("done", heads, finished_row, jobs)
        yield from self._list("left", heads, finished_row, jobs)
        yield "</main>\n</body>\n</html>\n"

    def _numbers(self, seconds: float) -> Iterator[str]:
        yield "<dl>\n"
        for name, label in self._labels.items():
            number = self._counts[name]
            mark = {"failed": "bad", "not-begun": "bad", "done": "good"}.get(name) if number else None
            shown = f' class="{mark}"' if mark else ""
            text = f'<a href="#{name}">{number:,}</a>' if number and name != "not-begun" else f"{number:,}"
            yield f"<div><dt>{label}</dt><dd{shown}>{text}</dd></div>\n"
        yield f"<div><dt>size</dt><dd>{format_size(self._size_bytes)}</dd></div>\n"
        yield f"<div><dt>time</dt><dd>{seconds:,.1f} s</dd></div>\n</dl>\n"

    def _kind_table(self) -> Iterator[str]:
        if not self._kinds:
            return
        yield "<h2>Findings by kind</h2>\n<table>\n<thead><tr>"
        heads = ("finding", "severity", "findings", "jobs")
        yield "".join(f"<th scope=col{_class_of(head)}>{head}</th>" for head in heads)
        yield "</tr></thead>\n<tbody>\n"
        for (severity, code), count in self._kinds.most_common():
            number = self._jobs_of_kind[severity, code]
            yield f"<tr><td><code>{escape(code)}</code></td><td>{escape(severity)}</td>"
            yield f'<td class="number">{count:,}</td><td class="number">{number:,}</td></tr>\n'
        yield "</tbody>\n</table>\n"

    def _list(
        self, status: str, heads: Iterable[str], row: Callable[[Mapping[str, Any]], str], jobs: Jobs
    ) -> Iterator[str]:
        """Yield the list of the jobs with a status; it can be folded, and is printed as it is seen."""
        count = self._counts[status]
        if not count:
            if status == "failed":
                yield '<p class="good">No job has failed.</p>\n'
            return
        is_open = " open" if count <= MAX_OPEN or status == "failed" else ""
        title = f"{self._labels[status].capitalize()}: {counted(count, 'job')}"
        yield f'<details id="{status}"{is_open}>\n<summary>{title}</summary>\n<table>\n'
        if count > MAX_SHOWN:
            yield f"<caption>and {counted(count - MAX_SHOWN, 'more job')}: {_ALL}</caption>\n"
        cells = (f"<th scope=col{_class_of(head)}>{head}</th>" for head in heads)
        yield f"<thead><tr>{''.join(cells)}</tr></thead>\n<tbody>\n"
        for job in jobs(status, MAX_SHOWN):
            yield row(job)
        yield "</tbody>\n</table>\n</details>\n"


def _class_of(head: str) -> str:
    return ' class="number"' if head in _NUMBERS else ""
