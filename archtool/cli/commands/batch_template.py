"""`archtool batch template`: writes tables to fill in, or drafts a mapping for an existing table."""

from __future__ import annotations

from pathlib import Path
from shlex import quote
from typing import Any

import click

from archtool.batch.sources.template import FORMATS, write_templates
from archtool.cli.batch.table_options import OPTION_NAMES, parse_table_reading, table_form_options
from archtool.cli.options.paths import ANY_PATH
from archtool.cli.terminal import output as terminal
from archtool.errors import UsageError
from archtool.files.paths import shown
from archtool.operations.pack.targets import check_name


@click.command("template")
@click.option(
    "-o", "--output", type=ANY_PATH, metavar="DIR|FILE",
    help="Folder to write the tables into; with --from the mapping, by default mapping.yaml.",
)  # fmt: skip
@click.option(
    "--format", "form", type=click.Choice(FORMATS),
    help="Format of the tables: csv (default), tsv, or xlsx, one workbook with both as sheets.",
)  # fmt: skip
@click.option(
    "--from", "table", type=ANY_PATH, metavar="TABLE",
    help="Draft a mapping for this table instead: what each of its columns means.",
)  # fmt: skip
@click.option(
    "--annexes", type=ANY_PATH, metavar="FILE", help="With --from: the table of annexes.",
)  # fmt: skip
@click.option(
    "--files", "files_root", type=ANY_PATH, metavar="DIR",
    help="With --from: folder of the packages' folders; default: the folder of the table.",
)  # fmt: skip
@table_form_options
@click.option("--force", is_flag=True, help="With --from: overwrite an existing mapping.")
def template(
    output: Path | None, form: str | None, table: Path | None, annexes: Path | None, files_root: Path | None,
    *, force: bool, **given: Any,
) -> None:  # fmt: skip
    """Write tables to fill in: a table of packages, a table of annexes, and defaults for all packages.

    \b
    archtool batch template -o tables
    archtool batch template --from letters.xlsx -o tables

    They contain an example that can be packed as it is. Existing files are never overwritten. docs/tables.md
    lists all columns.

    With --from TABLE, read an existing table and draft a mapping for it: a file that states for each column
    which key of a description it gives. Names of columns in English, French, German and Russian are
    recognised; what is not certain is left empty for you. Then `archtool batch TABLE --mapping FILE` uses it.
    """  # noqa: D301 - `\b` keeps the lines
    if table is not None:
        if form is not None:
            raise UsageError("--format does not belong to --from", hint="leave it out")
        _draft(table, output, annexes, files_root, given, force=force)
        return
    if output is None:
        raise UsageError("-o DIR is missing", hint="see: archtool batch template --help")
    stated = [(OPTION_NAMES[name], value) for name, value in given.items()]
    for option, value in (
        ("--annexes", annexes),
        ("--files", files_root),
        ("--force", force or None),
        *stated,
    ):
        if value is not None:
            raise UsageError(f"{option} requires --from", hint="leave it out, or name a table with --from")
    check_name(output, None)
    form = form or FORMATS[0]
    written = write_templates(output, form)
    terminal.lines(f"wrote {shown(str(path))}" for path in written)
    first, *others = (quote(shown(str(path))) for path in written)
    annexes_option = f"--annexes {others[0]} " if form != "xlsx" else ""
    defaults = others[0] if form == "xlsx" else others[1]
    terminal.message("fill them in, then check them with:")
    terminal.message(f"  archtool batch {first} {annexes_option}--defaults {defaults} -o packages --check")


def _draft(
    table: Path, output: Path | None, annexes: Path | None, files_root: Path | None, given: dict[str, Any],
    *, force: bool,
) -> None:  # fmt: skip
    # lazy: 70 ms, only --from needs it
    from archtool.batch.sources.mapping.draft import MAPPING_NAME, DraftRequest, write_draft

    output = output if output is not None else Path(MAPPING_NAME)
    check_name(output, None)
    drafted = write_draft(DraftRequest(table, output, annexes, files_root, force, parse_table_reading(given)))
    for note in drafted.notes:
        terminal.message(f"{terminal.PROGRAM}: note: {note}")
    terminal.lines([f"wrote {shown(str(output))}"])
    if drafted.unused:
        names = ", ".join(shown(name[:60]) for name in drafted.unused[:12])
        terminal.message(f"without a key, so not used: {names}{' …' if len(drafted.unused) > 12 else ''}")
    for question in drafted.questions:
        terminal.message(f"to be written: {question}")
    terminal.message("check it, then run:")
    words = [quote(shown(str(table))), "--mapping", quote(shown(str(output)))]
    words += ["--annexes", quote(shown(str(annexes)))] if annexes is not None else []
    for name, value in given.items():
        words += [OPTION_NAMES[name], quote(shown(value))] if value is not None else []
    words += ["--files", quote(shown(str(files_root)))] if files_root is not None else []
    terminal.message(f"  archtool batch {' '.join(words)} -o packages --check")
