"""`archtool text check`: reports what is wrong with the characters of texts."""

from __future__ import annotations

from pathlib import Path

import click

from archtool.cli.options import common
from archtool.cli.options.paths import ANY_PATH
from archtool.cli.terminal import output
from archtool.errors import InputError
from archtool.exit_codes import ExitCode
from archtool.files.paths import shown


@click.command("check")
@click.argument("files", type=ANY_PATH, nargs=-1, required=True, metavar="FILE...")
@common.strict_option
def command(files: tuple[Path, ...], *, strict: bool) -> int:
    """Report what is wrong with the characters of each FILE. Nothing is written."""
    code = ExitCode.DONE
    for file in files:
        try:
            text = file.read_bytes().decode("utf-8", "replace")
        except OSError as error:
            raise InputError(
                f"{shown(str(file))} cannot be read: {error.strerror}", hint="check its name"
            ) from error
        for name, sign in (("replacement characters", "\ufffd"), ("soft hyphens", "\u00ad")):
            if sign in text:
                output.data(f"{shown(str(file))}: {name}: {text.count(sign):,}\n")
                code = ExitCode.PROBLEMS_FOUND if strict else code
    return code
