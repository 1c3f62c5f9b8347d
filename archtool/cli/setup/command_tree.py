"""Walks over all commands, and finds the examples in their help."""

from __future__ import annotations

import inspect
import re
from collections.abc import Iterator
from dataclasses import dataclass

import click

from archtool.cli.audit.audit_command import SCHEDULE, AuditCommand
from archtool.cli.audit.schedule import schedule
from archtool.cli.commands.batch import TEMPLATE, BatchCommand
from archtool.cli.commands.batch_template import template
from archtool.cli.terminal import output

UNWRAPPED = "\b\n"
"""How click marks a paragraph whose lines are kept."""
_COMMENT = re.compile(r" {2,}.*")


@dataclass(frozen=True, slots=True)
class NamedCommand:
    """A command and the words that call it."""

    words: tuple[str, ...]
    """From `archtool` on."""
    command: click.Command

    @property
    def path(self) -> str:
        """The words as they are typed."""
        return " ".join(self.words)


def all_commands(root: click.Command) -> Iterator[NamedCommand]:
    """Yield the root and every command below it, in the order of the help; imports all of them."""
    yield from _below(NamedCommand((output.PROGRAM,), root))


def commands_of(group: click.Group, context: click.Context) -> list[tuple[str, click.Command]]:
    """Return the commands of a group with their names, in the order of the help."""
    found = [(name, group.get_command(context, name)) for name in group.list_commands(context)]
    return [(name, command) for name, command in found if command is not None]


def paragraphs(command: click.Command) -> list[str]:
    """Return the paragraphs of a command's help; those of `UNWRAPPED` lines begin with it."""
    return paragraphs_of((command.help or "").partition("\f")[0])


def paragraphs_of(help_text: str) -> list[str]:
    """Return the paragraphs of a text for click's help."""
    text = inspect.cleandoc(help_text)
    return [part.strip("\n") for part in re.split(r"\n\s*\n", text) if part.strip()]


def examples(command: click.Command) -> list[str]:
    """Return the command lines that a command's help shows, without what is said beside them."""
    return [
        _COMMENT.sub("", line.strip())
        for part in paragraphs(command)
        if part.startswith(UNWRAPPED)
        for line in part.removeprefix(UNWRAPPED).splitlines()
        if line.strip().startswith(f"{output.PROGRAM} ")
    ]


def _below(named: NamedCommand) -> Iterator[NamedCommand]:
    yield named
    command, words = named.command, named.words
    if isinstance(command, BatchCommand):
        yield NamedCommand((*words, TEMPLATE), template)
    if isinstance(command, AuditCommand):
        yield NamedCommand((*words, SCHEDULE), schedule)
    if isinstance(command, click.Group):
        for name, inner in commands_of(command, click.Context(command, info_name=named.path)):
            yield from _below(NamedCommand((*words, name), inner))
