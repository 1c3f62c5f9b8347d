"""`archtool text check`: reports what is wrong with the characters of texts."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any, BinaryIO

import click

from archtool.cli import defaults
from archtool.cli.options import common
from archtool.cli.options.encoding import parse_encoding
from archtool.cli.options.paths import ANY_PATH
from archtool.cli.terminal import output
from archtool.errors import ArchtoolError, InputError
from archtool.exit_codes import ExitCode, worst_exit_code
from archtool.files.paths import shell_word
from archtool.operations.text_check.check_text import TextCheckRequest, check_text
from archtool.report.result_json import result_object
from archtool.report.text.faults.text_check import format_text_check
from archtool.results import Result
from archtool.text.checking.decoding import MIXED

_STANDARD_INPUT = "-"


@click.command("check")
@click.argument("files", type=ANY_PATH, nargs=-1, required=True, metavar="FILE...")
@click.option(
    "--language", metavar="TAG",
    help="Language of the text (BCP 47), such as fr; another one is reported.",
)  # fmt: skip
@click.option("--encoding", metavar="NAME", help="Encoding of the text; default: UTF-8.")
@click.option("--all", "keeps_all_places", is_flag=True, help="List all places; default: the first five.")
@common.strict_option
@common.json_option
def command(files: tuple[Path, ...], encoding: str | None, **given: Any) -> int:
    """Report what is wrong with the characters of each FILE. Nothing is written; - reads standard input.

    \b
    archtool text check letter.fr.txt --language fr
    archtool text check transcriptions/*.txt --strict

    Reported are wrong and mixed encodings, wrongly decoded letters, characters that cannot be seen, words in
    two scripts, accents that were extracted as separate letters, and what pages leave in a text: numbers,
    running heads, hyphens, displaced first letters, doubled spaces. Each place is shown in its line, between
    brackets.

    Everything found is a warning: the exit code is 0, and 1 with --strict.
    """  # noqa: D301 - `\b` keeps the lines
    name = parse_encoding(encoding)
    codes = [ExitCode.DONE]
    for number, file in enumerate(files):
        is_stream = str(file) == _STANDARD_INPUT
        request = TextCheckRequest(
            file, name, given["language"], given["keeps_all_places"], given["strict"],
            _standard_input() if is_stream else None,
        )  # fmt: skip
        try:
            result = check_text(request, defaults.make_progress())
        except ArchtoolError as error:
            if len(files) == 1:
                raise
            output.error(error)
            codes.append(error.exit_code)
            continue
        codes.append(result.exit_code)
        if given["as_json"]:
            output.json_line(result_object(result))
            continue
        if number:
            output.data("\n")
        command_line = None if is_stream else _repair_command(result)
        output.styled_lines(format_text_check(result, output.width(), command_line))
    return worst_exit_code(codes)


def _standard_input() -> BinaryIO:
    if sys.stdin is None:  # the parent process has closed it
        raise InputError("standard input is closed", hint="name a file")
    return sys.stdin.buffer


def _repair_command(result: Result) -> str | None:
    """Return the command that previews the repair of what was found."""
    found = [fault["rule_set"] for fault in result.facts["faults"]]
    rule_sets = list(dict.fromkeys(name for name in found if name is not None))
    if not rule_sets or any(fault["kind"] == MIXED for fault in result.facts["faults"]):
        return None  # a text that cannot be decoded as a whole cannot be repaired
    path = Path(result.subject)
    copy = path.with_name(f"{path.stem}.repaired{path.suffix}")
    words = ["archtool", "text", "repair", str(path), "-o", str(copy), "--rules", ",".join(rule_sets)]
    language = result.facts["declared_language"] or result.facts["language"]
    words += ["--language", language] if language is not None else []
    encoding = result.facts["encoding"]
    words += [] if encoding.startswith("utf-") else ["--encoding", encoding]
    return " ".join(map(shell_word, words))
