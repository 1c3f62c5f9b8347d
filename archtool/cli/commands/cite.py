"""`archtool cite`: prints the citation of a package's source."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from archtool.cli.options import clock, common
from archtool.cli.options.paths import ANY_PATH
from archtool.cli.terminal import output
from archtool.findings import exit_code_of
from archtool.operations.cite import STYLES, cite


@click.command("cite")
@click.argument("bag", type=ANY_PATH, metavar="BAG")
@click.option(
    "--style", type=click.Choice(list(STYLES)), default="plain", show_default=True, help="Citation format."
)
@common.limits_options
def command(bag: Path, style: str, **given: Any) -> int:
    """Print the citation of the source that BAG transcribes.

    The digests and signatures of the citation are checked; if one does not match, the citation is printed and
    the exit code is 1. Control characters, bidi controls and invisible characters are removed with a warning;
    in csl-json they are escaped.
    """
    citation = cite(bag, style, clock.now(), common.pop_limits(given))
    output.citation(citation.text)
    output.findings(citation.findings)
    return exit_code_of(citation.findings)
