"""The forms of `archtool export` that are folders: RO-Crates and OCFL storage roots."""

from __future__ import annotations

import time
from pathlib import Path

from archtool import __version__
from archtool.archives.limits import Limits
from archtool.cli import defaults
from archtool.cli.options import clock
from archtool.cli.terminal import output
from archtool.errors import UsageError
from archtool.operations.export.folder_forms import FolderForm
from archtool.operations.export.request import FolderExport
from archtool.report.result_json import result_object
from archtool.report.text.export.folders import format_crate_summary, format_ocfl_summary

_SUMMARIES = {"ro-crate": format_crate_summary, "ocfl": format_ocfl_summary}


def export_to_folder(
    form: FolderForm,
    packages: tuple[Path, ...],
    target: Path | None,
    limits: Limits,
    *,
    replaces: bool = False,
    as_json: bool = False,
) -> int:
    """Export packages in a form that is a folder, and print what was done; return the exit code."""
    started = time.monotonic()
    if target is None or str(target) == "-":
        raise UsageError(f"{form.name} is a folder, and needs -o", hint=f"name it with -o {form.target}")
    if replaces:
        raise UsageError(
            f"--force does not replace a folder: {form.name} is written only where there is none yet",
            hint="leave out --force, and choose a path where nothing is yet",
        )
    request = FolderExport(packages, target, clock.now(), __version__, limits)
    result = form.export(request, defaults.make_progress())
    if as_json:
        output.json_line(result_object(result))
        return result.exit_code
    output.findings(result.findings)
    output.lines(_SUMMARIES[form.name](result, time.monotonic() - started))
    return result.exit_code
