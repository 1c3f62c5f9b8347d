"""Formats the page of a package as HTML: self-contained, without scripts, safe with hostile texts."""

from __future__ import annotations

from base64 import b64encode
from collections import Counter
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from functools import cache
from typing import TYPE_CHECKING, Any

from markupsafe import Markup

from archtool.files.paths import shown
from archtool.findings import Finding, Severity
from archtool.printable import show_in_prose
from archtool.report.html.environment import make_environment, policy_of, render
from archtool.report.numbers import counted, format_size
from archtool.report.package_page import limits, words
from archtool.report.package_page.anchors import anchors_of, annexe_anchor, stretch_anchor, text_anchor
from archtool.report.package_page.hand_check import instruction_blocks
from archtool.report.package_page.history_table import history_rows
from archtool.report.package_page.languages import language_attributes
from archtool.report.package_page.links import web_link
from archtool.report.package_page.model import PackagePage, ShownImage
from archtool.report.package_page.style import STYLE
from archtool.report.package_page.text_parts import text_parts
from archtool.report.package_view import PackageView
from archtool.report.provenance.account import build_account
from archtool.report.provenance.drawing import STYLE as DRAWING_STYLE
from archtool.report.provenance.drawing import draw_history
from archtool.report.provenance.words.dates import say_date
from archtool.report.rights_words import rights_in_words
from archtool.report.text.show.phrases import attribution, dated

if TYPE_CHECKING:
    from jinja2 import Environment

GENERATOR = '<meta name="generator" content="archtool report">'
_PACKAGE = "archtool.report.package_page"
_MORE_POLICY = "; img-src data:; base-uri 'none'; form-action 'none'"
_ORDER = {Severity.ERROR: 0, Severity.WARNING: 1, Severity.NOTE: 2}


def format_page(page: PackagePage) -> Iterator[str]:
    """Yield the page in parts; the same page gives the same text."""
    return render(_environment(), "page.html.jinja", **page_values(page))


def page_values(page: PackagePage) -> dict[str, Any]:
    """Return the values that the templates of the page need."""
    description = page.view.description
    drawing = "" if page.history is None else show_in_prose(draw_history(page.history))
    return {
        "page": page,
        "view": page.view,
        "description": description,
        "facts": page.result.facts,
        "title": page.name if description is None else description.title,
        "title_language": title_language(page.view),
        "anchors": anchors_of(page),
        "texts": [(n, text, text_parts(text, page.page_lines)) for n, text in enumerate(page.texts, 1)],
        "untitled": sum(text.title is None and text.annexe is None for text in page.texts),
        "images": _images_by_text(page),
        "drawing": Markup(drawing),  # noqa: S704 - the drawing escapes its labels
        "history": history_rows(page.history),
        "account": () if page.history is None else build_account(page.history),
        "verdicts": tuple(words.verdicts(page)),
        "findings": tuple(_shown_findings(page.result.findings)),
        "hidden_findings": _hidden_findings(page.result.findings),
        "attestations": _shown_attestations(page),
        "blocks": tuple(instruction_blocks(page.instructions)),
    }


def title_language(view: PackageView) -> str | None:
    """Return the language of the title, if it is the document's own."""
    description = view.description
    if description is None or description.title_status == "supplied":
        return None
    tags = {part.language or description.language for part in description.transcription}
    return next(iter(tags)) if len(tags) == 1 else None


def _images_by_text(page: PackagePage) -> dict[int, tuple[ShownImage, ...]]:
    """Return the images beside each text, by its number; those of no particular text are beside the first."""
    placed: dict[int, list[ShownImage]] = {}
    shown_texts = [number for number, text in enumerate(page.texts, 1) if text.lines]
    for image in page.facsimiles.images:
        named = [n for n in shown_texts if image.of is not None and image.of in page.texts[n - 1].ids]
        number = named[0] if named else shown_texts[0] if shown_texts else 0
        placed.setdefault(number, []).append(image)
    return {number: tuple(images) for number, images in placed.items()}


def _shown_findings(findings: Sequence[Finding]) -> Iterator[Finding]:
    counts: Counter[str] = Counter()
    for finding in sorted(findings, key=lambda f: _ORDER[f.severity]):
        counts[finding.code] += 1
        if counts[finding.code] <= limits.MAX_FINDINGS_OF_CODE:
            yield finding


def _hidden_findings(findings: Sequence[Finding]) -> dict[str, int]:
    counts = Counter(finding.code for finding in findings)
    most = limits.MAX_FINDINGS_OF_CODE
    return {code: count - most for code, count in sorted(counts.items()) if count > most}


def _shown_attestations(page: PackagePage) -> Sequence[object]:
    attestations = tuple(page.result.facts.get("attestations") or ())
    if len(attestations) <= limits.MAX_ATTESTATIONS:
        return attestations
    return (attestations[0], *attestations[1 - limits.MAX_ATTESTATIONS :])


def _data_address(image: ShownImage) -> Markup:
    """Return the image as a data address; its type is one of four constants."""
    return Markup("data:{};base64,{}").format(image.media_type, b64encode(image.data).decode("ascii"))


def _time(at: datetime | str | None) -> str:
    """Return a time in UTC: `2026-11-30 13:05 UTC`; one beyond the calendar as it is written."""
    if at is None:
        return "an unknown time"
    try:
        moment = (datetime.fromisoformat(at) if isinstance(at, str) else at).astimezone(UTC)
    except (ValueError, OverflowError):
        return str(at)
    return f"{moment:%Y-%m-%d %H:%M} UTC"


def _said_date(date: str | None) -> str:
    return "" if date is None else say_date(date, "en")


def _dated(date: str | None) -> str:
    """Return a date in words, and as it is written if that differs."""
    words = _said_date(date)
    return dated(date) if words == (date or "") else f"{words} ({date})"


def _event_date(date: str | None) -> str:
    if date is None:
        return "undated"
    return _time(date) if "T" in date else say_date(date, "en")


@cache
def _environment() -> Environment:
    return page_environment(_PACKAGE, STYLE, GENERATOR)


def page_environment(package: str, style: str, generator: str) -> Environment:
    """Return the environment for the templates of the page, and for those of a package that extend them."""
    policy = policy_of(style, DRAWING_STYLE, more=_MORE_POLICY)
    environment = make_environment((package, _PACKAGE), style, generator, policy, show_in_prose)
    environment.filters |= {
        "size": format_size,
        "number": lambda number: f"{number:,}",
        "time": _time,
        "path": shown,
        "lang": language_attributes,
        "link": web_link,
        "dated": _dated,
        "said_date": _said_date,
        "event_date": _event_date,
        "rights_words": rights_in_words,
        "attribution": attribution,
        "annexe_anchor": annexe_anchor,
        "stretch_anchor": stretch_anchor,
        "text_anchor": text_anchor,
        "data_address": _data_address,
    }
    environment.globals |= {
        "counted": counted,
        "limits": limits,
        "states": words.STATES,
        "not_asked": words.not_asked,
        "checked_words": words.checked_words,
        "is_bad": words.is_bad,
    }
    return environment
