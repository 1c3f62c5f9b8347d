"""`archtool import`: drafts descriptions from pages and records, or makes a library of records."""

from __future__ import annotations

import time
from pathlib import Path
from typing import Any

import click

from archtool.cli.batch.summaries import refuse_other_file
from archtool.cli.options import common
from archtool.cli.options.encoding import parse_encoding
from archtool.cli.options.paths import ANY_PATH
from archtool.cli.terminal import output
from archtool.errors import UsageError
from archtool.exit_codes import ExitCode
from archtool.files.paths import shell_word
from archtool.files.writing.staging import write_whole
from archtool.findings import Finding, Severity
from archtool.operations.importing import finding_kinds
from archtool.operations.importing.drafts import import_drafts
from archtool.operations.importing.library import import_library
from archtool.operations.importing.request import ImportRequest
from archtool.report.import_csv import import_csv
from archtool.report.result_json import result_object
from archtool.report.text.importing import format_draft_line, format_import_summary, format_library_line
from archtool.results import Result

TABLE_NAME = "import.csv"
_TOLD_OF_MANY = frozenset([finding_kinds.FAILED.code, finding_kinds.SKIPPED.code])
_ENCODING_EXAMPLE = "windows-1251"


@click.command("import")
@click.argument("inputs", type=ANY_PATH, metavar="FILE|FOLDER...", nargs=-1)
@click.option("-o", "--output", "target", type=ANY_PATH, metavar="DIR", help="New folder for the drafts.")
@click.option(
    "--library", "library", type=ANY_PATH, metavar="FILE",
    help="Make a library of sources instead (CSL-JSON), which `cite` in descriptions reads.",
)  # fmt: skip
@click.option(
    "--encoding",
    metavar="NAME",
    help=f"Encoding of all the files, such as {_ENCODING_EXAMPLE}; default: the one that each file names.",
)
@click.option("--force", is_flag=True, help="Overwrite an existing library.")
@click.option(
    "--no-sync", is_flag=True, help="Do not wait for the disk; after a power failure, files can be empty."
)
@common.json_option
def command(inputs: tuple[Path, ...], target: Path | None, library: Path | None, **given: Any) -> int:
    """Draft a description from a page of a transcription archive, or from a record of another program.

    \b
    archtool import letter.htm -o letter          one: letter/description.yaml
    archtool import pages/ -o drafts              many: drafts/*/description.yaml
    archtool import books.bib --library lib.json  sources for `cite`

    Each draft has the page, byte for byte, and its text as a plain file in UTF-8. What the page says about
    the text (Written, First Published, Source, Translated, Transcription, Public Domain … in English, French,
    German, Spanish and Russian) is offered: as a value behind the word CONFIRM:, which check and pack refuse
    until you delete it, or as a comment with the line of the page. Nothing is guessed. The author that a page
    names in its head is often the person who made the page, so it is only a comment.

    HTML pages, TEI, Dublin Core (XML), CSL-JSON, BibTeX and RIS can be imported. archtool batch makes
    packages of a folder of drafts. Of several files, DIR/import.csv lists what was placed, what must be
    confirmed and what failed. An import that was interrupted is resumed by the same command; a draft that
    exists is never changed.
    """  # noqa: D301 - \b is click's mark
    if not inputs:
        raise UsageError("nothing to import is named", hint="name pages, records or a folder of them")
    place = _only_target(target, library)
    if given["force"] and library is None:
        raise UsageError("--force belongs to --library", hint="leave it out: a draft is never overwritten")
    encoding, sync = parse_encoding(given["encoding"]), not given["no_sync"]
    request = ImportRequest(inputs, place, encoding, sync=sync, force=given["force"])
    make = _make_drafts if library is None else _make_library
    return make(request, as_json=given["as_json"])


def _only_target(target: Path | None, library: Path | None) -> Path:
    """Return the folder of the drafts, or the library."""
    if target is not None and library is None:
        return target
    if library is not None and target is None:
        return library
    what = "both -o and --library are given" if target is not None else "-o DIR is missing"
    raise UsageError(what, hint="give -o DIR for drafts, or --library FILE for a library of sources")


def _make_library(request: ImportRequest, *, as_json: bool) -> int:
    results = []
    for result in import_library(request):
        results.append(result)
        if as_json:
            output.json_line(result_object(result))
            continue
        output.findings(result.findings)
        if result.facts["state"] == "written":
            output.data(format_library_line(result) + "\n")
    return _exit_code(results)


def _make_drafts(request: ImportRequest, *, as_json: bool) -> int:
    started = time.monotonic()
    if request.target.is_dir():
        refuse_other_file(request.target / TABLE_NAME, import_csv(()), "the table of an import")
    is_single = len(request.inputs) == 1 and not request.inputs[0].is_dir()
    results = []
    for result in import_drafts(request):
        results.append(result)
        if as_json:
            output.json_line(result_object(result))
        else:
            _print(result, tells_all=is_single)
    has_folders = any(Path(one.facts.get("draft", "")).parent.parent == request.target for one in results)
    if has_folders or not is_single:
        _write_table(request, results)
    if not as_json:
        _print_end(request, results, time.monotonic() - started, has_table=has_folders or not is_single)
    return _exit_code(results)


def _print(result: Result, *, tells_all: bool) -> None:
    if result.facts["state"] != "listed":
        output.data(format_draft_line(result) + "\n")
    output.findings(
        [one for one in result.findings if tells_all or one.code in _TOLD_OF_MANY or _is_grave(one)]
    )


def _is_grave(finding: Finding) -> bool:
    """Whether a finding is printed when many drafts are made: a wrong encoding spoils the whole text."""
    return finding.severity is Severity.ERROR or finding.code == finding_kinds.ENCODING.code


def _print_end(request: ImportRequest, results: list[Result], seconds: float, *, has_table: bool) -> None:
    folder = shell_word(str(request.target))
    if not has_table:
        output.message(f"read it, then check it with: archtool check {folder}/description.yaml")
        return
    output.lines(format_import_summary(results, seconds))
    output.message(f"what was placed, and what was not: {folder}/{TABLE_NAME}")
    output.message(
        f"confirm the values, then check all drafts with: archtool batch {folder} -o packages --check"
    )


def _write_table(request: ImportRequest, results: list[Result]) -> None:
    write_whole(request.target / TABLE_NAME, import_csv(results).encode(), replaces=True, sync=request.sync)


def _exit_code(results: list[Result]) -> int:
    """Return 6 if some files failed, as `batch` does, and the code of the failure if all did."""
    failed = [one for one in results if one.facts["state"] == "failed"]
    if not failed:
        return ExitCode.DONE
    done = [one for one in results if one.facts["state"] in ("written", "kept")]
    return ExitCode.BATCH_HAS_FAILURES if done else ExitCode.INPUT_UNUSABLE
