"""`archtool text compare`: two transcriptions side by side, and how like they are."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from archtool.cli.options import common
from archtool.cli.options.encoding import parse_encoding
from archtool.cli.options.paths import ANY_PATH
from archtool.cli.output_file import check_output_file, write_output_file
from archtool.cli.terminal import output
from archtool.files.paths import shown
from archtool.findings import Severity
from archtool.operations.text_compare.compare import ComparedTexts, CompareRequest, compare_text_files
from archtool.report.comparison.text import format_comparison
from archtool.report.numbers import format_size
from archtool.report.result_json import result_object
from archtool.text.comparing.model import CompareRules


@click.command("compare")
@click.argument("one", type=ANY_PATH, metavar="A")
@click.argument("other", type=ANY_PATH, metavar="B")
@click.option("--ignore-case", is_flag=True, help="Capitals are no difference.")
@click.option("--ignore-punctuation", is_flag=True, help="Only letters and digits are compared.")
@click.option("--all", "is_whole", is_flag=True, help="Show all words of both texts, not only what differs.")
@click.option("--html", "page", type=ANY_PATH, metavar="PAGE", help="Write a page for a browser as well.")
@click.option("--force", is_flag=True, help="Overwrite PAGE.")
@click.option(
    "--encoding-a",
    "encoding_one",
    metavar="NAME",
    help="Encoding of A; default: UTF-8, or what its words show.",
)
@click.option("--encoding-b", "encoding_other", metavar="NAME", help="Encoding of B.")
@common.json_option
def command(one: Path, other: Path, page: Path | None, **given: Any) -> int:
    """Compare the texts A and B word by word, side by side.

    \b
    archtool text compare retyped.txt letter.repaired.txt
    archtool text compare first-run.txt second-run.txt --html differences.html

    For two OCR runs, or a retyped copy (A) and a repaired one (B). Line ends are no difference, also where a
    word is divided. Each place that differs is shown with some words around it: letters that differ are in
    brackets, [-words-] are only in A, [+words+] only in B, [>words>] stand elsewhere in the other text.

    Similarity, character error rate (CER) and word error rate (WER) are shown at the end; A is the reference.

    Exit codes: 0 no difference, 1 a difference, 3 a text cannot be read.
    """  # noqa: D301 - `\b` keeps the lines
    if page is not None:
        check_output_file(page, "the page", force=given["force"])
    request = CompareRequest(
        one,
        other,
        parse_encoding(given["encoding_one"], "--encoding-a"),
        parse_encoding(given["encoding_other"], "--encoding-b"),
        CompareRules(ignores_case=given["ignore_case"], ignores_punctuation=given["ignore_punctuation"]),
    )
    compared = compare_text_files(request)
    size_bytes = None if page is None else _write_page(page, compared, given)
    if given["as_json"]:
        output.json_line(result_object(compared.result))
        return compared.result.exit_code
    output.findings([one for one in compared.result.findings if one.severity is Severity.NOTE])
    output.styled_parts(format_comparison(compared.view, output.width(), is_whole=given["is_whole"]))
    if page is not None and size_bytes is not None:
        output.lines([f"wrote {shown(str(page))} ({format_size(size_bytes)})"])
    return compared.result.exit_code


def _write_page(target: Path, compared: ComparedTexts, given: dict[str, Any]) -> int:
    """Write the page; return its size in bytes."""
    from archtool.report.comparison.page import format_page  # lazy: 50 ms (jinja2), only with --html

    data = "".join(format_page(compared.view, is_whole=given["is_whole"])).encode("utf-8")
    write_output_file(target, data, force=given["force"])
    return len(data)
