"""A group of commands that imports only the command that is run."""

from __future__ import annotations

import importlib
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import click

from archtool.errors import UsageError

if TYPE_CHECKING:
    from click.shell_completion import CompletionItem


class LazyGroup(click.Group):
    """A group that knows its commands by name; a command's module is imported when it is run or shown."""

    def __init__(
        self,
        *args: Any,
        modules: Mapping[str, tuple[str, str]],
        other_words: Mapping[str, str] | None = None,
        **kwargs: Any,
    ) -> None:
        """`modules` gives module and summary of each command; `other_words` what people write for them."""
        super().__init__(*args, **kwargs)
        self._modules = modules
        self._other_words = other_words or {}

    def list_commands(self, ctx: click.Context) -> list[str]:
        """Return the names in the order in which a new user needs the commands."""
        del ctx
        return list(self._modules)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """Import the module of one command and return the command; `None` for an unknown name."""
        del ctx
        if cmd_name not in self._modules:
            return None
        command: click.Command = importlib.import_module(self._modules[cmd_name][0]).command
        return command

    def shell_complete(self, ctx: click.Context, incomplete: str) -> list[CompletionItem]:
        """Return the commands and options that can stand here, without importing any command."""
        from click.shell_completion import CompletionItem  # lazy: 3 ms, only completion needs it

        names = [
            CompletionItem(name, help=summary)
            for name, (_, summary) in self._modules.items()
            if name.startswith(incomplete)
        ]
        return names + click.Command.shell_complete(self, ctx, incomplete)

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        """Find the command that the first argument names; shell completion gets `None` for an unknown one.

        Raises:
            UsageError: there is no such command; the hint names the nearest one.
        """
        is_unknown = args and not args[0].startswith("-") and args[0] not in self._modules
        if is_unknown and not ctx.resilient_parsing:
            from archtool.nearest_names import did_you_mean, nearest_name  # lazy: only a misspelt command

            nearest = nearest_name(args[0], self._modules, self._other_words)
            hint = did_you_mean(nearest) if nearest is not None else f"see: {ctx.command_path} --help"
            raise UsageError(f"no such command: {args[0]!r}", hint=hint)
        return super().resolve_command(ctx, args)

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """List the commands for `--help` without importing any."""
        del ctx
        with formatter.section("Commands"):
            formatter.write_dl([(name, summary) for name, (_, summary) in self._modules.items()])
