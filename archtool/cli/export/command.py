"""`archtool export`: exports packages in the forms of catalogues, repositories and bibliographies."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import click

from archtool.archives.limits import Limits
from archtool.cli.options import clock, common
from archtool.cli.options.paths import ANY_PATH
from archtool.cli.options.subjects import select_packages
from archtool.cli.terminal import output
from archtool.errors import UsageError
from archtool.exit_codes import ExitCode, worst_exit_code
from archtool.files.paths import shown
from archtool.findings import exit_code_of
from archtool.nearest_names import nearest_name
from archtool.operations.export.export_packages import Export, export_packages
from archtool.operations.export.forms import FORMS, Form, Syntax
from archtool.operations.export.write_exports import plan_files, write_export
from archtool.report.numbers import counted
from archtool.report.text.page import Page

_LIST = "list"


@click.command("export")
@click.argument("bags", type=ANY_PATH, metavar="BAG...", nargs=-1)
@click.option(
    "--to", "form_name", required=True, metavar="FORM",
    help="The form: " + ", ".join(FORMS) + "; `list` describes each, and what it loses.",
)  # fmt: skip
@click.option(
    "-o", "--output", "target", type=ANY_PATH, metavar="FILE|DIR",
    help="Write to this file; for several packages in a form that does not join them, to files in this"
    " folder. Default: standard output.",
)  # fmt: skip
@click.option("--force", "replace_files", is_flag=True, help="Replace existing files.")
@common.limits_options
def command(
    bags: tuple[Path, ...], form_name: str, target: Path | None, *, replace_files: bool, **given: Any
) -> int:
    """Export the description of each BAG to another form, for a catalogue, a repository or a bibliography.

    Some forms put several packages into one file; the others make a file of each. Nothing is stated that the
    description does not state: where a form requires more, the export says that it is not available, with a
    warning.

    The metadata is checked against its digests and signatures; of the payload, only tei reads the texts. If
    something does not match, it is exported and the exit code is 1. A package that cannot be exported is
    named, the others are exported, and the exit code is 3.
    """
    limits = common.pop_limits(given)
    if form_name == _LIST:
        _refuse_beside_list(bags, target, replace_files=replace_files)
        output.data(_describe_forms(output.width()))
        return ExitCode.DONE
    form, roots = _find_form(form_name), select_packages(_given(bags))
    if target is None:
        return _print(form, roots, limits, replace_files=replace_files)
    files = plan_files(roots, form, target, replace=replace_files)
    return _write(form, roots, files, limits, replace_files=replace_files)


def _describe_forms(width: int) -> str:
    page = Page(width)
    for form in FORMS.values():
        files = "several packages in one file" if form.joins else "a file of each package"
        page.field(form.name, f"{form.title}; {files}\nloses {form.loses}")
    return page.text()


def _given(bags: tuple[Path, ...]) -> tuple[Path, ...]:
    if not bags:
        raise UsageError("no package is given", hint="name at least one: archtool export BAG --to FORM")
    return tuple(dict.fromkeys(bags))


def _refuse_beside_list(bags: tuple[Path, ...], target: Path | None, *, replace_files: bool) -> None:
    if bags or target is not None or replace_files:
        raise UsageError(
            "--to list describes the forms and exports nothing", hint="run: archtool export --to list"
        )


def _find_form(name: str) -> Form:
    form = FORMS.get(name)
    if form is None:
        near = nearest_name(name, FORMS)
        hint = f"did you mean {near}? " if near else ""
        raise UsageError(f"no such form: {shown(name)!r}", hint=f"{hint}the forms are {', '.join(FORMS)}")
    return form


def _print(form: Form, roots: tuple[Path, ...], limits: Limits, *, replace_files: bool) -> int:
    if replace_files:
        raise UsageError("--force requires -o", hint="name the file to replace with -o, or leave out --force")
    if len(roots) > 1 and not form.joins:
        raise UsageError(
            f"{form.name} makes one document of each package, and {len(roots)} are given",
            hint="name a folder for them with -o DIR",
        )
    (export,) = export_packages(roots, form, clock.now(), limits)
    if export.text is not None:
        # XML and JSON have escapes for every character that is escaped here; the other forms have none
        (output.citation if form.syntax is Syntax.TEXT else output.data)(export.text)
    return _report([export], len(roots))


def _write(
    form: Form, roots: tuple[Path, ...], files: tuple[Path, ...], limits: Limits, *, replace_files: bool
) -> int:
    exit_codes, written, packages = [], [], 0
    exports = export_packages(roots, form, clock.now(), limits)
    for file, export in zip(files, exports, strict=True):
        if export.text is not None:
            write_export(file, export.text, replace=replace_files)
            written.append(file)
        packages += len(export.subjects)
        exit_codes.append(_report([export], len(roots)))
    place = files[0] if len(files) == 1 else files[0].parent
    done = f"exported {packages} of {len(roots)} packages" if packages < len(roots) else _counted(packages)
    output.lines([f"{done} to {shown(str(place))}" if written else f"{done}: nothing was written"])
    return worst_exit_code(exit_codes) or ExitCode.DONE


def _counted(packages: int) -> str:
    return f"exported {counted(packages, 'package')}"


def _report(exports: list[Export], subjects: int) -> ExitCode:
    """Print the findings, with the package if there are several; return the exit code that they cause."""
    found = [pair for export in exports for pair in export.findings]
    if subjects > 1:
        found = [(root, replace(f, message=f"{shown(str(root))}: {f.message}")) for root, f in found]
    output.findings([finding for _, finding in found])
    return exit_code_of([finding for _, finding in found])
