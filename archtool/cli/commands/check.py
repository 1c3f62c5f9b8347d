"""`archtool check`: reports every problem that would keep `pack` from making a package."""

from __future__ import annotations

from pathlib import Path

import click

from archtool.cli import defaults
from archtool.cli.options import common
from archtool.cli.options.paths import ANY_PATH
from archtool.cli.terminal import output
from archtool.files.paths import shown
from archtool.operations.pack.check import CheckRequest, check
from archtool.report.result_json import result_object
from archtool.report.text.result import format_check_summary, format_findings


@click.command("check")
@click.argument("description", type=ANY_PATH, metavar="DESCRIPTION")
@common.files_option
@common.library_option
@common.strict_option
@common.json_option
def command(
    description: Path, files_root: Path | None, library: Path | None, *, strict: bool, as_json: bool
) -> int:
    """Check DESCRIPTION and every file that it names. Nothing is written."""
    result = check(CheckRequest(description, files_root, library, strict), defaults.make_progress())
    if as_json:
        output.json_line(result_object(result))
        return result.exit_code
    output.lines(format_findings(result.findings, output.width()))
    output.data(f"{shown(str(description))}: {format_check_summary(result)}\n")
    return result.exit_code
