"""Formats the outcomes of a batch as one HTML page, without scripts or external files, to stay readable."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from html import escape as escape_markup
from typing import Any

from archtool.exit_codes import ExitCode
from archtool.printable import show_steering
from archtool.report.numbers import counted, format_size

MAX_SHOWN = 1_000  # failed jobs: a longer page is not read, and each job takes memory
MAX_FINDINGS_SHOWN = 10  # of one job
GENERATOR = '<meta name="generator" content="archtool batch">'
_LABELS = {"done": "done", "failed": "failed", "left": "left as they were", "not-begun": "not begun"}
_STYLE = """
:root { color-scheme: light dark; --line: #8886; --bad: #b3261e; --good: #2e6b34; --quiet: #777; }
@media (prefers-color-scheme: dark) { :root { --bad: #ff8a80; --good: #8fd19e; --quiet: #aaa; } }
body { font: 1rem/1.5 system-ui, sans-serif; max-width: 72rem; margin: 2rem auto; padding: 0 1rem; }
h1 { font-size: 1.4rem; } h2 { font-size: 1.1rem; margin-top: 2.5rem; }
dl { display: flex; flex-wrap: wrap; gap: 1rem 2.5rem; margin: 1.5rem 0; }
dt { color: var(--quiet); font-size: .85rem; } dd { margin: 0; font-size: 1.6rem; }
table { border-collapse: collapse; width: 100%; } caption { text-align: left; color: var(--quiet); }
th, td { text-align: left; vertical-align: top; padding: .4rem .8rem .4rem 0; }
td, th { border-top: 1px solid var(--line); }
td, code { overflow-wrap: anywhere; } .number { text-align: right; white-space: nowrap; }
ul { margin: .3rem 0 0; padding-left: 1.2rem; } .hint, .place { color: var(--quiet); }
.bad { color: var(--bad); } .good { color: var(--good); }
"""


def escape(text: str) -> str:
    """Escape a text for HTML: markup as entities, control and invisible characters as their codes."""
    return escape_markup(show_steering(text))


class BatchPage:
    """Collects what the page shows of each job: counts, and the failed jobs."""

    def __init__(self, title: str, begun: str, planned: int) -> None:
        self._title = title
        self._begun = begun
        self._counts = Counter({"done": 0, "failed": 0, "left": 0, "not-begun": planned})
        self._codes: Counter[int] = Counter()
        self._findings: Counter[tuple[str, str]] = Counter()
        self._failed: list[Mapping[str, Any]] = []
        self._size_bytes = 0

    def add(self, outcome: Mapping[str, Any]) -> None:
        """Add one job, given as its JSON object."""
        has_failed = outcome["exit_code"] != 0
        self._counts["failed" if has_failed else outcome["ending"]] += 1
        self._counts["not-begun"] -= 1
        self._size_bytes += outcome["bytes"]
        self._findings.update({(f["severity"], f["code"]) for f in outcome["findings"]})
        if has_failed:
            self._codes[outcome["exit_code"]] += 1
            if len(self._failed) < MAX_SHOWN:
                self._failed.append({**outcome, "facts": None})

    def format(self, seconds: float) -> str:
        """Return the page."""
        parts = [
            f"<!doctype html>\n<html lang=en>\n<head>\n<meta charset=utf-8>\n{GENERATOR}",
            '<meta name="viewport" content="width=device-width">',
            f"<title>{escape(self._title)}</title>\n<style>{_STYLE}</style>\n</head>\n<body>\n<main>",
            f"<h1>{escape(self._title)}</h1>\n<p>Started {escape(self._begun)}.</p>",
            *self._numbers(seconds),
            *_table("Exit codes of failed jobs", ("exit code", "jobs"), self._code_rows()),
            *_table("Findings", ("finding", "severity", "jobs"), self._finding_rows()),
            *self._failures(),
            "</main>\n</body>\n</html>\n",
        ]
        return "\n".join(parts)

    def _numbers(self, seconds: float) -> Iterator[str]:
        yield "<dl>"
        for name, label in _LABELS.items():
            number = self._counts[name]
            mark = {"failed": "bad", "not-begun": "bad", "done": "good"}.get(name) if number else None
            shown = f' class="{mark}"' if mark else ""
            yield f"<div><dt>{label}</dt><dd{shown}>{number:,}</dd></div>"
        yield f"<div><dt>size</dt><dd>{format_size(self._size_bytes)}</dd></div>"
        yield f"<div><dt>time</dt><dd>{seconds:,.1f} s</dd></div>\n</dl>"

    def _code_rows(self) -> list[tuple[str, ...]]:
        return [(_code_in_words(code), _number(count)) for code, count in sorted(self._codes.items())]

    def _finding_rows(self) -> list[tuple[str, ...]]:
        return [
            (f"<code>{escape(code)}</code>", escape(severity), _number(count))
            for (severity, code), count in self._findings.most_common()
        ]

    def _failures(self) -> Iterator[str]:
        more = self._counts["failed"] - len(self._failed)
        caption = f"and {counted(more, 'more job')}: see the output of the run" if more > 0 else ""
        failed = sorted(self._failed, key=lambda outcome: str(outcome["job"]))
        rows = [_failure(outcome) for outcome in failed]
        yield from _table("Failed jobs", ("job", "exit code", "reason"), rows, caption)
        if not rows:
            yield '<p class="good">No job has failed.</p>'


def _code_in_words(code: int) -> str:
    words = ExitCode(code).name.replace("_", " ").lower() if code in set(ExitCode) else "another code"
    return f"{code} <span class=hint>{words}</span>"


def _number(number: int) -> str:
    return f'<span class="number">{number:,}</span>'


def _failure(outcome: Mapping[str, Any]) -> tuple[str, ...]:
    parts = [escape(outcome["message"])] if outcome["message"] else []
    shown = outcome["findings"][:MAX_FINDINGS_SHOWN]
    items = [_finding(finding) for finding in shown]
    left = len(outcome["findings"]) - len(shown)
    items += [f"<li>and {counted(left, 'more finding')}</li>"] if left else []
    parts += [f"<ul>{''.join(items)}</ul>"] if items else []
    parts += [f'<div class="hint">{escape(outcome["hint"])}</div>'] if outcome["hint"] else []
    return f"<code>{escape(outcome['job'])}</code>", str(outcome["exit_code"]), "".join(parts)


def _finding(finding: Mapping[str, Any]) -> str:
    where = ":".join(str(finding[key]) for key in ("file", "line", "column") if finding.get(key) is not None)
    place = f' <span class="place">{escape(where)}</span>' if where else ""
    return f"<li><code>{escape(finding['code'])}</code> {escape(finding['message'])}{place}</li>"


def _table(
    title: str, heads: Sequence[str], rows: Iterable[Sequence[str]], caption: str = ""
) -> Iterator[str]:
    listed = list(rows)
    if not listed:
        return
    yield f"<h2>{title}</h2>\n<table>"
    if caption:
        yield f"<caption>{caption}</caption>"
    yield f"<thead><tr>{''.join(f'<th scope=col>{head}</th>' for head in heads)}</tr></thead>\n<tbody>"
    for cells in listed:
        yield f"<tr>{''.join(f'<td>{cell}</td>' for cell in cells)}</tr>"
    yield "</tbody>\n</table>"
