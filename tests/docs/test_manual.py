"""The manual pages and the examples in the help agree with the commands."""

from __future__ import annotations

import shlex
import shutil
import subprocess
from pathlib import Path

import click
import pytest

from archtool.cli.main import cli
from archtool.cli.setup.command_tree import NamedCommand, all_commands, examples, paragraphs
from archtool.cli.setup.man import page_sources
from command_line import archtool
from golden_files import assert_golden
from packages import REPOSITORY
from terminals import Terminal

MAN = REPOSITORY / "docs" / "man"
COMMANDS = list(all_commands(cli))
_WIDEST = 78  # characters of an example: it fits into a window of 80 columns
needs_mandoc = pytest.mark.skipif(shutil.which("mandoc") is None, reason="needs mandoc")
needs_man = pytest.mark.skipif(shutil.which("lexgrog") is None, reason="needs man-db")


def parse(line: str) -> None:
    """Parse a command line as archtool does, without running it."""
    words, context = shlex.split(line.partition(" >")[0])[1:], None
    current: click.Command = cli
    while isinstance(current, click.Group):
        context = click.Context(current, parent=context, **current.context_settings)
        _, inner, words = current.resolve_command(context, words)
        assert inner is not None
        current = inner
    current.make_context(current.name, words, parent=context)


@pytest.mark.parametrize("named", COMMANDS, ids=lambda named: named.path)
def test_the_help_of_every_command_leads_with_examples_whose_command_lines_are_right(
    named: NamedCommand,
) -> None:
    lines = examples(named.command)
    assert lines, f"the help of {named.path} shows no command line"
    assert paragraphs(named.command)[1].startswith("\b\n"), "an example stands below the first sentence"
    if not isinstance(named.command, click.Group):
        assert any(line.startswith(named.path) for line in lines)
    for line in lines:
        assert len(line) <= _WIDEST
        parse(line)


def test_an_example_that_is_wrong_is_found() -> None:
    for line in ("archtool pack --no-such-option", "archtool holdings lits", "archtool cite --style none x"):
        with pytest.raises(Exception, match=r"No such option|no such command|is not one of"):
            parse(line)


def test_the_manual_pages_are_up_to_date(request: pytest.FixtureRequest) -> None:
    pages = page_sources(cli)
    for name, text in pages.items():
        assert_golden(MAN / f"{name}.1", text, request)
    if request.config.getoption("--update-golden"):
        for path in MAN.iterdir():
            if path.stem not in pages:
                path.unlink()
    assert {path.stem for path in MAN.iterdir()} == set(pages)


@needs_mandoc
def test_mandoc_has_no_complaint_about_the_manual_pages() -> None:
    pages = sorted(str(path) for path in MAN.glob("*.1"))
    linted = subprocess.run(["mandoc", "-Tlint", *pages], capture_output=True, text=True, check=False)
    assert (linted.returncode, linted.stdout) == (0, "")


@needs_man
def test_man_has_no_warning_about_the_manual_pages_and_finds_their_names() -> None:
    pages = sorted(str(path) for path in MAN.glob("*.1"))
    # one call for all: each start of groff takes a tenth of a second
    shown = subprocess.run(
        ["man", "--warnings", "-E", "UTF-8", "-l", "-Tutf8", "-Z", *pages],
        capture_output=True, check=True, env={"MANWIDTH": "80", "MANROFFSEQ": "", "PATH": "/usr/bin:/bin"},
    )  # fmt: skip
    assert shown.stderr == b""
    named = subprocess.run(["lexgrog", *pages], capture_output=True, text=True, check=True).stdout
    assert f'{MAN}/archtool-holdings-list.1: "archtool-holdings-list - List the holdings' in named
    assert len(named.splitlines()) == len(pages)


def test_a_page_is_printed_and_all_are_written_once(tmp_path: Path) -> None:
    page = archtool("man", "holdings", "adopt")
    assert (page.code, page.out) == (0, (MAN / "archtool-holdings-adopt.1").read_text(encoding="utf-8"))
    assert archtool("man").out.startswith('.TH "ARCHTOOL" 1')
    written = archtool("man", "-o", tmp_path)
    assert (written.code, (tmp_path / "archtool-pack.1").is_file()) == (0, True)
    assert archtool("man", "-o", tmp_path).code == 2
    assert archtool("man", "-o", tmp_path, "--force").code == 0
    assert archtool("man", "-o", tmp_path, "pack").code == 2


def test_the_page_of_a_command_has_the_table_below_its_options() -> None:
    page = archtool("man", "text", "repair").out
    assert "\n.SH NOTES\n.nf\nRule sets, in the order in which they are applied:\n  mojibake/1 " in page


def test_an_unknown_page_suggests_the_nearest() -> None:
    assert "did you mean `archtool holdings adopt`?" in archtool("man", "holdings", "adpot").err
    assert archtool("man", "zzzzzz").code == 2


@needs_man
def test_a_page_is_shown_by_man_on_a_terminal() -> None:
    screen = Terminal("man", "pack", MANPAGER="cat", columns=100)
    assert screen.end() == 0
    assert "ARCHTOOL-PACK(1)" in screen.text
