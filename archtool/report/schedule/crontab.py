"""The audit as a line of a crontab, and a line that complains when it no longer runs.

Source: crontab(5): `%` ends the command unless a backslash is before it; the command goes to `/bin/sh`.
"""

from __future__ import annotations

import shlex

from archtool.report.schedule.model import NAME, Piece, Schedule

_HOURS_LATER = 7  # a nightly audit with a time limit has ended by then


def cron_pieces(schedule: Schedule) -> list[Piece]:
    """Return the line of the audit, and the line that watches it."""
    watch_hour = (schedule.hour + _HOURS_LATER) % 24
    return [
        Piece(
            "cron", "crontab",
            f"add it with: crontab -e, as the user {schedule.user}; cron mails what it prints (MAILTO=)",
            cron_line(schedule.hour, schedule.minute, shlex.join(schedule.command)) + "\n",
        ),
        Piece(
            "cron", "crontab",
            f"prints a line, which cron mails, when no audit has ended for {schedule.watch_days} days; best"
            " on another machine that sees the same file",
            cron_line(watch_hour, schedule.minute, watch_command(schedule)) + "\n",
        ),
    ]  # fmt: skip


def cron_line(hour: int, minute: int, command: str) -> str:
    """Return a line that runs a shell command every day."""
    escaped = command.replace("%", "\\%")
    return f"{minute} {hour} * * * {escaped}"


def watch_command(schedule: Schedule) -> str:
    """Return a shell command that prints a line unless an audit has ended within `watch_days`.

    The audit writes the metrics file when it ends; a missing file is a missing audit.
    """
    complaint = f"{NAME}: no audit has ended for {schedule.watch_days} days: {schedule.metrics}"
    minutes = str(schedule.watch_days * 24 * 60)
    found = shlex.join(["find", schedule.metrics, "-mmin", f"-{minutes}"])
    return f'test -n "$({found} 2>/dev/null)" || {shlex.join(["echo", complaint])}'
