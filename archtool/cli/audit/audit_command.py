"""The command `audit` with its subcommand `schedule`."""

from __future__ import annotations

from typing import Any

import click

SCHEDULE = "schedule"


class AuditCommand(click.Command):
    """A command with a subcommand, `schedule`, which knows the options of this command."""

    def make_context(
        self, info_name: str | None, args: list[str], parent: click.Context | None = None, **extra: Any
    ) -> click.Context:
        """Return the context of this command, or of `schedule` if that is the first argument."""
        if args[:1] != [SCHEDULE]:
            return super().make_context(info_name, args, parent, **extra)
        # lazy: only the subcommand needs it
        from archtool.cli.audit.schedule import schedule

        return schedule.make_context(f"{info_name} {SCHEDULE}", args[1:], parent, **extra, obj=self)
