"""`archtool provenance`: tells or draws the history that a package records."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from archtool.cli.options import clock, common
from archtool.cli.options.configuration.settings import configured_text
from archtool.cli.options.paths import ANY_PATH
from archtool.cli.output_file import check_output_file, write_output_file
from archtool.cli.terminal import output
from archtool.errors import UsageError
from archtool.files.paths import shell_word, shown
from archtool.findings import exit_code_of
from archtool.operations.provenance.forms import (
    SUFFIXES,
    Form,
    account_lines,
    format_history,
    unprintable,
)
from archtool.operations.provenance.recorded_history import RecordedHistory, read_recorded_history
from archtool.printable import escape_in_json
from archtool.report.provenance.account import LANGUAGES
from archtool.report.result_json import result_object
from archtool.results import Result

RESULT_SCHEMA = "archtool/provenance/1"
_STANDARD_OUTPUT = Path("-")


@click.command("provenance")
@click.argument("bag", type=ANY_PATH, metavar="BAG")
@click.option(
    "--to",
    "to",
    type=click.Choice([form.value for form in Form]),
    help="Form of the history; default: text, or what the suffix of FILE says.",
)
@click.option(
    "--language",
    type=click.Choice(LANGUAGES),
    help="Language of text and svg; default: en.",
)
@click.option("-o", "--output", "target", type=ANY_PATH, metavar="FILE", help="Write to FILE.")
@click.option("--force", is_flag=True, help="Overwrite FILE.")
@common.limits_options
@common.json_option
def command(bag: Path, *, as_json: bool, target: Path | None, force: bool, **given: Any) -> int:
    """Tell the history that BAG records, from the original to the package, oldest event first.

    \b
    archtool provenance letter-package --language fr
    archtool provenance letter-package -o history.svg

    The history is what metadata/provenance.json states. It can also be drawn (svg), or converted for other
    programs: prov-json is the file of the package itself, prov-n the notation of W3C PROV; mermaid and dot
    are for programs that draw graphs.

    The digest of that file and the signatures over it are checked; if one does not match, the history is
    printed and the exit code is 1. The payload is not read: only verify checks whether the history agrees
    with it.
    """  # noqa: D301 - `\b` keeps the lines
    target = None if target == _STANDARD_OUTPUT else target
    if force and target is None:
        raise UsageError("--force requires -o", hint="name a file with -o, or leave out --force")
    form = _form(given.pop("to"), target, as_json=as_json)
    language = _language(given.pop("language"), form)
    if target is not None:
        check_output_file(target, "the history", force=force)
    recorded = read_recorded_history(bag, clock.now(), common.pop_limits(given))
    findings = recorded.findings if form is Form.PROV_JSON else (*recorded.findings, *unprintable(recorded))
    if as_json:
        result = Result(RESULT_SCHEMA, str(bag), findings, {}, _facts(recorded, language))
        output.json_line(result_object(result))
        return result.exit_code
    if target is None:
        _print(format_history(recorded, form, language, output.width()), form)
    else:
        text = format_history(recorded, form, language, output.DEFAULT_WIDTH)
        write_output_file(target, text.encode("utf-8", "backslashreplace"), force=force)
        output.data(f"wrote {shown(str(target))}\n")
    if form is not Form.TEXT:
        name = shell_word(str(bag))
        output.message(
            f"the history as recorded, not verified; to verify the package: archtool verify {name}"
        )
    output.findings(findings)
    return exit_code_of(findings)


def _form(to: str | None, target: Path | None, *, as_json: bool) -> Form:
    if as_json and (to not in (None, Form.TEXT.value) or target is not None):
        raise UsageError(
            "--json prints the account as one JSON object: it cannot be combined with --to and --output",
            hint="for the history as PROV-JSON use: --to prov-json",
        )
    if to is not None:
        return Form(to)
    return Form.TEXT if target is None else _form_of_suffix(target)


def _form_of_suffix(target: Path) -> Form:
    suffix = target.suffix.lower()
    form = SUFFIXES.get(suffix) if suffix else Form.TEXT
    if form is None:
        raise UsageError(
            f"the suffix of {shown(target.name)} does not say which form to write",
            hint=f"use one of {', '.join(SUFFIXES)}; or add --to FORM, such as: --to svg",
        )
    return form


def _language(language: str | None, form: Form) -> str:
    if language is not None and not form.has_language:
        raise UsageError(
            f"--language does not apply to {form.value}, which has no words of a language",
            hint="leave --language out; text and svg can be in " + ", ".join(LANGUAGES),
        )
    if language is None and form.has_language:
        language = configured_text("language")
    return language or LANGUAGES[0]


def _print(text: str, form: Form) -> None:
    if form is Form.PROV_JSON and output.is_data_shown():
        text = escape_in_json(text)
    output.citation(text)


def _facts(recorded: RecordedHistory, language: str) -> dict[str, Any]:
    history = recorded.history
    return {
        "package_id": history.package_id,
        "language": language,
        "entities": len(history.entities),
        "events": len(history.events),
        "agents": len(history.agents),
        "account": [{"depth": line.depth, "text": line.text} for line in account_lines(recorded, language)],
    }
