"""Formats the rows of the page of a batch: one job each, with all that was found."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from html import escape as escape_markup
from typing import Any

from archtool.exit_codes import ExitCode
from archtool.printable import show_steering
from archtool.report.numbers import counted, format_size
from archtool.report.result_json import parse_place
from archtool.report.text.result import brief_head

MAX_FINDINGS_SHOWN = 1_000  # of one job


def escape(text: str) -> str:
    """Escape a text for HTML: markup as entities, control and invisible characters as their codes."""
    return escape_markup(show_steering(text))


def refused_row(job: Mapping[str, Any]) -> str:
    """Return the row of a failed job: its findings, or its message."""
    parts = []
    if job["message"] and not job["findings"]:
        parts.append(f'<span class="error">{escape(job["message"])}</span>')
        parts += [_hint(job["hint"])] if job["hint"] else []
    parts += [_verdict(job), *_findings(job)]
    code = job["exit_code"]
    words = ExitCode(code).name.replace("_", " ").lower() if code in set(ExitCode) else ""
    exit_code = f'{code} <span class="hint">{words}</span>'
    return _row(f"<code><bdi>{escape(job['job'])}</bdi></code>", exit_code, "\n".join(filter(None, parts)))


def finished_row(job: Mapping[str, Any]) -> str:
    """Return the row of a job that did not fail: what it made, and warnings and notes."""
    product = job["product"]
    title = [f"<bdi>{escape(product['title'])}</bdi>"] if product["title"] else []
    title += [_verdict(job), *_findings(job)]
    title += [f'<div class="hint">{escape(job["message"])}</div>'] if job["message"] else []
    made = [f"<code><bdi>{escape(product['package'])}</bdi></code>"] if product["package"] else []
    if product["head"]:
        made.append(f'<div class="head"><code>{escape(brief_head(product["head"]))}</code></div>')
    files, size_bytes = product["files"], product["size_bytes"]
    return _row(
        f"<code><bdi>{escape(job['job'])}</bdi></code>",
        "\n".join(filter(None, title)),
        "\n".join(made),
        _number("" if files is None else f"{files:,}"),
        _number("" if size_bytes is None else format_size(size_bytes)),
    )


def _row(*cells: str) -> str:
    filled = (cell if cell.startswith("<td") else f"<td>{cell}</td>" for cell in cells)
    return f"<tr>{''.join(filled)}</tr>\n"


def _number(text: str) -> str:
    return f'<td class="number">{text}</td>'


def _verdict(job: Mapping[str, Any]) -> str:
    text = " · ".join(f"{name} {value}" for name, value in (job["verdict"] or {}).items())
    return f"<div>{escape(text)}</div>" if text else ""


def _findings(job: Mapping[str, Any]) -> Iterator[str]:
    shown = job["findings"][:MAX_FINDINGS_SHOWN]
    left = len(job["findings"]) - len(shown)
    items = [*map(_finding, shown)]
    items += [f"<li>and {counted(left, 'more finding')}: --csv FILE lists all of them</li>"] if left else []
    if items:
        yield f"<ul>{''.join(items)}</ul>"


def _finding(finding: Mapping[str, Any]) -> str:
    severity = escape(finding["severity"])
    text = f'<span class="{severity}">{severity}</span> {escape(finding["message"])}'
    place = parse_place(finding)
    where = f'<span class="place">{escape(str(place))}:</span> ' if place is not None else ""
    code = f" <code>[{escape(finding['code'])}]</code>"
    hint = _hint(finding["hint"]) if finding.get("hint") and finding["severity"] != "note" else ""
    return f"<li>{where}{text}{code}{hint}</li>"


def _hint(text: str) -> str:
    return f'<div class="hint">hint: {escape(text)}</div>'
