"""The one module that prints: data to stdout, messages to stderr.

All printed text passes `_shown`: no character from a package, a file name or a key can control a terminal, or
make a line look different from what it is (`archtool.printable`). Commands need not escape such characters.
They must still put a text from outside on one line (`files.paths.shown`, `report.text.page.one_line`): line
ends are not escaped here.
"""

from __future__ import annotations

import io
import os
import sys
from collections.abc import Iterable, Sequence

TYPE_CHECKING = False  # as in `typing`, whose import takes a large part of a small command's time
if TYPE_CHECKING:
    from typing import Any, TextIO

    from archtool.errors import ArchtoolError
    from archtool.findings import Finding
    from archtool.report.text.batch import Line

PROGRAM = "archtool"
ENCODING = "utf-8"
DEFAULT_WIDTH = 80
MAX_WIDTH = 120  # longer lines are hard to read, however wide the window is


class Footer:
    """A line that stays below all others, on stderr: what is printed appears above it."""

    def erase(self) -> None:
        """Remove the line from the screen."""

    def draw(self) -> None:
        """Write the line at the cursor."""


_footers: list[Footer] = []
_COLOURS = {
    "bad": "\x1b[1;31m", "quiet": "\x1b[2m", "removed": "\x1b[31m", "added": "\x1b[32m",
    "only-a": "\x1b[31m", "only-b": "\x1b[32m", "changed": "\x1b[33m", "moved": "\x1b[36m",
}  # fmt: skip
_MARKS = {"removed": ("[-", "-]"), "added": ("{+", "+}")}  # where there are no colours, as Git writes them
_PLAIN = "\x1b[0m"


def prepare() -> None:
    """Print UTF-8 whatever the locale says, also into pipes and on Windows; printing never fails.

    Bytes of a file name that are not UTF-8 are printed as codes.
    """
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(encoding=ENCODING, errors="backslashreplace")


def width() -> int:
    """Return the maximum length of lines: COLUMNS or the window's width, at most 120; else 80."""
    if not is_data_shown() and not os.environ.get("COLUMNS"):
        return DEFAULT_WIDTH
    return min(window_columns(), MAX_WIDTH)


def window_columns() -> int:
    """Return COLUMNS or the width of the window, else 80."""
    import shutil  # lazy: 3 ms, only output to a terminal needs it

    return shutil.get_terminal_size((DEFAULT_WIDTH, 24)).columns


class ReaderGoneError(Exception):
    """The reader of stdout has closed it, or stdout was closed from the start: output is lost."""


def show_footer(footer: Footer) -> None:
    """Keep a line below what is printed from now on."""
    _footers.append(footer)


def remove_footer(footer: Footer) -> None:
    """Print without this line again."""
    if footer in _footers:
        _footers.remove(footer)


def data(text: str) -> None:
    """Print a text to stdout.

    Raises:
        ReaderGoneError: the reader of the output has closed it.
    """
    _write_data(_shown(text))


def citation(text: str) -> None:
    """Print a text in another program's format, to which `without_steering` was applied.

    In a file or a pipe the joiners that are left in it are written as they are, because an escape would be
    wrong data; on a terminal they are escaped.

    Raises:
        ReaderGoneError: the reader of the output has closed it.
    """
    _write_data(_shown(text.replace("\r\n", "\n")) if is_data_shown() else text)


def _shown(text: str) -> str:
    if text.replace("\n", "").replace("\t", "").isprintable():
        return text
    from archtool.printable import show_steering  # lazy: 1 ms, most texts need no escape

    return show_steering(text)


def _write_data(text: str) -> None:
    if sys.stdout is None:  # closed before the program started
        raise ReaderGoneError
    footers = _footers if _footers and is_data_shown() else ()
    for footer in footers:
        footer.erase()
    try:
        sys.stdout.write(text)
        sys.stdout.flush()
    except BrokenPipeError as error:
        raise ReaderGoneError from error
    for footer in footers:
        footer.draw()


def lines(texts: Iterable[str]) -> None:
    """Print texts to stdout, each on one line."""
    data("".join(text + "\n" for text in texts))


def styled_lines(items: Iterable[Line]) -> None:
    """Print lines to stdout, each in its style if stdout is a terminal and colours are wanted.

    Source: no-color.org.
    """
    has_colours = _has_colours()
    texts = []
    for text, style in items:
        begin = _COLOURS.get(style, "") if has_colours else ""
        texts.append(f"{begin}{_shown(text)}{_PLAIN if begin else ''}\n")
    _write_data("".join(texts))


def styled_parts(items: Iterable[Sequence[tuple[str, str]]]) -> None:
    """Print lines to stdout, each as parts of text with a style, such as `removed` and `added`.

    Without colours, removed and added parts are in brackets: `[-old-]{+new+}`.
    """
    has_colours = _has_colours()
    texts = []
    for parts in items:
        for text, style in parts:
            if has_colours and style in _COLOURS:
                texts.append(f"{_COLOURS[style]}{_shown(text)}{_PLAIN}")
            else:
                begin, end = _MARKS.get(style, ("", ""))
                texts.append(f"{begin}{_shown(text)}{end}")
        texts.append("\n")
    _write_data("".join(texts))


def _has_colours() -> bool:
    return is_data_shown() and not os.environ.get("NO_COLOR") and os.environ.get("TERM") != "dumb"


def json_line(value: Any) -> None:
    """Print a JSON object on one line; characters that could control a terminal are JSON escapes."""
    # lazy: 2 ms (json), only --json and batch need it
    from archtool.canonical_json import format_json_line
    from archtool.printable import escape_in_json

    data(escape_in_json(format_json_line(value)) + "\n")


def message(text: str) -> None:
    """Print a message to stderr; if stderr is closed or fails, the exit code must be enough."""
    if sys.stderr is None:  # closed before the program started
        return
    for footer in _footers:
        footer.erase()
    try:  # noqa: SIM105 - importing `contextlib` takes a fifth of a small command's time
        sys.stderr.write(_shown(text) + "\n")
    except (OSError, ValueError):  # disk full, pipe broken, or stream closed meanwhile
        pass
    for footer in _footers:
        footer.draw()


def findings(items: Sequence[Finding]) -> None:
    """Print findings to stderr, as messages about a result on stdout or instead of one."""
    from archtool.report.text.result import format_findings  # lazy: 5 ms, --version needs none of it

    for line in format_findings(items, width()):
        message(line)


def error(problem: ArchtoolError) -> None:
    """Print an error and its hint to stderr."""
    message(f"{PROGRAM}: error: {problem.message}")
    if problem.hint:
        message(f"{PROGRAM}: hint: {problem.hint}")


def finish() -> None:
    """Flush both streams; what cannot be written is dropped.

    Otherwise Python tries it again at its end, and exits with 120 instead of the exit code.
    """
    for stream in (sys.stdout, sys.stderr):
        if stream is None or stream.closed:
            continue
        try:
            stream.flush()
        except OSError:
            os.dup2(os.open(os.devnull, os.O_WRONLY), stream.fileno())


def is_terminal() -> bool:
    """Whether stderr is a terminal."""
    return _is_terminal(sys.stderr)


def is_data_shown() -> bool:
    """Whether stdout is a terminal."""
    return _is_terminal(sys.stdout)


def can_prompt() -> bool:
    """Whether a prompt is possible: stdin and stderr are terminals."""
    return _is_terminal(sys.stdin) and _is_terminal(sys.stderr)


def _is_terminal(stream: TextIO | None) -> bool:
    """Whether a stream is a terminal; Python sets a stream to `None` if it was closed at the start."""
    return stream is not None and stream.isatty()
