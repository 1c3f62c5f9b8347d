"""`archtool check`: everything that `pack` would complain of, all at once."""

from __future__ import annotations

from pathlib import Path

import click

from archtool.cli import options, outfit, screen
from archtool.fixity.paths import shown
from archtool.operations.check import CheckRequest, check
from archtool.report.result_json import result_object
from archtool.report.result_text import format_check_summary, format_findings


@click.command("check")
@click.argument("description", type=click.Path(path_type=Path), metavar="DESCRIPTION")
@options.files_option
@options.library_option
@options.strict_option
@options.json_option
def command(
    description: Path, files_root: Path | None, library: Path | None, *, strict: bool, as_json: bool
) -> int:
    """Look at DESCRIPTION and everything that it names. Nothing is written."""
    result = check(CheckRequest(description, files_root, library, strict), outfit.make_progress())
    if as_json:
        screen.json_line(result_object(result))
        return result.exit_code
    screen.lines(format_findings(result.findings, screen.width()))
    screen.data(f"{shown(str(description))}: {format_check_summary(result)}\n")
    return result.exit_code
