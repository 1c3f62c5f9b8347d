"""`archtool check`: reports every problem that would keep `pack` from making a package."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from archtool.cli import defaults
from archtool.cli.options import common
from archtool.cli.options.from_bag import from_bag_option, refuse_files_and_bag
from archtool.cli.options.paths import ANY_PATH
from archtool.cli.terminal import output
from archtool.files.paths import shown
from archtool.operations.pack.check import CheckRequest, check
from archtool.report.annexe_lines import AnnexeLines
from archtool.report.result_json import result_object
from archtool.report.text.result import format_check_summary, format_findings
from archtool.report.text.show.annexe_lines import format_annexe_lines


@click.command("check")
@click.argument("description", type=ANY_PATH, metavar="DESCRIPTION")
@common.files_option
@from_bag_option("Check against the payload of a bag that another tool made, as pack --from-bag does.")
@common.library_option
@common.target_profile_option
@common.strict_option
@common.json_option
def command(description: Path, from_bag: Path | None, *, strict: bool, as_json: bool, **given: Any) -> int:
    """Check DESCRIPTION and every file that it names. Nothing is written.

    \b
    archtool check letter/description.yaml
    archtool check letter/description.yaml --strict --json

    The first and last words of each annexe that is a range of lines (`within`) are quoted, to be compared.

    With --from-bag, the declared files are the files below data/ in a bag (a folder or an archive), and they
    are compared with its manifests: what pack --from-bag would refuse is reported.
    """  # noqa: D301 - `\b` keeps the lines
    refuse_files_and_bag(given["files_root"], from_bag)
    request = CheckRequest(
        description,
        given["files_root"],
        given["library"],
        strict,
        from_bag,
        common.load_target_profile(given["profile_path"]),
    )
    result = check(request, defaults.make_progress())
    if from_bag is not None and not result.facts.get("is_adoptable", True):
        bag = shown(str(from_bag))
        output.message(f"{bag} is not a valid bag, so it cannot be adopted: run archtool verify {bag}")
    if as_json:
        output.json_line(result_object(result))
        return result.exit_code
    output.lines(format_findings(result.findings, output.width()))
    for facts in result.facts.get("line_ranges", ()):
        output.lines(format_annexe_lines(AnnexeLines.of(facts), output.width()))
    output.data(f"{shown(str(description))}: {format_check_summary(result)}\n")
    return result.exit_code
