"""`archtool man`: shows a manual page, or writes all of them."""

from __future__ import annotations

import shutil
import subprocess
import tempfile
from pathlib import Path

import click

from archtool.cli.options.paths import ANY_PATH
from archtool.cli.output_file import check_output_file, write_output_file
from archtool.cli.terminal import output
from archtool.errors import UsageError
from archtool.files.paths import shown
from archtool.nearest_names import did_you_mean, nearest_name
from archtool.report.numbers import counted


@click.command("man")
@click.argument("words", nargs=-1, metavar="[COMMAND]...")
@click.option("-o", "--output", "folder", type=ANY_PATH, metavar="DIR", help="Write all pages into DIR.")
@click.option("--force", is_flag=True, help="Overwrite pages that exist.")
def command(words: tuple[str, ...], folder: Path | None, *, force: bool) -> int:
    """Show the manual page of COMMAND, or of archtool itself.

    \b
    archtool man pack
    archtool man holdings adopt
    archtool man -o ~/.local/share/man/man1

    On a terminal the page is shown by man; in a pipe or a file it is the source in man(7). With --output,
    the pages of all commands are written; the installed package has them in share/man/man1 also.
    """  # noqa: D301 - `\b` keeps the lines
    pages = page_sources(click.get_current_context().find_root().command)
    if folder is not None:
        if words:
            raise UsageError("--output writes the pages of all commands", hint="leave COMMAND out")
        return _write(pages, folder, force=force)
    name = "-".join((output.PROGRAM, *words))
    if name not in pages:
        nearest = nearest_name(name, pages)
        hint = did_you_mean(_words_of(nearest)) if nearest is not None else "see: archtool --help"
        raise UsageError(f"no manual page for {' '.join(words)!r}", hint=hint)
    return _show(name, pages[name])


def page_sources(root: click.Command) -> dict[str, str]:
    """Return the source of the page of every command by the page's name."""
    # lazy: 300 ms, because it imports every command
    from archtool.cli.setup.command_tree import all_commands
    from archtool.cli.setup.man_page import format_page, page_name

    commands = list(all_commands(root))
    names = [page_name(named.words) for named in commands]
    pages = {}
    for named, name in zip(commands, names, strict=True):
        above = page_name(named.words[:-1])
        others = [above] if above else [one for one in names if one.count("-") == 1]
        pages[name] = format_page(named, others)
    return pages


def _words_of(name: str) -> str:
    """Return the command of a page; of the hyphens in its name, only `record-head` has one of its own."""
    return name.replace("-", " ").replace("record head", "record-head")


def _write(pages: dict[str, str], folder: Path, *, force: bool) -> int:
    targets = {folder / f"{name}.1": text for name, text in pages.items()}
    for target in targets:
        check_output_file(target, "a manual page", force=force)
    for target, text in targets.items():
        write_output_file(target, text.encode(), force=force)
    output.lines([f"{counted(len(targets), 'page')} written to {shown(str(folder))}"])
    return 0


def _show(name: str, page: str) -> int:
    program = shutil.which("man") if output.is_data_shown() else None
    if program is None:
        output.data(page)
        return 0
    with tempfile.TemporaryDirectory(prefix="archtool-man-") as folder:
        path = Path(folder) / f"{name}.1"
        path.write_text(page, encoding="utf-8")
        return subprocess.run([program, str(path)], check=False).returncode and 5
