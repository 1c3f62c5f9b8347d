r"""Formats the help of a command as a manual page in man(7).

Our own, because click-man (0.6.0) finds no commands in a group that loads them when they are used, joins the
lines of examples (its issue 9, open since 2017), and knows neither exit codes nor variables.

Source: man(7) and groff_man_style(7): `\-` for a hyphen that is typed, `\e` for a backslash, `\&` before a
full stop or an apostrophe at the start of a line; source lines of at most 80 bytes.
"""

from __future__ import annotations

import re
import textwrap
from collections.abc import Iterator, Sequence

import click

from archtool import __version__
from archtool.cli.setup.command_tree import UNWRAPPED, NamedCommand, commands_of, paragraphs, paragraphs_of
from archtool.report.exit_code_words import EXIT_CODE_WORDS

_RELEASED_ON = "2026-11-30"  # of this version; a page must be the same in every build
_WIDTH = 72  # characters of a source line: no more than 80 bytes with some letters of two or three
_TYPED_HYPHEN = re.compile(r"(?<![\w-])-+|(?<=-)-")
_MARKS = re.compile(r"``?([^`\n]+)``?")


def page_name(words: Sequence[str]) -> str:
    """Return the name of a page: `archtool-holdings-list`."""
    return "-".join(words)


def format_page(named: NamedCommand, others: Sequence[str]) -> str:
    """Return the manual page of a command; `others` are the names of pages to see also."""
    command = named.command
    context = click.Context(command, info_name=named.path, help_option_names=["-h", "--help"])
    name = page_name(named.words)
    first, *rest = paragraphs(command)
    lines = [f'.TH "{name.upper()}" 1 "{_RELEASED_ON}" "archtool {__version__}" "archtool manual"']
    lines += [".nh", ".ad l", ".SH NAME", f"{_typed(name)} \\-", *_text(_summary(first)), ".SH SYNOPSIS"]
    lines += [*_synopsis(named.path, command, context), ".SH DESCRIPTION", *_text(first)]
    for part in rest:
        lines += [".PP", *_paragraph(part)]
    lines += _options(command, context)
    if isinstance(command, click.Group):
        lines += _commands(named, command, context)
    lines += _notes(command.epilog or "")
    lines += [*_exit_status(), ".SH SEE ALSO", *_see_also(others)]
    return "\n".join(lines) + "\n"


def _summary(first: str) -> str:
    """Return the first sentence without its full stop, as whatis(1) lists it."""
    text = " ".join(first.split())
    return re.split(r"(?<=\w)\.(?:\s|$)", text, maxsplit=1)[0]


def _synopsis(path: str, command: click.Command, context: click.Context) -> list[str]:
    usage = " ".join(command.collect_usage_pieces(context))
    return [f".B {_typed(path)}", *_text(usage)]


def _text(paragraph: str) -> list[str]:
    """Return a paragraph as source lines; what is in backticks becomes bold."""
    text = _typed_in_prose(" ".join(paragraph.split()).replace("\\", "\\e"))
    text = _MARKS.sub(r"\\fB\1\\fR", text)
    lines = textwrap.wrap(text, _WIDTH, break_long_words=False, break_on_hyphens=False)
    return [_protected(line) for line in lines]


def _paragraph(part: str) -> list[str]:
    """Return a paragraph as source lines, or its lines as they are if it is marked so."""
    if not part.startswith(UNWRAPPED):
        return _text(part)
    body = [_protected(_typed(line.rstrip())) for line in part.removeprefix(UNWRAPPED).splitlines()]
    return [".nf", *body, ".fi"]


def _notes(epilog: str) -> Iterator[str]:
    """Yield what stands below the options in the help."""
    for number, part in enumerate(paragraphs_of(epilog)):
        yield from (".PP" if number else ".SH NOTES", *_paragraph(part))


def _protected(line: str) -> str:
    """Return a source line that is no request, whatever it begins with."""
    return f"\\&{line}" if line.startswith((".", "'")) else line


def _options(command: click.Command, context: click.Context) -> list[str]:
    lines = [".SH OPTIONS"]
    records = [
        (parameter, record)
        for parameter in command.get_params(context)
        if (record := parameter.get_help_record(context)) is not None and record[1]
    ]
    for parameter, (names, help_text) in records:
        lines += [".TP", f".B {_typed(names)}", *_text(help_text)]
        variable = parameter.envvar
        if isinstance(variable, str) and variable not in help_text:
            lines += _text(f"Variable: {variable}.")
    return lines


def _commands(named: NamedCommand, group: click.Group, context: click.Context) -> Iterator[str]:
    yield ".SH COMMANDS"
    for name, command in commands_of(group, context):
        yield from (".TP", f".BR {_typed(page_name((*named.words, name)))} (1)")
        yield from _text(_summary(paragraphs(command)[0]) + ".")


def _exit_status() -> Iterator[str]:
    yield ".SH EXIT STATUS"
    for code, words in EXIT_CODE_WORDS.items():
        yield from (".TP", f".B {int(code)}", *_text(words.summary))


def _see_also(others: Sequence[str]) -> Iterator[str]:
    for number, name in enumerate(others, 1):
        yield f".BR {_typed(name)} (1){',' if number < len(others) else ''}"


def _typed_in_prose(text: str) -> str:
    """Escape the hyphens that a person types, as in --force and -o; those between letters stay."""
    return _TYPED_HYPHEN.sub(lambda found: "\\-" * len(found[0]), text)


def _typed(text: str) -> str:
    """Escape a text that a person types: every hyphen."""
    return text.replace("\\", "\\e").replace("-", "\\-")
