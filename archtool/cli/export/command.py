"""`archtool export`: exports packages in the forms of catalogues, repositories and bibliographies."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import click

from archtool.archives.limits import Limits
from archtool.cli.export.folders import export_to_folder
from archtool.cli.options import clock, common
from archtool.cli.options.paths import ANY_PATH
from archtool.cli.options.subjects import select_packages
from archtool.cli.terminal import output
from archtool.errors import UsageError
from archtool.exit_codes import ExitCode, worst_exit_code
from archtool.files.paths import shown
from archtool.findings import Finding, exit_code_of
from archtool.nearest_names import nearest_name
from archtool.operations.export.export_packages import RESULT_SCHEMA, Export, export_packages
from archtool.operations.export.folder_forms import FOLDER_FORMS, FolderForm
from archtool.operations.export.forms import FORMS, OTHER_WORDS, Form, Syntax
from archtool.operations.export.write_exports import plan_files, write_export
from archtool.report.numbers import counted
from archtool.report.result_json import result_object
from archtool.report.text.page import Page
from archtool.results import Result

_LIST = "list"
_STANDARD_OUTPUT = Path("-")
_NAMES = (*FORMS, *FOLDER_FORMS)
_DRAWINGS = frozenset(("svg", "mermaid", "dot"))
"""Forms of `archtool provenance` only."""


@click.command("export")
@click.argument("bags", type=ANY_PATH, metavar="BAG...", nargs=-1)
@click.option(
    "--to", "form_name", metavar="FORM",
    help="The form: " + ", ".join(_NAMES) + "; `list` describes each, and what it loses.",
)  # fmt: skip
@click.option(
    "-o", "--output", "target", type=ANY_PATH, metavar="FILE|DIR",
    help="File to write; a folder for ro-crate, ocfl, and for several packages in a form that makes a file of"
    " each. Default: standard output.",
)  # fmt: skip
@click.option("--force", "replace_files", is_flag=True, help="Replace existing files.")
@common.limits_options
@common.json_option
def command(bags: tuple[Path, ...], form_name: str | None, target: Path | None, **given: Any) -> int:
    """Export the description of each BAG to another form, for a catalogue, a repository or a bibliography.

    \b
    archtool export letter --to tei -o letter.tei.xml
    archtool export letters/* --to mods -o letters.mods.xml
    archtool export --to list

    Some forms put several packages into one file; the others make a file of each. ro-crate and ocfl are
    folders, which contain the payload too. Nothing is stated that the description does not state: where a
    form requires more, the export says that it is not available, with a warning.

    The metadata is checked against its digests and signatures; of the payload, only tei reads the texts. If
    something does not match, it is exported and the exit code is 1. A package that cannot be exported is
    named, the others are exported, and the exit code is 3.
    """  # noqa: D301 - the escape keeps the lines of the examples apart
    limits = common.pop_limits(given)
    if form_name == _LIST:
        _refuse_beside_list(bags, target, given)
        output.data(_describe_forms(output.width()))
        return ExitCode.DONE
    form, roots = _find_form(form_name), select_packages(_given(bags))
    if isinstance(form, FolderForm):
        return export_to_folder(
            form, roots, target, limits, replaces=given["replace_files"], as_json=given["as_json"]
        )
    if target is None:
        return _print(form, roots, limits, given)
    if target == _STANDARD_OUTPUT:
        raise UsageError("-o needs the name of a file", hint="without -o, the export is printed")
    files = plan_files(roots, form, target, replace=given["replace_files"])
    return _write(form, roots, files, limits, given)


def _describe_forms(width: int) -> str:
    page = Page(width)
    for form in FORMS.values():
        files = "several packages in one file" if form.joins else "a file of each package"
        page.field(form.name, f"{form.title}; {files}\nloses {form.loses}")
    for folder in FOLDER_FORMS.values():
        files = "several packages in one folder" if folder.joins else "one package at a time"
        page.field(folder.name, f"{folder.title}; {files}\nloses {folder.loses}")
    return page.text()


def _given(bags: tuple[Path, ...]) -> tuple[Path, ...]:
    if not bags:
        raise UsageError("no package is given", hint="name at least one: archtool export BAG --to FORM")
    first: dict[Path, Path] = {}
    for bag in bags:
        first.setdefault(bag.resolve(), bag)  # a package named in two ways is one package
    return tuple(first.values())


def _refuse_beside_list(bags: tuple[Path, ...], target: Path | None, given: dict[str, Any]) -> None:
    if bags or target is not None or given["replace_files"] or given["as_json"]:
        raise UsageError(
            "--to list describes the forms and exports nothing", hint="run: archtool export --to list"
        )


def _find_form(name: str | None) -> Form | FolderForm:
    if name is None:
        raise UsageError("--to FORM is missing", hint="see the forms with: archtool export --to list")
    form = FORMS.get(name) or FOLDER_FORMS.get(name)
    if form is None:
        if name.casefold() in _DRAWINGS:
            drawing = name.casefold()
            raise UsageError(
                f"no such form: {drawing!r}",
                hint=f"the history as {drawing}: archtool provenance BAG --to {drawing}",
            )
        near = nearest_name(name, _NAMES, OTHER_WORDS)
        hint = f"did you mean {near}? " if near else ""
        raise UsageError(f"no such form: {shown(name)!r}", hint=f"{hint}the forms are {', '.join(_NAMES)}")
    return form


def _print(form: Form, roots: tuple[Path, ...], limits: Limits, given: dict[str, Any]) -> int:
    for option, is_given in (("--force", given["replace_files"]), ("--json", given["as_json"])):
        if is_given:
            raise UsageError(f"{option} requires -o", hint=f"name a file with -o, or leave out {option}")
    if len(roots) > 1 and not form.joins:
        raise UsageError(
            f"{form.name} makes one document of each package, and {len(roots)} are given",
            hint="name a folder for them with -o DIR",
        )
    (export,) = export_packages(roots, form, clock.now(), limits)
    if export.text is not None:
        # XML and JSON have escapes for every character that is escaped here; the other forms have none
        (output.citation if form.syntax is Syntax.TEXT else output.data)(export.text)
    return _report(export, roots)


def _write(
    form: Form, roots: tuple[Path, ...], files: tuple[Path, ...], limits: Limits, given: dict[str, Any]
) -> int:
    exit_codes: list[ExitCode] = []
    packages = 0
    exports = export_packages(roots, form, clock.now(), limits)
    for file, export in zip(files, exports, strict=True):
        if export.text is not None:
            write_export(file, export.text, replace=given["replace_files"])
        packages += len(export.subjects)
        if given["as_json"]:
            exit_codes += map(_print_result, _results(form, file, export))
        else:
            exit_codes.append(_report(export, roots))
    if not given["as_json"]:
        output.lines([_summary(packages, len(roots), files)])
    return worst_exit_code(exit_codes) or ExitCode.DONE


def _summary(packages: int, given: int, files: tuple[Path, ...]) -> str:
    if not packages:
        return f"exported none of {counted(given, 'package')}: nothing was written"
    done = f"{packages} of {given} packages" if packages < given else counted(packages, "package")
    return f"exported {done} to {shown(str(files[0] if len(files) == 1 else files[0].parent))}"


def _results(form: Form, file: Path, export: Export) -> Iterator[Result]:
    """Yield the result of each package, exported or not."""
    for root in dict.fromkeys([*export.subjects, *(root for root, _ in export.findings)]):
        is_written = root in export.subjects
        facts = {
            "form": form.name,
            "media_type": form.media_type,
            "file": str(file) if is_written else None,
        }
        findings = tuple(finding for subject, finding in export.findings if subject == root)
        yield Result(RESULT_SCHEMA, str(root), findings, facts=facts)


def _print_result(result: Result) -> ExitCode:
    output.json_line(result_object(result))
    return result.exit_code


def _report(export: Export, roots: tuple[Path, ...]) -> ExitCode:
    """Print the findings, with the package if there are several; return the exit code that they cause."""
    found = list(export.findings)
    if len(roots) > 1:
        found = [(root, _named(finding, shown(str(root)))) for root, finding in found]
    output.findings([finding for _, finding in found])
    return exit_code_of([finding for _, finding in found])


def _named(finding: Finding, name: str) -> Finding:
    """Return a finding whose message names its package."""
    if finding.message.startswith(name):
        return finding
    return replace(finding, message=f"{name}: {finding.message}")
