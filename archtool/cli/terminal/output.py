"""The one place that prints: data to stdout, messages to stderr.

Whatever is printed passes `_shown`: no character of a package, a file name or a key can steer a terminal, or
change what a line seems to say (`archtool.printable`). A command need not remember that. It still writes a
text from outside on one line where it stands for one (`files.paths.shown`, `report.text.page.one_line`): a
line end is let pass here.
"""

from __future__ import annotations

import io
import os
import sys
from collections.abc import Iterable, Sequence

TYPE_CHECKING = False  # as in `typing`, which would be a good part of a small command's time
if TYPE_CHECKING:
    from typing import Any, TextIO

    from archtool.errors import ArchtoolError
    from archtool.findings import Finding

PROGRAM = "archtool"
DEFAULT_WIDTH = 80
MAX_WIDTH = 120  # longer lines are hard to read, however wide the window is


def prepare() -> None:
    """Make sure that no title and no file name can make printing fail, whatever the locale is."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="backslashreplace")


def width() -> int:
    """How wide lines may be: the window's width, or 80 where there is none."""
    if not is_data_shown():
        return DEFAULT_WIDTH
    import shutil

    return min(shutil.get_terminal_size((DEFAULT_WIDTH, 24)).columns, MAX_WIDTH)


class ReaderGoneError(Exception):
    """Whoever read our output has stopped: what was left to say was not heard."""


def data(text: str) -> None:
    """What was asked for.

    Raises:
        ReaderGoneError: the reader of the output has closed it.
    """
    _write_data(_shown(text))


def citation(text: str) -> None:
    """A text in a format of other programs that `without_steering` was applied to.

    In a file or a pipe the joiners that are left in it stay characters, for a code would be wrong data; on a
    terminal they are shown as codes like everywhere.

    Raises:
        ReaderGoneError: the reader of the output has closed it.
    """
    _write_data(_shown(text.replace("\r\n", "\n")) if is_data_shown() else text)


def _shown(text: str) -> str:
    if text.replace("\n", "").replace("\t", "").isprintable():
        return text  # nearly always, and without an import
    from archtool.printable import show_steering

    return show_steering(text)


def _write_data(text: str) -> None:
    if sys.stdout is None:  # closed before we began
        raise ReaderGoneError
    try:
        sys.stdout.write(text)
        sys.stdout.flush()
    except BrokenPipeError as error:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())  # or the last flush fails once more
        raise ReaderGoneError from error


def lines(texts: Iterable[str]) -> None:
    """What was asked for, line by line."""
    data("".join(text + "\n" for text in texts))


def json_line(value: Any) -> None:
    """One JSON object on one line; what could steer a terminal is escaped, and stays the same value."""
    from archtool.canonical_json import format_json_line
    from archtool.printable import escape_in_json

    data(escape_in_json(format_json_line(value)) + "\n")


def message(text: str) -> None:
    """Something for the person in front of the screen; where there is none, the exit code tells as much."""
    if sys.stderr is None:  # closed before we began
        return
    try:  # noqa: SIM105 - `contextlib` would be a fifth of a small command's time
        sys.stderr.write(_shown(text) + "\n")
    except (OSError, ValueError):  # full, broken, or closed meanwhile
        pass


def findings(seen: Sequence[Finding]) -> None:
    """Findings as messages: why something was not done, or what to know about what was."""
    from archtool.report.text.result import format_findings

    for line in format_findings(seen, width()):
        message(line)


def error(problem: ArchtoolError) -> None:
    """One error, and what to do about it."""
    message(f"{PROGRAM}: error: {problem.message}")
    if problem.hint:
        message(f"{PROGRAM}: hint: {problem.hint}")


def is_terminal() -> bool:
    """Whether somebody sits in front of stderr."""
    return _is_terminal(sys.stderr)


def is_data_shown() -> bool:
    """Whether what was asked for is read on a terminal, and not by a program."""
    return _is_terminal(sys.stdout)


def can_ask() -> bool:
    """Whether a question can be answered."""
    return _is_terminal(sys.stdin) and _is_terminal(sys.stderr)


def _is_terminal(stream: TextIO | None) -> bool:
    """Python has no stream at all where it was closed before it began."""
    return stream is not None and stream.isatty()
