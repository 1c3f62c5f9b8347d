"""`archtool check`: reports every problem that would keep `pack` from making a package."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from archtool.cli import defaults
from archtool.cli.error_boundary import report_error
from archtool.cli.options import common
from archtool.cli.options.from_bag import from_bag_option, refuse_files_and_bag
from archtool.cli.options.paths import ANY_PATH
from archtool.cli.terminal import output
from archtool.errors import ArchtoolError, UsageError
from archtool.exit_codes import ExitCode, worst_exit_code
from archtool.files.paths import shell_word, shown
from archtool.findings import has_errors
from archtool.operations.pack.check import CheckRequest, check
from archtool.report.annexe_lines import AnnexeLines
from archtool.report.result_json import result_object
from archtool.report.text.page import wrap
from archtool.report.text.result import format_check_summary, format_findings
from archtool.report.text.show.annexe_lines import format_annexe_lines
from archtool.report.text_repair_words import repair_line


@click.command("check")
@click.argument("descriptions", type=ANY_PATH, metavar="DESCRIPTION...", nargs=-1, required=True)
@common.files_option
@from_bag_option("Check against the payload of a bag that another tool made, as pack --from-bag does.")
@common.library_option
@common.target_profile_option
@common.strict_option
@common.json_option
def command(descriptions: tuple[Path, ...], from_bag: Path | None, *, as_json: bool, **given: Any) -> int:
    """Check each DESCRIPTION and every file that it names. Nothing is written.

    \b
    archtool check letter/description.yaml
    archtool check letter/description.yaml --strict --json

    The first and last words of each annexe that is a range of lines (`within`) are quoted, to be compared.
    After a description that cannot be read the others are still checked.

    With --from-bag, the declared files are the files below data/ in a bag (a folder or an archive), and they
    are compared with its manifests: what pack --from-bag would refuse is reported.
    """  # noqa: D301 - `\b` keeps the lines
    refuse_files_and_bag(given["files_root"], from_bag)
    if from_bag is not None and len(descriptions) > 1:
        raise UsageError(
            f"--from-bag requires a single description: {len(descriptions)} were given",
            hint="check each description with its bag separately",
        )
    profile = common.load_target_profile(given["profile_path"])
    requests = [
        CheckRequest(path, given["files_root"], given["library"], given["strict"], from_bag, profile)
        for path in descriptions
    ]
    if len(requests) == 1:
        return _check(requests[0], as_json=as_json)
    return worst_exit_code([_check_one_of_several(request, as_json=as_json) for request in requests])


def _check_one_of_several(request: CheckRequest, *, as_json: bool) -> ExitCode:
    try:
        return _check(request, as_json=as_json)
    except ArchtoolError as error:
        return report_error(error, wants_json=as_json)


def _check(request: CheckRequest, *, as_json: bool) -> ExitCode:
    """Check one description and print what was found; return the exit code."""
    result = check(request, defaults.make_progress())
    if request.from_bag is not None and not result.facts.get("is_adoptable", True):
        bag, word = shown(str(request.from_bag)), shell_word(str(request.from_bag))
        output.message(f"{bag} is not a valid bag, so it cannot be adopted: run archtool verify {word}")
    if as_json:
        output.json_line(result_object(result))
        return result.exit_code
    output.lines(format_findings(result.findings, output.width()))
    for facts in result.facts.get("line_ranges", ()):
        output.lines(format_annexe_lines(AnnexeLines.of(facts), output.width()))
    for facts in () if has_errors(result.findings) else result.facts.get("repairs", ()):
        output.lines(wrap(repair_line(facts), output.width(), hanging=2))
    output.data(f"{shown(str(request.description_path))}: {format_check_summary(result)}\n")
    return result.exit_code
