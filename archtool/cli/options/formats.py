"""The option that says where the formats of the payload files come from."""

from __future__ import annotations

from pathlib import Path

import click

from archtool.errors import UsageError
from archtool.files.paths import shown
from archtool.formats.limits import MAX_REPORT_BYTES
from archtool.formats.model import FIDO, FormatReport
from archtool.operations.describe.inputs import read_input

formats_option = click.option(
    "--formats", metavar="FILE",
    help="Record formats with their PRONOM keys: from the JSON of siegfried, the CSV of DROID, or `fido`,"
    " which is run on the files. Default: media types from names and first bytes.",
)  # fmt: skip


def load_formats(given: str | None) -> FormatReport | None:
    """Read the report that `--formats` names; `None` without one, and for fido.

    Raises:
        InputError: the report cannot be read.
        MaterialRefusedError: it is not the report of a known tool.
    """
    if given is None or given == FIDO:
        return None
    from archtool.formats.report_reader import parse_report  # lazy: csv, only --formats FILE needs it

    return parse_report(read_input(Path(given), MAX_REPORT_BYTES, "the report on formats"), shown(given))


def uses_fido(given: str | None, from_bag: Path | None = None) -> bool:
    """Return whether `--formats` asks for fido.

    Raises:
        UsageError: the files are in an adopted bag, where fido does not look.
    """
    if given != FIDO:
        return False
    if from_bag is not None:
        raise UsageError(
            "--formats fido and --from-bag contradict each other",
            hint="run siegfried, DROID or fido on the bag before, and give the report with --formats FILE",
        )
    return True
